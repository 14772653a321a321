"""No page mixes the languages: in English nothing is left in Ukrainian but what people wrote, and that is marked as such."""

import re
from html.parser import HTMLParser

import pytest
from django.core.management import call_command

from opencity_issues.models import Assignment, CitySettings, IssuePage, Organisation, SavedFilter
from opencity_site.users.models import User

CYRILLIC = re.compile(r"[А-Яа-яІіЇїЄєҐґ]")
SPOKEN = {"alt", "aria-label", "title", "placeholder"}
LATIN = re.compile(r"[A-Za-z]{3,}")
# Names that stand in Latin letters in any language, addresses, and keys.
FOREIGN = re.compile(
    r"\S+@\S+|https?://\S+|CSV|RSS|GeoJSON|XLSX|PDF|OpenStreetMap|QR|Enter|Esc|Ctrl|Shift|English|Telegram|Viber|Facebook|WhatsApp"
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Texts(HTMLParser):
    """The texts of a page, spoken attributes among them, each with the language that it is marked with."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = [("", "")]
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        language = given.get("lang", self.stack[-1][1])
        self.found += [(language, given[name] or "") for name in SPOKEN & given.keys()]
        if tag not in VOID:
            self.stack.append((tag, language))

    def handle_endtag(self, tag):
        while len(self.stack) > 1 and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.stack[-1][0] not in {"script", "style"} and data.strip():
            self.found.append((self.stack[-1][1], data.strip()))


PAGES = {
    "": [
        "/", "/map/", "/issues/", "/issues/?q=яма", "/issues/{open}/", "/issues/{accepted}/", "/issues/{closed}/",
        "/issues/{closed}/around/", "/organisations/roads/", "/statistics/", "/news/", "/terms/", "/privacy/",
        "/accessibility/", "/newsletter/", "/about/", "/working-group/", "/media/", "/help/", "/workers/", "/contacts/", "/report/", "/report/what/", "/report/photos/", "/accounts/login/", "/accounts/signup/",
        "/no-such-page/", "/search/?q=яма", "/together/", "/offline/", "/report/offline/",
    ],
    "citizen": ["/my/", "/my/letters/", "/my/news/", "/accounts/"],
    "roads": ["/organisations/roads/cabinet/", "/organisations/roads/cabinet/calendar/"],
    "control": ["/organisations/control/cabinet/", "/organisations/control/cabinet/overview/"],
}  # fmt: skip


@pytest.fixture
def numbers(settings, tmp_path) -> dict[str, int]:
    """The demonstration, small, and an issue of it in each status."""
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    call_command("opencity_demo", "--issues", "14", "--seed", "1", verbosity=0)
    published = IssuePage.objects.published().order_by("number")
    return {status: published.filter(status=status).last().number for status in ("open", "accepted", "closed")}


def written() -> tuple[set[str], set[str]]:
    """What people have written, and the names among it, which no language owns."""
    issues = IssuePage.objects.values_list("title", "address", "description")
    names = {issue[1] for issue in issues} | {user.get_full_name() for user in User.objects.all()}
    names |= {settings.city_name for settings in CitySettings.objects.all()}
    names |= {*SavedFilter.objects.values_list("name", flat=True), "яма", "Українська"}
    names |= {text for row in Organisation.objects.values_list("address", "head_position") for text in row}
    texts = {text for row in issues for text in row} | {*Assignment.objects.values_list("executor", flat=True)}
    return {line.strip() for text in texts | names for line in text.splitlines() if line.strip()}, names


def faults_in_english(page: str, known: set[str], must_be_marked: set[str]) -> list[str]:
    """Ukrainian that nobody wrote, and what is not marked with its language or is so wrongly."""
    faults = []
    for language, text in Texts(page).found:
        own = text
        for words in sorted(known, key=len, reverse=True):  # what people wrote may stand inside a sentence
            own = own.replace(words, "")
        if language == "en" and CYRILLIC.search(own):
            faults.append(f"Ukrainian in English: {own.strip()[:90]}")
        if language == "en" and text in must_be_marked:
            faults.append(f"not marked as Ukrainian: {text[:90]}")
    return faults + [f"marked as Ukrainian: {text[:90]}" for text in english_in_ukrainian(page)]


def english_in_ukrainian(page: str) -> list[str]:
    """Texts in Latin letters alone where the page says that it speaks Ukrainian."""
    return [
        text
        for language, text in Texts(page).found
        if language == "uk" and LATIN.search(FOREIGN.sub("", text)) and not CYRILLIC.search(text)
    ]


@pytest.mark.django_db
def test_no_page_mixes_its_languages(client, numbers):
    known, names = written()
    faults = []
    for who, pages in PAGES.items():
        if who:
            client.force_login(User.objects.get(email=f"{who}@demo.opencity.example"))
        for address in pages:
            shown = {}
            for language in ("en", "uk"):
                client.cookies["django_language"] = language
                shown[language] = client.get(address.format(**numbers)).content.decode()
            found = faults_in_english(shown["en"], known, set() if who else known - names)
            found += [f"English in Ukrainian: {text[:90]}" for text in english_in_ukrainian(shown["uk"])]
            faults += [f"{address}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)
