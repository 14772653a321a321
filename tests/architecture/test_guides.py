"""The guides of the people who use the System: in both languages, and in the words that stand on the screens."""

import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import wagtail

from tests.architecture.documents import prose
from tests.architecture.project import ROOT, files

GUIDES = sorted(path for path in (ROOT / "docs" / "guides").glob("*.md") if not path.name.endswith(".uk.md"))


CATALOGUES = "locale/uk/LC_MESSAGES/django.po"


@cache
def words_on_screens(language: str) -> set[str]:
    """All texts of our catalogues and of Wagtail's, as they stand on the screens."""
    ours = files(f"opencity_*/{CATALOGUES}", f"site/opencity_site/{CATALOGUES}")
    theirs = sorted(Path(wagtail.__file__).parent.glob(f"**/{CATALOGUES}"))
    kind = r"msgid(?:_plural)?" if language == "en" else r"msgstr(?:\[\d\])?"
    texts = set()
    for path in [*ours, *theirs]:
        joined = re.sub(r'"\n"', "", path.read_text())
        texts |= set(re.findall(rf'^{kind} "(.+)"$', joined, re.MULTILINE))
    return {plain(text.replace('\\"', '"')) for text in texts}


def plain(text: str) -> str:
    """A text without its last full stop and with one kind of apostrophe, in small letters."""
    return text.replace("’", "'").strip(" .:…").lower()


@pytest.mark.parametrize(
    ("guide", "language"), list(product(GUIDES, ["en", "uk"])), ids=lambda value: getattr(value, "stem", value)
)
def test_what_a_guide_prints_in_bold_stands_on_the_screens(guide, language):
    page = guide if language == "en" else guide.with_name(f"{guide.stem}.uk.md")
    words = {" ".join(found.split()) for found in re.findall(r"\*\*(.+?)\*\*", prose(page), re.DOTALL)}
    unknown = sorted(word for word in words if plain(word) not in words_on_screens(language))
    assert not unknown, unknown
    assert len(words) > 5


def test_every_guide_is_there_in_both_languages_with_the_same_parts():
    assert {guide.stem for guide in GUIDES} >= {"citizen", "worker", "control", "moderator", "editor"}
    for guide in GUIDES:
        one, other = guide.read_text(), guide.with_name(f"{guide.stem}.uk.md").read_text()
        for mark in (r"^#+ ", r"^!\[", r"^\d+\. ", r"^- ", r"^\| "):
            counts = [len(re.findall(mark, text, re.MULTILINE)) for text in (one, other)]
            assert counts[0] == counts[1], f"{guide.stem}: {mark} {counts}"
