"""The way of reporting without scripts: nothing typed is lost, nothing wrong gets through, one sending is one issue."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from opencity_issues.actions.moderate_issue import block_citizen
from opencity_issues.enums import EventKind, Publication
from opencity_issues.models import Citizen, Draft, Event, IssuePage, Media, Notice
from opencity_issues.views.report_draft import COOKIE
from tests.factories import PLACE, person
from tests.issues.report_steps import WHAT, WHERE, errors_in, fill_in, picture_file, stored_files

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 12345679|add:9 }}{% debug %}",
    "'; DROP TABLE x;--",
    "\u202eтекст",
)
LANGUAGES = ["uk", "en"]


@pytest.fixture(autouse=True)
def _private_folder(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"


@pytest.fixture(params=LANGUAGES)
def language(request, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = request.param
    return request.param


def rows():
    return {model.__name__: model.objects.count() for model in (IssuePage, Event, Notice, Media)}


def test_whole_way_of_a_signed_in_citizen(client, town):
    client.force_login(town.author)
    fill_in(client, files=[picture_file()], what={**WHAT, "categories": ["3.8", "2.2.1"]})
    review = client.get("/report/review/")
    page = review.content.decode()
    assert "Яма біля школи" in page
    assert "Дорожня служба" in page
    assert "Міськсвітло" in page
    assert [one.name for one in review.context["receivers"]] == ["Дорожня служба", "Міськсвітло"]
    answer = client.post("/report/send/", {})
    issue = IssuePage.objects.get()
    assert answer.url == f"/report/{issue.number}/sent/"
    assert (issue.title, issue.description, issue.address) == (WHAT["title"], WHAT["description"], WHERE["address"])
    assert issue.location == PLACE
    assert not issue.show_author
    assert issue.author == town.author
    assert {one.code for one in issue.categories.all()} == {"3.8", "2.2.1"}
    assert issue.media.count() == 1
    assert issue.media.get().uploader == town.author
    last = client.get(answer.url).content.decode()
    assert str(issue.number) in last
    assert f"/issues/{issue.number}/" in last
    assert "Дорожня служба" in last
    assert "4.3" in last
    assert "4.4" in last


def test_review_tells_the_last_days_of_4_3_and_4_4_and_that_it_is_no_appeal(client, town):
    fill_in(client)
    with translation.override("en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = client.get("/report/review/")
    assert page.context["accept_by"] < page.context["solve_by"]
    text = page.content.decode()
    assert f'datetime="{page.context["accept_by"].isoformat()}"' in text
    assert f'datetime="{page.context["solve_by"].isoformat()}"' in text
    assert "not a citizen" in text


def test_issue_that_the_matrix_sends_nowhere_names_the_control_body(client, town):
    client.force_login(town.author)
    fill_in(client, what={**WHAT, "categories": ["8"]})
    assert "Відділ контролю" in client.get("/report/review/").content.decode()
    answer = client.post("/report/send/", {}, follow=True)
    assert "Відділ контролю" in answer.content.decode()


def test_held_issue_says_that_it_is_with_the_moderator(client, town):
    config = town.city.config
    config.hold_everything = True
    config.save()
    client.force_login(town.author)
    fill_in(client)
    assert client.get("/report/review/").context["config"].hold_everything
    answer = client.post("/report/send/", {}, follow=True)
    assert IssuePage.objects.get().publication == Publication.HELD
    assert not answer.context["receivers"]
    assert "now--held" in answer.content.decode()


def test_nothing_is_lost_by_signing_in(client, town):
    fill_in(client, files=[picture_file(), picture_file("second.jpg")])
    answer = client.post("/report/send/", {"show_author": "on"})
    assert answer.url == "/accounts/login/?next=/report/send/"
    assert not IssuePage.objects.exists()
    client.force_login(town.author)
    answer = client.get("/report/send/")
    assert answer.url == "/report/review/"
    review = client.get(answer.url)
    assert review.context["form"]["show_author"].value()
    assert len(review.context["photos"]) == 2
    client.post("/report/send/", {"show_author": "on"})
    issue = IssuePage.objects.get()
    assert issue.show_author
    assert issue.media.count() == 2
    assert issue.title == WHAT["title"]


def test_terms_and_consent_are_asked_once_and_recorded(client, town, language):
    newcomer = person("new@people.example", terms=False)
    client.force_login(newcomer)
    fill_in(client)
    answer = client.post("/report/send/", {})
    assert set(errors_in(answer)) == {"accept_terms", "consent"}
    assert not IssuePage.objects.exists()
    answer = client.post("/report/send/", {"accept_terms": "on"})
    assert set(errors_in(answer)) == {"consent"}
    client.post("/report/send/", {"accept_terms": "on", "consent": "on"})
    assert IssuePage.objects.get().author == newcomer
    citizen = Citizen.objects.get(user=newcomer)
    assert citizen.has_accepted_terms
    assert citizen.consent_at
    fill_in(client)
    assert "accept_terms" not in client.get("/report/review/").context["form"].fields


def test_person_without_a_citizens_row_gets_one_with_the_language_of_the_page(client, town, language):
    newcomer = person("new@people.example", terms=False)
    Citizen.objects.filter(user=newcomer).delete()
    client.force_login(newcomer)
    fill_in(client)
    assert client.get("/report/review/").status_code == 200
    assert not Citizen.objects.filter(user=newcomer).exists()
    client.post("/report/send/", {"accept_terms": "on", "consent": "on"})
    assert Citizen.objects.get(user=newcomer).language == language


def test_blocked_citizen_is_told_so_and_keeps_the_text(client, town, language):
    block_citizen(town.author, reason="Образи", actor=town.moderator, organisation=town.ngo)
    client.force_login(town.author)
    draft = fill_in(client)
    answer = client.post("/report/send/", {})
    assert answer.status_code == 403
    assert errors_in(answer)["__all__"]
    assert not IssuePage.objects.exists()
    draft.refresh_from_db()
    assert draft.data["what"]["title"] == WHAT["title"]


WRONG_WHERE = {
    "nothing": ({}, "__all__"),
    "out of the city": ({"lng": "30.5", "lat": "50.4"}, "__all__"),
    "no number": ({"lng": "схід", "lat": "51.344"}, "__all__"),
    "half a place": ({"lng": "25.853"}, "__all__"),
    "NaN": ({"lng": "nan", "lat": "nan"}, "__all__"),
    "infinity": ({"lng": "inf", "lat": "51.344"}, "__all__"),
    "off the globe": ({"lng": "999", "lat": "99"}, "__all__"),
    "hostile place": ({"lng": HOSTILE[0], "lat": HOSTILE[1]}, "__all__"),
    "endless address": ({"address": "а" * 300}, "address"),
}


@pytest.mark.parametrize("case", WRONG_WHERE)
def test_wrong_place_gives_a_message_and_keeps_the_rest(client, town, language, case):
    typed, field = WRONG_WHERE[case]
    typed = {"address": "вул. Лісова, 1", **typed} if field == "__all__" and case != "nothing" else typed
    answer = client.post("/report/", typed)
    assert answer.status_code == 200
    assert list(errors_in(answer)) == [field]
    assert in_language(errors_in(answer)[field], language)
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    kept = Draft.objects.get().data["where"]
    assert kept["address"] == typed.get("address", "")
    assert not IssuePage.objects.exists()
    again = client.get("/report/")
    assert again.context["form"]["address"].value() == typed.get("address", "")


WRONG_WHAT = {
    "missing title": ({"title": ""}, "title"),
    "blank title": ({"title": "   "}, "title"),
    "long title": ({"title": "я" * 121}, "title"),
    "missing description": ({"description": ""}, "description"),
    "long description": ({"description": "я" * 5001}, "description"),
    "no category": ({"categories": []}, "categories"),
    "unknown category": ({"categories": ["99.9"]}, "categories"),
    "hostile category": ({"categories": [HOSTILE[0]]}, "categories"),
    "six categories": ({"categories": ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]}, "categories"),
    "null character": ({"title": "я\x00ма"}, None),
}


@pytest.mark.parametrize("case", WRONG_WHAT)
def test_wrong_words_give_a_message_and_keep_the_rest(client, town, language, case):
    typed = {**WHAT, **WRONG_WHAT[case][0]}
    field = WRONG_WHAT[case][1]
    client.post("/report/", WHERE)
    before = rows()
    answer = client.post("/report/what/", {**typed, "suggested": "1"})
    if field is None:
        assert answer.status_code == 302
        assert Draft.objects.get().data["what"]["title"] == "яма"
        return
    assert answer.status_code == 200
    assert list(errors_in(answer)) == [field]
    assert in_language(errors_in(answer)[field], language)
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    kept = Draft.objects.get().data
    assert kept["what"] == typed
    assert kept["where"]["address"] == WHERE["address"]
    assert rows() == before
    assert client.get("/report/review/").url == "/report/what/"
    shown = client.get("/report/what/")
    assert list(errors_in(shown)) == [field]


def in_language(messages, language):
    """Whether the messages are in the page's language, as far as its letters tell."""
    words = " ".join(messages)
    return bool(re.search(r"[а-яіїєґ]", words)) == (language == "uk") and bool(words)


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_words_stay_words(client, town, payload):
    client.force_login(town.author)
    text = payload[:100]
    fill_in(client, where={**WHERE, "address": text}, what={**WHAT, "title": text, "description": text})
    for address in ("/report/", "/report/what/", "/report/review/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "12345688" not in page
    answer = client.post("/report/send/", {}, follow=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert IssuePage.objects.get().title == text.strip()


def test_address_alone_and_no_place_at_all_are_enough(client, town):
    client.force_login(town.author)
    for where in ({"address": "вул. Лісова, 1"}, {"no_place": "1"}, {**WHERE, "no_place": "1"}):
        client.post("/report/", where)
        client.post("/report/what/", WHAT)
        client.post("/report/send/", {})
    assert [one.location for one in IssuePage.objects.order_by("number")] == [None, None, None]
    assert [one.address for one in IssuePage.objects.order_by("number")] == ["вул. Лісова, 1", "", WHERE["address"]]


def test_way_back_keeps_what_is_half_done(client, town):
    client.post("/report/", WHERE)
    answer = client.post("/report/what/", {"title": "Тільки назва", "back": "1"})
    assert answer.url == "/report/"
    assert client.get("/report/").context["form"]["address"].value() == WHERE["address"]
    assert client.get("/report/what/").context["form"]["title"].value() == "Тільки назва"
    client.post("/report/what/", WHAT)
    answer = client.post("/report/photos/", {"files": [picture_file()], "back": "1"})
    assert answer.url == "/report/what/"
    assert Media.objects.count() == 1
    answer = client.post("/report/send/", {"show_author": "on", "back": "1"})
    assert answer.url == "/report/photos/"
    assert client.get("/report/review/").context["form"]["show_author"].value()


def test_address_of_the_form_fills_in_place_and_category(client, town):
    page = client.get("/report/?lng=25.86&lat=51.35&category=3.8")
    assert page.context["form"]["lng"].value() == "25.86"
    assert page.context["category"] == "3.8"
    client.post("/report/", {"lng": "25.86", "lat": "51.35", "category": "3.8"})
    assert client.get("/report/what/").context["form"]["categories"].value() == ["3.8"]
    for bad in ("?lng=x&lat=y", "?lng=1e999&lat=2", "?category=%00<script>", "?lng=25.86"):
        page = Client().get(f"/report/{bad}")
        assert page.status_code == 200
        assert not page.context["form"]["lng"].value()


def test_second_click_makes_no_second_issue(client, town):
    client.force_login(town.author)
    fill_in(client)
    first = client.post("/report/send/", {})
    second = client.post("/report/send/", {})
    third = client.get("/report/send/")
    assert first.url == second.url == third.url
    assert IssuePage.objects.count() == 1
    client.post("/report/", {"address": "Інше місце"})
    assert client.get("/report/what/").context["form"]["title"].value() is None
    assert Draft.objects.count() == 2


def test_two_sendings_at_the_same_moment_are_one_issue(client, town):
    """Both read the draft before either sent it: the draft's key makes the second find the first's issue."""
    client.force_login(town.author)
    draft = fill_in(client)
    first = client.post("/report/send/", {})
    Draft.objects.filter(pk=draft.pk).update(data=draft.data, issue=None)
    second = client.post("/report/send/", {})
    assert first.url == second.url
    assert IssuePage.objects.count() == 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_six_clicks_at_once_are_one_issue(client, town):
    client.force_login(town.author)
    fill_in(client, files=[picture_file()])

    def click(_number):
        try:
            browser = Client()
            browser.cookies = client.cookies
            return browser.post("/report/send/", {}).url
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as clicks:
        answers = set(clicks.map(click, range(6)))
    assert answers == {f"/report/{IssuePage.objects.get().number}/sent/"}
    assert Event.objects.filter(kind=EventKind.SUBMITTED).count() == 1


def test_sent_draft_keeps_no_words(client, town):
    client.force_login(town.author)
    draft = fill_in(client)
    client.post("/report/send/", {})
    draft.refresh_from_db()
    assert draft.data == {}


def test_nothing_is_sent_without_a_draft(client, town):
    client.force_login(town.author)
    assert client.post("/report/send/", {}).url == "/report/"
    assert client.get("/report/review/").url == "/report/"
    client.post("/report/", WHERE)
    assert client.post("/report/send/", {}).url == "/report/what/"
    assert not IssuePage.objects.exists()


def test_last_page_is_its_authors_alone(client, town):
    issue = town.issue()
    for visitor in (None, town.neighbour, town.moderator, town.roads_worker):
        if visitor:
            client.force_login(visitor)
        assert client.get(f"/report/{issue.number}/sent/").status_code == 404
    client.force_login(town.author)
    answer = client.get(f"/report/{issue.number}/sent/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"


def test_draft_is_found_only_by_its_cookie(client, town):
    fill_in(client)
    stranger = Client()
    assert stranger.get("/report/what/").context["form"]["title"].value() is None
    assert stranger.get("/report/review/").url == "/report/"
    stranger.cookies[COOKIE] = str(Draft.objects.get().pk)
    assert stranger.get("/report/review/").url == "/report/"
    stranger.cookies[COOKIE] = client.cookies[COOKIE].value[:-3] + "xyz"
    assert stranger.get("/report/review/").url == "/report/"


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, town):
    client.post("/report/", WHERE)
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == timedelta(hours=24).total_seconds()


def test_next_person_at_the_same_computer_finds_no_draft(client, town):
    client.force_login(town.author)
    fill_in(client)
    assert "Яма" in client.get("/report/review/").content.decode()
    cookie = client.cookies[COOKIE].value
    client.logout()
    client.cookies[COOKIE] = cookie
    assert client.get("/report/what/").context["form"]["title"].value() is None
    assert client.post("/report/send/", {}).url == "/accounts/login/?next=/report/send/"
    client.force_login(town.neighbour)
    client.cookies[COOKIE] = cookie
    assert client.get("/report/what/").context["form"]["title"].value() is None
    client.force_login(town.author)
    client.cookies[COOKIE] = cookie
    assert client.get("/report/what/").context["form"]["title"].value() == WHAT["title"]


def test_starting_over_removes_words_and_files(client, town):
    fill_in(client, files=[picture_file()])
    assert stored_files()
    assert client.get("/report/discard/").status_code == 405
    client.post("/report/discard/")
    assert not Draft.objects.exists()
    assert not Media.objects.exists()
    assert not stored_files()


def test_looking_changes_nothing(client, town):
    fill_in(client, files=[picture_file(gps=True)])
    before = (rows(), list(Draft.objects.values("pk", "data", "user", "updated_at")))
    client.force_login(town.author)
    cookie = client.cookies[COOKIE].value
    for address in (
        "/report/",
        "/report/what/",
        "/report/photos/",
        "/report/review/",
        "/report/send/",
        "/report/?lng=1&lat=2",
    ):
        client.get(address)
    client.cookies[COOKIE] = cookie
    assert (rows(), list(Draft.objects.values("pk", "data", "user", "updated_at"))) == before


def test_screens_are_kept_by_no_cache(client, town):
    fill_in(client)
    for address in ("/report/", "/report/what/", "/report/photos/", "/report/review/"):
        assert client.get(address)["Cache-Control"] == "no-store, private"


def test_posts_need_the_token(town):
    client = Client(enforce_csrf_checks=True)
    for address in (
        "/report/",
        "/report/what/",
        "/report/photos/",
        "/report/send/",
        "/report/discard/",
        "/report/files/",
    ):
        assert client.post(address, {}).status_code == 403
    assert not Draft.objects.exists()


def test_endless_beginning_from_one_address_is_stopped_and_said(client, town, settings, language):
    settings.OPENCITY_UPLOADS_PER_HOUR = 2
    cache.clear()
    for _number in range(2):
        Client().post("/report/", WHERE)
    answer = client.post("/report/", WHERE)
    assert Draft.objects.count() == 2
    assert in_language(errors_in(answer)["__all__"], language)
    assert answer.context["form"]["address"].value() == WHERE["address"]


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/report/", 15), ("/report/what/", 17), ("/report/photos/", 15), ("/report/review/", 20), ("/report/send/", 8)],
)
def test_queries_of_each_screen(client, town, django_assert_max_num_queries, address, queries):
    client.force_login(town.author)
    fill_in(
        client, files=[picture_file() for _number in range(6)], what={**WHAT, "categories": ["3.8", "2.2.1", "7.1"]}
    )
    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code in (200, 302)


def test_queries_of_the_last_page(client, town, django_assert_max_num_queries):
    client.force_login(town.author)
    issue = town.issue(categories=["3.8", "2.2.1", "7.1"])
    with django_assert_max_num_queries(20):
        client.get(f"/report/{issue.number}/sent/")
