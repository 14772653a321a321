"""Reports that waited on a device: their photos one by one, then the words; exactly once, however often they are sent."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from opencity_issues.actions.take_media import tidy_drafts
from opencity_issues.models import Category, CategoryQuestion, CategoryStop, Citizen, Draft, IssuePage, Media
from opencity_issues.models.media import private_storage
from tests.factories import NOON, Town, person
from tests.issues.media_samples import photo

KEY = str(uuid.UUID(int=7))
WORDS = {
    "title": "Яма біля школи",
    "description": "Глибока.",
    "categories": ["3.8"],
    "address": "вул. Шкільна, 4",
    "lng": "25.853",
    "lat": "51.344",
}


@pytest.fixture
def town(db, settings, tmp_path) -> Town:
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    return Town()


@pytest.fixture
def device(town) -> Client:
    """A telephone where the author is signed in."""
    client = Client()
    client.force_login(town.author)
    return client


def send_photo(client: Client, own: str = "a", key: str = KEY, content: bytes | None = None) -> Any:
    file = SimpleUploadedFile("IMG_1.jpg", content or photo(size=(64, 64)), "image/jpeg")
    return client.post("/report/queued/photos/", {"key": key, "photo": own, "file": file})


def send_words(client: Client, key: str = KEY, photos: tuple[str, ...] = (), **words: Any) -> Any:
    return client.post("/report/queued/", {**WORDS, "key": key, "photos": photos, **words})


def test_photos_then_words_make_one_issue(town, device):
    assert [send_photo(device, own).status_code for own in ("a", "b")] == [201, 201]
    answer = send_words(device, photos=("a", "b"))
    assert answer.status_code == 201
    issue = IssuePage.objects.get()
    assert answer.json() == {"number": issue.number, "url": f"/issues/{issue.number}/"}
    assert (issue.title, issue.address, issue.author_id) == (WORDS["title"], WORDS["address"], town.author.pk)
    assert issue.location == pytest.approx((25.853, 51.344))
    assert issue.is_published
    assert not issue.show_author
    assert issue.media.count() == 2


def test_everything_sent_twice_arrives_once(town, device):
    for _time in range(2):
        send_photo(device)
        answers = [send_words(device, photos=("a",)) for _again in range(2)]
    assert {answer.json()["number"] for answer in answers} == {IssuePage.objects.get().number}
    assert answers[-1].status_code == 200
    assert send_photo(device, "late").json() == {"done": "late"}
    assert Media.objects.count() == 1
    assert len(private_storage().listdir("")[0]) == 1


def test_words_wait_for_their_photos(town, device):
    send_photo(device, "a")
    answer = send_words(device, photos=("a", "b"))
    assert (answer.status_code, answer.json()) == (409, {"missing": ["b"]})
    assert not IssuePage.objects.exists()
    send_photo(device, "b")
    assert send_words(device, photos=("a", "b")).status_code == 201


def test_photos_swept_away_meanwhile_are_asked_for_again(town, device, time_machine):
    time_machine.move_to(NOON)
    send_photo(device)
    time_machine.shift(3 * 24 * 3600)
    tidy_drafts()
    assert not Media.objects.exists()
    assert send_words(device, photos=("a",)).json() == {"missing": ["a"]}
    assert send_photo(device).status_code == 201
    assert send_words(device, photos=("a",)).status_code == 201


def test_photo_taken_back_on_the_device_goes(town, device):
    for own in ("a", "b"):
        send_photo(device, own)
    send_words(device, photos=("b",))
    assert IssuePage.objects.get().media.count() == 1
    assert Media.objects.count() == 1


def test_nobody_is_asked_to_sign_in(town, client):
    answer = client.get("/report/queued/")
    assert answer.json()["owner"] == ""
    assert answer["Cache-Control"] == "no-store, private"
    assert {one.status_code for one in (send_photo(client), send_words(client))} == {401}
    assert client.post("/report/queued/open/", {"key": KEY}).status_code == 401
    assert not Draft.objects.exists()


def test_key_of_another_account_is_refused(town, device, client):
    send_photo(device)
    client.force_login(town.neighbour)
    for answer in (send_photo(client, "b"), send_words(client)):
        assert answer.status_code == 403
        assert answer.json()["error"]
    assert client.post("/report/queued/open/", {"key": KEY}).status_code == 404
    assert not IssuePage.objects.exists()
    assert Media.objects.get().uploader_id == town.author.pk


def test_device_tells_people_apart_by_names_that_say_nothing(town, device, client):
    own = device.get("/report/queued/").json()["owner"]
    assert own == device.get("/report/queued/").json()["owner"] != ""
    assert town.author.email not in own
    client.force_login(town.neighbour)
    assert client.get("/report/queued/").json()["owner"] != own


def test_tokens_of_another_site_do_not_post(town):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.author)
    assert send_photo(client).status_code == send_words(client).status_code == 403
    token = client.get("/report/queued/").json()["csrf"]
    assert client.post("/report/queued/", {**WORDS, "key": KEY}, headers={"X-CSRFToken": token}).status_code == 201


@pytest.mark.parametrize("key", ["", "1", "../../x"])
def test_report_without_a_key_is_refused(town, device, key):
    assert send_words(device, key=key).status_code == 400


def test_what_is_no_photo_is_refused_in_words(town, device):
    answer = send_photo(device, content=b"nonsense")
    assert answer.status_code == 400
    assert "JPEG" in answer.json()["error"]
    assert device.post("/report/queued/photos/", {"key": KEY, "photo": "a"}).status_code == 400
    assert not Media.objects.exists()


def test_not_more_photos_than_an_issue_may_have(town, device):
    answers = [send_photo(device, str(number), content=photo(size=(8, 8))) for number in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [400]


def test_too_much_within_an_hour_asks_for_patience(town, device, settings):
    settings.OPENCITY_UPLOADS_PER_HOUR = 1
    assert send_photo(device).status_code == 201
    answer = send_photo(device, "b")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert send_photo(device).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "screen"),
    [
        ({"title": ""}, "/report/what/"),
        ({"categories": []}, "/report/what/"),
        ({"lng": "30.5", "lat": "50.4"}, "/report/"),
        ({"lng": "", "lat": "", "address": ""}, "/report/"),
    ],
)
def test_what_the_screens_do_not_take_goes_on_there(town, device, wrong, screen):
    send_photo(device)
    answer = send_words(device, photos=("a",), **wrong)
    assert (answer.status_code, answer.json()["open"]) == (400, True)
    opened = device.post("/report/queued/open/", {"key": KEY})
    assert opened.json() == {"url": screen}
    assert WORDS["description"] in device.get("/report/what/").content.decode()
    assert len(device.get("/report/photos/").context["files"]) == 1
    device.post("/report/", {"address": "вул. Шкільна, 4"})
    device.post("/report/what/", {name: WORDS[name] for name in ("title", "description", "categories")})
    device.post("/report/send/")
    assert IssuePage.objects.get().media.count() == 1
    # And if the device asks once more, it finds the same.
    assert send_words(device).json()["number"] == IssuePage.objects.get().number


def test_what_the_city_does_not_take_or_asks_besides_holds_here_too(town, device):
    about = {"city": town.city, "category": Category.objects.get(code="3")}
    question = CategoryQuestion.objects.create(**about, text_uk="Яка завглибшки?", is_required=True)
    answer = send_words(device)
    assert (answer.status_code, answer.json()["open"]) == (400, True)
    assert "Яка завглибшки?" in answer.json()["error"]
    assert device.post("/report/queued/open/", {"key": KEY}).json() == {"url": "/report/what/"}
    assert f'name="question_{question.pk}"' in device.get("/report/offline/").content.decode()
    question.delete()
    CategoryStop.objects.create(**about, reason_uk="Дзвоніть 104.", phone="104")
    assert send_words(device).status_code == 400
    assert not IssuePage.objects.exists()
    assert 'data-stop="3" hidden' in device.get("/report/offline/").content.decode()


def test_another_begun_report_is_not_lost_by_opening_one(town, device):
    device.post("/report/", {"address": "вул. Лісова, 7"})
    send_words(device, title="")
    answer = device.post("/report/queued/open/", {"key": KEY})
    assert (answer.status_code, answer.json()["url"]) == (409, "/report/")
    assert "Лісова" in device.get("/report/").content.decode()


def test_terms_are_accepted_on_the_last_screen(town, client):
    newcomer = person("new@people.example", terms=False)
    client.force_login(newcomer)
    answer = send_words(client)
    assert (answer.status_code, answer.json()["open"]) == (403, True)
    assert client.post("/report/queued/open/", {"key": KEY}).json() == {"url": "/report/review/"}
    client.post("/report/send/", {"accept_terms": "on", "consent": "on"})
    assert IssuePage.objects.get().author_id == newcomer.pk


def test_blocked_account_is_told_so_and_led_nowhere(town, device):
    Citizen.objects.filter(user=town.author).update(blocked_at=NOON)
    answer = send_words(device)
    assert (answer.status_code, answer.json()["open"]) == (403, False)


def test_name_is_shown_only_where_it_was_chosen(town, device):
    send_words(device, show_author="on")
    assert IssuePage.objects.get().show_author
