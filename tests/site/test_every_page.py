"""Every type of page under every theme and in both languages: it stands there whole, in that look and in that language."""

import re

import pytest
from django.conf import settings as site
from wagtail.models import Page, get_page_models

from opencity_cms.blocks import ArticleBlocks
from opencity_issues.models import IssueIndexPage, IssuePage
from tests.cms.articles import every_block, one_of_each
from tests.factories import Town

THEMES = sorted(path.name for path in site.THEMES_DIR.iterdir() if path.is_dir())
WORDS = {"uk": ("Новини", "Карта", "Повідомити про проблему"), "en": ("News", "Map", "Report a problem")}
"""Of the menu, in each language."""


@pytest.fixture
def pages(db, settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "public"
    town = Town(content=True)
    issue = town.close(town.issue())
    found = {IssueIndexPage: town.city, IssuePage: issue, **one_of_each(issue)}
    assert set(found) == set(get_page_models()) - {Page}, "a type of page is missing here"
    assert {kind for kind, _value in every_block(issue)} == set(ArticleBlocks().child_blocks)
    return found


def test_every_type_of_page_in_every_look_and_language(pages, client, wear):
    for theme in THEMES:
        wear(theme)
        for language, words in WORDS.items():
            client.cookies[site.LANGUAGE_COOKIE_NAME] = language
            for kind, page in pages.items():
                where = f"{kind.__name__}, {theme}, {language}"
                answer = client.get(page.get_url().partition("?")[0], follow=True)
                assert answer.status_code == 200, where
                shown = answer.content.decode()
                assert f'<html lang="{language}"' in shown, where
                assert f"{theme}/" in "".join(re.findall(r'<link rel="stylesheet"[^>]*>', shown)), where
                assert len(re.findall(r"<h1[ >]", shown)) == 1, where
                assert all(word in shown for word in words), where
                assert not re.search(r"\{[{%]|None\b", re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)), (
                    where
                )
