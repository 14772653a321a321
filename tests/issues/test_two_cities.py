"""One Wagtail, two sites, two cities: what belongs to one is nowhere on the other's, whoever asks and by whatever address."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import include, path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Page, Site

from opencity_cms.models import NewsIndexPage, NewsPage
from opencity_issues.actions.reports import compile_report
from opencity_issues.models import Citizen, IssueIndexPage, IssuePage, PeriodCount, Report
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.queries.desk.queues import queues_of
from opencity_issues.tasks import sweep
from tests.factories import NOON, Town
from tests.issues import deeds
from tests.issues.scene import Scene, addresses
from tests.issues.two_cities import HOSTS, WORDS, make_cities, nested_city
from tests.pdf_text import words_of

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [path("api/v2/", router.urls), path("", include("opencity_site.urls"))]

# The pages are the same on either database.
pytestmark = [pytest.mark.once, pytest.mark.urls(__name__)]

OFFICES = {"roads_worker": "roads", "controller": "control", "moderator": "ngo"}
PUBLIC = (
    "/", "/news/", "/news/?format=rss", "/news/about-both/", "/search/?q=переходу", "/search/?q={other}", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-screens.xml",
    "/places/?q=Садова", "/places/?near=25.853,51.344,300", "/issues/?q=переходу", "/issues/?organisation=roads", "/map/rows/?q=яма",
    "/needs/?district={district}", "/api/v1/issues/?page_size=200", "/api/v1/organisations/", "/api/v2/pages/?fields=*&limit=20",
    "/api/v2/pages/?type=opencity_issues.IssuePage&fields=*", "/api/v2/pages/?search=переходу", "/report/what/?category=3.8",
)  # fmt: skip
"""What an address of the package alone does not ask: the site's own pages, searches, and the lists narrowed."""

BY_SECRET = {"letters", "stop_following"}
"""Addresses of a person's own, whose secret only that person's letters tell: what was chosen there holds for all cities."""


def said(response: Any) -> str:
    """All words of an answer and of its headers, those of files included."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    words = words_of(body) if body.startswith(b"%PDF") else body.decode(errors="replace")
    return f"{words}\n{dict(response.headers)}".lower()


def client_of(host: str, person: Any = None) -> Client:
    client = Client(SERVER_NAME=host)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rooms_of(town: Town, who: str) -> Iterator[str]:
    """What of an organisation's cabinet is asked by parameters: each queue, as a page and by REST, and all issues at once."""
    office = OFFICES[who]
    for queue in queues_of(getattr(town, office)):
        yield f"/organisations/{office}/cabinet/?queue={queue.name}"
    yield f"/api/v1/desk/?organisation={office}&queue={queue.name}"
    yield f"/organisations/{office}/cabinet/several/?do=warn&queue=all&all=1"
    yield f"/organisations/{office}/cabinet/consultation/?organisation={office}"


def walk(town: Town, scene: Scene, other: Scene) -> Iterator[tuple[Client, str, str]]:
    """Visitors of a city's site with all that they open there: the public, the author, and each office's worker."""
    nobody = client_of(HOSTS[WORDS.index(town.mark)])
    filled = {"other": other.number, "district": scene.keys["map_district"][0]}
    yield from ((nobody, "", address.format(**filled)) for address in PUBLIC)
    yield from ((nobody, name, url) for name, url in addresses(scene, ("roads",)) if "/cabinet/" not in url)
    author = client_of(nobody.defaults["SERVER_NAME"], town.author)
    yield from (
        (author, name, url)
        for name, url in addresses(scene, ())
        if url.startswith(("/my/", "/together/", "/api/v1/follows/")) or name == "card"
    )
    for who, office in OFFICES.items():
        worker = client_of(nobody.defaults["SERVER_NAME"], getattr(town, who))
        yield from (
            (worker, name, url) for name, url in addresses(scene, (office,)) if "/cabinet/" in url or name == "card"
        )
        # The queues of control and moderation go over the whole city, the others over one organisation's own issues.
        yield from ((worker, "", url) for url in (rooms_of(town, who) if who != "roads_worker" else ()))


def strangers(town: Town, scene: Scene, other_town: Town, other: Scene) -> Iterator[tuple[Client, str, str]]:
    """Visitors of a city's site with the other city's numbers, keys and tokens: the city's own people, and the other's."""
    host = HOSTS[WORDS.index(town.mark)]
    own = {url for _name, url in addresses(scene)}
    for person, office in ((None, ()), (town.moderator, ("ngo",)), (other_town.moderator, ())):
        client = client_of(host, person)
        for name, url in addresses(other, office):
            if url not in own and name not in BY_SECRET:
                yield client, name, url


@pytest.fixture
def cities(db, settings):
    settings.ALLOWED_HOSTS = [*HOSTS]
    with time_machine.travel(NOON + deeds.HOUR, tick=False):
        found = make_cities()
        for town, _scene in found:
            _write_news(town, [one.issue() for one, _scene in found])
        yield found


def _write_news(town: Town, issues: Iterable[IssuePage]) -> None:
    """A piece of news that an editor has put the other city's issue into as well, which the chooser lets him or her do."""
    index = NewsIndexPage.objects.descendant_of(town.city.get_site().root_page).get()
    body = [("issue", {"issue": issue, "pictures": True}) for issue in issues]
    body += [("map", {"issue": issue, "status": "", "category": None, "caption": ""}) for issue in issues]
    body.append(("issue_list", {"heading": "", "status": "", "category": None, "count": 20}))
    body.append(("statistics", {"heading": ""}))
    index.add_child(instance=NewsPage(title=f"Про все {town.mark}", slug="about-both", body=body, locale=index.locale))


