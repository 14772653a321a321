"""The installed application: its manifest, what its worker may keep, and the pages that are the same for everybody."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from opencity_issues.enums import Publication
from tests.factories import Town

pytestmark = pytest.mark.once

MARK = '<meta name="opencity-public"'


@pytest.fixture
def town(db) -> Town:
    return Town(content=True)


def knowledge(client: Client) -> dict:
    """What the worker's script tells it."""
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    return json.loads(re.match(r"self\.OPENCITY = (\{.*\});\n", answer.content.decode())[1])


def test_manifest_names_what_a_telephone_needs(client, town):
    answer = client.get("/manifest.webmanifest")
    described = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert "Тестове" in described["name"]
    assert (described["start_url"], described["scope"], described["display"]) == ("/", "/", "standalone")
    assert {"/report/", "/map/", "/my/"} == {one["url"] for one in described["shortcuts"]}
    assert re.fullmatch(r"#[0-9a-f]{6}", described["theme_color"])
    assert {"any", "maskable"} == {one["purpose"] for one in described["icons"]}
    for icon in described["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL)), icon


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/map/", True),
        ("/issues/", True),
        ("/issues/12/", True),
        ("/organisations/roads/", True),
        ("/news/what-is-new/", True),
        ("/statistics/", True),
        ("/my/", False),
        ("/report/", False),
        ("/report/12/sent/", False),
        ("/issues/12/comment/", False),
        ("/organisations/roads/cabinet/", False),
        ("/accounts/", False),
        ("/admin/", False),
        ("/api/v1/issues/", False),
        ("/demo/mail/", False),
    ],
)
def test_pages_that_may_be_kept_are_a_list_of_public_ones(client, town, path, may):
    known = knowledge(client)
    assert any(re.search(pattern, path) for pattern in known["pages"]) is may
    if not may:
        assert not any(re.search(pattern, path) for pattern in known["data"])


def test_only_a_page_that_shows_nobody_says_that_it_may_be_kept(client, town):
    paths = ["/", "/map/", "/issues/", f"/issues/{town.issue().number}/", "/statistics/", "/organisations/roads/"]
    assert all(MARK in client.get(path).content.decode() for path in paths)
    client.force_login(town.author)
    for path in paths:
        answer = client.get(path)
        assert MARK not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store, private", path


def test_page_with_a_message_for_one_person_says_nothing(client, town):
    client.post("/report/", {"address": "вул. Лісова, 7"})
    client.post("/report/discard/", follow=False)
    answer = client.get("/issues/")
    assert 'class="messages"' in answer.content.decode()
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize("path", ["/offline/", "/report/offline/"])
def test_what_devices_keep_from_the_beginning_knows_nobody(client, town, path):
    plain = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')
    kept = [plain.sub("", client.get(f"{path}?kept=uk").content.decode())]
    client.force_login(town.roads_worker)
    kept.append(plain.sub("", client.get(f"{path}?kept=uk").content.decode()))
    assert kept[0] == kept[1]
    assert "data-owner" not in kept[0]
    own = client.get(path)
    assert "data-owner" in own.content.decode()
    assert own["Cache-Control"] == "no-store, private"


def test_each_language_has_its_pages_and_keeping_one_chooses_none(client, town):
    known = knowledge(client)
    assert set(known["shells"]) == {"uk", "en"}
    answer = client.get(known["shells"]["en"]["report"])
    assert 'lang="en"' in answer.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert 'lang="uk"' in client.get("/map/").content.decode()


def test_files_that_are_kept_are_there(client, town):
    files = knowledge(client)["files"]
    assert any("report-offline" in name for name in files)
    assert any(name.endswith("sprite.svg") for name in files)
    assert all(finders.find(name.removeprefix(settings.STATIC_URL)) for name in files)


def test_version_changes_with_what_is_kept_and_not_without(client, town):
    first = knowledge(client)["version"]
    cache.clear()
    assert knowledge(client)["version"] == first
    cache.clear()
    town.city.config.city_name = "Інше"
    town.city.config.save()
    assert knowledge(client)["version"] != first


def test_turned_off_nothing_names_the_worker_and_it_removes_itself(client, town, settings):
    settings.OPENCITY_OFFLINE = False
    page = client.get("/map/").content.decode()
    assert "service-worker" not in page
    assert "manifest" not in page
    assert MARK not in page
    assert "worker-off" in client.get("/service-worker.js").content.decode()
    for path in ("/offline/", "/report/offline/", "/manifest.webmanifest"):
        assert client.get(path).status_code == 404


def test_card_of_a_held_issue_is_kept_by_nobody(client, town):
    config = town.city.config
    config.hold_everything = True
    config.save()
    issue = town.issue()
    assert issue.publication == Publication.HELD
    client.force_login(town.author)
    assert client.get(f"/issues/{issue.number}/")["Cache-Control"] == "no-store, private"
