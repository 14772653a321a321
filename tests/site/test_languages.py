"""One address in two languages: which one a visitor reads, and how the tree of pages answers."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import Locale, Page

from opencity_cms.demo import load
from opencity_cms.models import HomePage, NewsIndexPage, NewsPage, TextPage
from opencity_issues.models import IssueIndexPage, IssuePage
from tests.factories import Town, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    town = Town(content=True)
    load()
    return town


@pytest.fixture
def english(town) -> Locale:
    return Locale.objects.get(language_code="en")


def language(answer) -> str:
    return re.search(r'<html lang="(\w+)"', answer.content.decode())[1]


@pytest.mark.parametrize(
    ("address", "in_ukrainian", "in_english"),
    [
        ("/", "Побачили проблему в місті?", "Seen a problem in the city?"),
        ("/news/", "Місто відремонтувало", "The city has repaired"),
        ("/terms/", "Умови використання", "Terms of use"),
        ("/privacy/", "Захист персональних даних", "Protection of personal data"),
        ("/accessibility/", "Сайт розраховано", "The site is made to be used"),
    ],
)
def test_a_page_has_one_address_in_both_languages(town, client, address, in_ukrainian, in_english):
    first = client.get(address)
    assert (language(first), in_ukrainian in first.content.decode()) == ("uk", True)
    switched = client.post("/i18n/setlang/", {"language": "en", "next": address})
    assert switched.headers["Location"] == address
    second = client.get(address)
    assert (language(second), in_english in second.content.decode()) == ("en", True)
    assert "Cookie" in second.headers["Vary"]
    assert second.headers["Content-Language"] == "en"


def test_a_language_in_the_address_is_obeyed_and_remembered(town, client):
    answer = client.get("/terms/?lang=en")
    assert language(answer) == "en"
    assert client.cookies["django_language"].value == "en"
    assert language(client.get("/issues/")) == "en"
    assert language(client.get("/issues/?lang=uk")) == "uk"
    assert language(client.get("/issues/?lang=xx")) == "uk"


def test_the_switch_keeps_page_and_query(town, client):
    page = client.get("/issues/?status=open&lang=en").content.decode()
    assert '<input type="hidden" name="next" value="/issues/?status=open">' in page
    answer = client.post("/i18n/setlang/", {"language": "uk", "next": "/issues/?status=open"})
    assert answer.headers["Location"] == "/issues/?status=open"


def test_each_page_names_itself_in_the_other_languages(town, client):
    page = client.get("/issues/?status=open").content.decode()
    links = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
    assert links == {
        "uk": "http://testserver/issues/",
        "en": "http://testserver/issues/?lang=en",
        "x-default": "http://testserver/issues/",
    }


def test_untranslated_news_is_shown_as_it_is_and_says_so(town, client):
    piece = NewsPage.objects.get(title__startswith="Робоча група")
    client.cookies["django_language"] = "en"
    page = client.get(piece.url).content.decode()
    assert "This page has not been translated yet." in page
    assert '<article class="prose" lang="uk">' in page


def test_translation_under_another_slug_is_found_from_the_first_address(town, client, english):
    terms = TextPage.objects.get(slug="terms", locale=english)
    terms.slug = "terms-of-use"
    terms.save()
    client.cookies["django_language"] = "en"
    assert "Terms of use" in client.get("/terms/").content.decode()
    assert "Terms of use" in client.get("/terms-of-use/").content.decode()
    assert client.get("/nowhere/").status_code == 404
    client.cookies["django_language"] = "uk"
    assert client.get("/terms-of-use/").status_code == 404


def test_an_editor_is_led_to_the_translation_that_he_edits(town, english):
    assert TextPage.objects.get(slug="terms", locale=english).url == "/terms/?lang=en"
    assert TextPage.objects.exclude(locale=english).get(slug="terms").url == "/terms/"


def test_menu_and_foot_speak_the_visitors_language(town, client):
    client.cookies["django_language"] = "en"
    page = client.get("/issues/").content.decode()
    foot = page[page.index('<footer class="footer"') :]
    assert '<a href="/privacy/">Protection of personal data</a>' in foot
    assert "Захист" not in foot


def test_setting_up_again_makes_nothing_twice(town, english):
    from opencity_cms.content import lay_out_content  # the fixture has called it once

    before = Page.objects.count()
    lay_out_content(town.city, town.city.get_site())
    assert Page.objects.count() == before
    assert HomePage.objects.filter(locale=english).count() == NewsIndexPage.objects.filter(locale=english).count() == 1


def test_issues_are_one_tree_for_all_languages(town, english, client):
    issue = town.issue()
    with pytest.raises(PermissionDenied):
        IssueIndexPage.objects.get(pk=town.city.pk).copy_for_translation(english, copy_parents=True)
    with pytest.raises(PermissionDenied):
        IssuePage.objects.get(pk=issue.pk).copy_for_translation(english, copy_parents=True)
    operator = person("operator@city.example", is_superuser=True, is_staff=True)
    client.force_login(operator)
    for page in (town.city, issue, HomePage.objects.exclude(locale=english).get()):
        address = reverse("simple_translation:submit_page_translation", args=[page.pk])
        client.post(address, {"locales": [english.pk], "include_subtree": "on"})
    assert IssueIndexPage.objects.count() == IssuePage.objects.count() == 1
    assert client.get(f"/issues/{issue.number}/?lang=en").status_code == 200


def test_an_editor_translates_news(town, english, client):
    editor = person("editor@city.example")
    from django.contrib.auth.models import Group  # the shipped group of those who write

    editor.groups.add(Group.objects.get(name="Open City editors"))
    client.force_login(editor)
    piece = NewsPage.objects.get(title__startswith="Робоча група")
    address = reverse("simple_translation:submit_page_translation", args=[piece.pk])
    assert client.post(address, {"locales": [english.pk]}).status_code == 302
    translated = piece.get_translation(english)
    assert not translated.live
    assert client.get(reverse("wagtailadmin_pages:edit", args=[translated.pk])).status_code == 200