def test_two_cities_do_not_mix(cities):
    """One set-up for all of it, since filling two cities takes longer than looking at them."""
    first, second = cities
    mail.outbox.clear()
    assert min(sweep().values()) >= 0
    assert compile_report.draft_due(NOON + 8 * deeds.DAY) == 2
    _the_letters_of_each_city_lead_to_its_own_site()
    _each_site_shows_its_own(first, second)
    _the_other_citys_addresses_lead_nowhere(first, second)
    _numbers_count_one_city(first, second)
    _what_is_kept_for_each_city(first, second)


def _the_letters_of_each_city_lead_to_its_own_site() -> None:
    hosts = {HOSTS[0]: WORDS[0], HOSTS[1]: WORDS[1]}
    seen = set()
    for letter in mail.outbox:
        words = f"{letter.message()}\n{letter.subject}\n{letter.body}\n{letter.alternatives}".lower()
        links = set(re.findall(r"https?://([\w.-]+)", letter.body)) & set(hosts)
        assert len(links) == 1, letter.body
        mark = hosts[links.pop()]
        assert not [other for other in WORDS if other != mark and other in words], words
        seen.add(mark)
    assert seen == set(WORDS)


def _each_site_shows_its_own(first: tuple[Town, Scene], second: tuple[Town, Scene]) -> None:
    mixed, own = [], 0
    # The second site is looked at whole: what asks for "the" city finds the first one. There the lists are enough.
    for (town, scene), (other_town, other) in ((second, first), (first, second)):
        for client, name, url in walk(town, scene, other):
            if name and town is first[0]:
                continue
            words = said(client.get(url))
            own += town.mark in words
            mixed += [(town.mark, url)] if other_town.mark in words else []
    assert mixed == []
    assert own > 100, own


def _the_other_citys_addresses_lead_nowhere(first: tuple[Town, Scene], second: tuple[Town, Scene]) -> None:
    mixed, refused = [], 0
    for here, there in ((second, first), (first, second)):
        for client, name, url in strangers(*here, *there):
            if here is first and client.cookies:
                continue
            response = client.get(url)
            refused += response.status_code in (403, 404)
            shown = response.status_code == 200 and "?" not in url
            if shown or there[0].mark in said(response):
                mixed.append((here[0].mark, name, url, response.status_code))
    assert mixed == []
    assert refused > 60, refused


def _numbers_count_one_city(first: tuple[Town, Scene], second: tuple[Town, Scene]) -> None:
    second[0].issue()
    sweep()
    for (town, _scene), host in zip((first, second), HOSTS, strict=True):
        client = client_of(host)
        own = set(IssuePage.objects.in_city(town.city).published().values_list("number", flat=True))
        assert {one["id"] for one in json.loads(said(client.get("/issues.geojson")).split("\n")[0])["features"]} == own
        rows = list(csv.reader(io.StringIO(client.get("/issues.csv").getvalue().decode("utf-8-sig"))))[1:]
        assert {int(row[0]) for row in rows} == own
        assert client.get("/api/v1/issues/").json()["count"] == len(own)
        assert client.get("/map/data/").json()["total"] == len(own)
        assert set(map(int, re.findall(r"/issues/(\d+)/</link>", said(client.get("/issues.rss"))))) == own
        assert set(map(int, re.findall(r"/issues/(\d+)/</loc>", said(client.get("/sitemap-issues.xml"))))) == own
        counted = client.get("/api/v1/statistics/?from=2026-03-01&to=2026-03-31").json()
        assert str(len(own)) in json.dumps(counted), counted


def _what_is_kept_for_each_city(first: tuple[Town, Scene], second: tuple[Town, Scene]) -> None:
    for town, other in ((first[0], second[0]), (second[0], first[0])):
        assert PeriodCount.objects.filter(city=town.city).exists()
        drafts = Report.objects.filter(organisation=town.ngo).order_by("-pk")
        assert drafts
        assert not [one for one in drafts if other.mark in json.dumps(one.figures, ensure_ascii=False)]
        # A block holds in the whole installation; who has never written in a city is no matter of its moderator.
        moderator = client_of(HOSTS[WORDS.index(town.mark)], town.moderator)
        key = Citizen.objects.get(user=other.neighbour).pk
        answer = moderator.post("/organisations/ngo/cabinet/", {"do": "unblock", "part": str(key)})
        assert answer.status_code == 404
        assert Citizen.objects.get(pk=key).blocked_at


def test_a_key_of_a_report_belongs_to_one_city_and_the_base_address_to_the_default_site(cities, settings):
    (first, _), (second, _) = cities
    issue = first.issue(key="one-and-the-same")
    assert first.issue(key="one-and-the-same") == issue
    with pytest.raises(NotPossible):
        second.issue(key="one-and-the-same", author=first.author)
    settings.OPENCITY_BASE_URL = "https://first.example:8443"
    fresh = {
        mark: IssueIndexPage.objects.get(pk=town.city.pk) for mark, town in zip("ab", (first, second), strict=True)
    }
    assert [fresh[one].base_url for one in "ab"] == ["https://first.example:8443", "http://second.example"]
    site, city = nested_city(first)
    assert IssueIndexPage.of_site(site) == city
    assert IssueIndexPage.of_site(first.city.get_site()) == first.city
    # A site between them that has no city does not take the one below it for its own.
    empty = Page.objects.get(pk=first.city.get_site().root_page_id).add_child(
        instance=Page(title="Порожнє", slug="empty")
    )
    above = Site.objects.create(hostname="empty.example", port=80, root_page=empty)
    Page.objects.get(pk=site.root_page_id).move(empty, pos="last-child")
    assert IssueIndexPage.of_site(Site.objects.get(pk=above.pk)) is None
    assert IssueIndexPage.of_site(Site.objects.get(pk=site.pk)) == city
