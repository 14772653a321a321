"""One's own page: profile, devices, keys, the copy of one's data; only for oneself."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from opencity_issues.actions import contribute
from opencity_issues.actions.follow import follow
from opencity_issues.actions.support_issue import support
from opencity_issues.actions.take_media import take
from opencity_issues.models import ApiToken, Citizen, Device
from opencity_issues.queries.devices import browser_name
from tests.factories import Town, person
from tests.issues.account_steps import sign_in_by_form, with_password
from tests.issues.media_samples import uploaded

ROOMS = ("/my/", "/my/follows/", "/my/follows/place/", "/my/letters/", "/my/profile/", "/my/devices/", "/my/data/",
         "/my/data/export.zip", "/my/data/erase/")  # fmt: skip
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("address", ROOMS)
def test_each_room_asks_to_sign_in_and_is_kept_by_no_cache(town: Town, address: str) -> None:
    assert "/login" in Client().get(address)["Location"]
    answer = signed_in(town.neighbour).get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", [one for one in ROOMS if "export" not in one])
def test_each_room_costs_little(town: Town, address: str, django_assert_max_num_queries: Any) -> None:
    client = signed_in(town.neighbour)
    client.get(address)
    with django_assert_max_num_queries(15):
        client.get(address)


def test_one_room_is_marked_as_open_also_where_a_host_has_its_own(town: Town) -> None:
    client = signed_in(town.neighbour)
    for address, marked in (("/my/", "/my/"), ("/my/follows/place/", "/my/follows/"), ("/my/news/", "/my/news/")):
        menu = client.get(address).content.decode().partition('class="my-menu"')[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == [marked]


def test_the_profile_is_kept(town: Town) -> None:
    client = signed_in(town.author)
    client.post("/my/profile/", {"name": "Ганна  Нова", "language": "en", "show_name": "on"})
    town.author.refresh_from_db()
    citizen = Citizen.objects.get(user=town.author)
    assert (town.author.get_full_name(), citizen.language, citizen.show_name) == ("Ганна Нова", "en", True)
    assert client.post("/my/profile/", {"name": "Ганна", "language": "xx"}).status_code == 400


def test_devices_are_listed_and_ended(town: Town) -> None:
    stranger = signed_in(town.neighbour)
    phone = sign_in_by_form(Client(HTTP_USER_AGENT=PHONE), with_password(town.author))
    here = signed_in(town.author)
    page = here.get("/my/devices/").content.decode()
    assert "Chrome, Android" in page
    theirs = Device.objects.get(user=town.neighbour)
    here.post("/my/devices/", {"do": "end", "key": theirs.pk})
    assert stranger.get("/my/").status_code == 200
    assert phone.get("/my/").status_code == 200
    here.post("/my/devices/", {"do": "others"})
    assert phone.get("/my/").status_code == 302
    assert here.get("/my/").status_code == 200


def test_a_key_is_shown_once_and_taken_back(town: Town) -> None:
    client = signed_in(town.author)
    page = client.post("/my/devices/", {"do": "make", "name": "Робот"})
    secret = page.context["secret"]
    assert ApiToken.find(secret).user == town.author
    assert secret not in client.get("/my/devices/").content.decode()
    token = ApiToken.objects.get()
    signed_in(town.neighbour).post("/my/devices/", {"do": "token", "key": token.pk})
    assert ApiToken.objects.exists()
    client.post("/my/devices/", {"do": "token", "key": token.pk})
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
    ],
)
def test_browsers_have_names(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_the_copy_holds_everything_of_mine_and_nothing_of_others(
    town: Town, private_media: Any, django_assert_max_num_queries: Any
) -> None:
    photo = take(uploaded(), uploader=town.author).media
    own = town.issue(title="Моя яма", media=[photo])
    other = town.issue(title="Чужа яма", author=town.neighbour, media=[take(uploaded(), uploader=town.neighbour).media])
    contribute.comment(other, "Моє слово.", actor=town.author)
    contribute.comment(own, "Чуже слово.", actor=town.neighbour)
    support(other, actor=town.author)
    follow(town.city, town.roads, actor=town.author)
    client = signed_in(town.author)
    with django_assert_max_num_queries(30):
        answer = client.get("/my/data/export.zip")
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    text = archive.read("data.json").decode()
    data = json.loads(text)
    assert data["account"]["email"] == town.author.email
    assert [one["title"] for one in data["issues"]] == ["Моя яма"]
    assert [one["text"] for one in data["words"]] == ["Моє слово."]
    assert [one["issue"] for one in data["supports"]] == [other.number]
    assert {one["what"] for one in data["follows"]} >= {"Дорожня служба"}
    names = [name for name in archive.namelist() if name.startswith("files/")]
    assert names == [f"files/issue-{own.number}/{photo.token}.jpg"]
    assert archive.read(names[0])[:2] == b"\xff\xd8"
    for foreign in ("Чуже слово", town.neighbour.email, town.neighbour.last_name):
        assert foreign not in text


def test_a_person_without_anything_gets_a_copy_too(town: Town) -> None:
    answer = signed_in(person("new@people.example", terms=False)).get("/my/data/export.zip")
    data = json.loads(zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read("data.json"))
    assert data["issues"] == data["words"] == []
