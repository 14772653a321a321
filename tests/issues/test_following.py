"""Following: who may follow what, how it is changed and ended, and the pages and buttons that do so."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opencity_issues.actions import follow as following
from opencity_issues.actions.follow import Place, change_following, follow, stop_following
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.actions.moderate_issue import block_citizen, take_down
from opencity_issues.actions.support_issue import support
from opencity_issues.enums import LetterChoice
from opencity_issues.models import ApiToken, Category, Follow, IssuePage
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.circle import Circle
from tests.factories import NOON, PLACE, Town, person
from tests.issues.account_steps import sign_in_by_form, with_password

FOLLOWS = "/my/follows/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def category(code: str) -> Category:
    return Category.objects.get(code=code)


def test_each_kind_is_followed_once_and_its_timing_changes(town: Town) -> None:
    things = (town.issue(), category("3"), town.roads, Place("Дім", Circle(*PLACE, 500)))
    for thing in things:
        follow(town.city, thing, actor=town.neighbour)
        follow(town.city, thing, LetterChoice.WEEKLY, actor=town.neighbour)
    assert Follow.objects.count() == len(things)
    assert set(Follow.objects.values_list("how", flat=True)) == {LetterChoice.WEEKLY}


def test_what_is_not_public_is_not_followed(town: Town) -> None:
    issue = town.issue()
    take_down(issue, ground="terms", reason="Умови", actor=town.moderator, organisation=town.ngo)
    with pytest.raises(NotPossible):
        follow(town.city, IssuePage.objects.get(pk=issue.pk), actor=town.neighbour)


def test_never_is_no_timing(town: Town) -> None:
    with pytest.raises(Missing):
        follow(town.city, town.roads, LetterChoice.NONE, actor=town.neighbour)


@pytest.mark.parametrize(
    ("name", "circle", "field"),
    [
        ("", Circle(*PLACE, 500), "name"),
        ("я" * 121, Circle(*PLACE, 500), "name"),
        ("Дім", Circle(*PLACE, 50), "radius"),
        ("Дім", Circle(30.5, 50.4, 500), "place"),
    ],
)
def test_a_circle_has_a_name_a_size_and_lies_in_the_city(town: Town, name: str, circle: Circle, field: str) -> None:
    with pytest.raises(Missing) as refused:
        follow(town.city, Place(name, circle), actor=town.neighbour)
    assert set(refused.value.fields) == {field}


def test_nobody_follows_without_end(town: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "CIRCLES_AT_MOST", 1)
    monkeypatch.setattr(following, "FOLLOWS_AT_MOST", 2)
    follow(town.city, Place("Дім", Circle(*PLACE, 500)), actor=town.neighbour)
    with pytest.raises(NotPossible):
        follow(town.city, Place("Школа", Circle(*PLACE, 1000)), actor=town.neighbour)
    follow(town.city, town.roads, actor=town.neighbour)
    with pytest.raises(NotPossible):
        follow(town.city, town.lighting, actor=town.neighbour)


def test_another_persons_following_is_not_touched(town: Town) -> None:
    own = follow(town.city, town.roads, actor=town.neighbour)
    with pytest.raises(NotPermitted):
        stop_following(own, actor=town.author)
    with pytest.raises(NotPermitted):
        change_following(own, LetterChoice.DAILY, actor=town.author)
    client = signed_in(town.author)
    client.post(FOLLOWS, {"do": "stop", "follow": own.pk})
    client.post(FOLLOWS, {"do": "change", "follow": own.pk, "how": "weekly"})
    assert Follow.objects.get() == own
    assert Follow.objects.get().how == LetterChoice.AT_ONCE


def test_the_blocked_follow_nothing_new_but_end_what_they_follow(town: Town) -> None:
    own = follow(town.city, town.roads, actor=town.neighbour)
    block_citizen(town.neighbour, reason="Образи", actor=town.moderator, organisation=town.ngo)
    with pytest.raises(NotPermitted):
        follow(town.city, town.lighting, actor=town.neighbour)
    stop_following(own, actor=town.neighbour)
    assert not Follow.objects.exists()


def test_followers_and_supporters_of_a_duplicate_move_to_the_main_issue(town: Town) -> None:
    main, duplicate = town.issue(), town.issue(author=town.neighbour)
    both, one = person("both@people.example"), person("one@people.example")
    for who, issues in ((both, (main, duplicate)), (one, (duplicate,))):
        for issue in issues:
            support(issue, actor=who, now=NOON)
    merge(duplicate, main, actor=town.moderator, organisation=town.ngo, now=NOON)
    assert IssuePage.objects.get(pk=main.pk).support_count == main.supports.count() == 2
    assert set(Follow.objects.values_list("user", "issue")) == {(both.pk, main.pk), (one.pk, main.pk)}


# --- pages ------------------------------------------------------------------------------------------------------------


def test_buttons_on_card_organisation_and_filter_follow_and_say_so(town: Town) -> None:
    issue = town.issue()
    client = signed_in(town.neighbour)
    listed = reverse("opencity_issues:issue_list")
    pages = {
        ("issue", str(issue.number)): issue.get_absolute_url(),
        ("organisation", "roads"): reverse("opencity_issues:organisation", args=["roads"]),
    }
    for (kind, key), address in pages.items():
        assert f'name="key" value="{key}"' in client.get(address).content.decode()
        answer = client.post(FOLLOWS, {"do": "follow", "kind": kind, "key": key, "next": address})
        assert (answer.status_code, answer["Location"]) == (302, address)
        own = Follow.objects.latest("pk")
        assert f"{FOLLOWS}#follow-{own.pk}" in client.get(address).content.decode()
    assert 'name="key" value="3.8"' in client.get(f"{listed}?category=3.8").content.decode()
    client.post(FOLLOWS, {"do": "follow", "kind": "category", "key": "3.8"})
    assert Follow.objects.filter(user=town.neighbour).count() == 3


def test_the_filters_buttons_say_what_is_followed_already(town: Town, django_assert_num_queries: Any) -> None:
    town.issue()
    client = signed_in(town.neighbour)
    address = "/issues/?category=3.8&category=2.2&organisation=roads"
    client.get(address)  # what a process remembers from its first page on is no cost of a page
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).content.decode().count('name="do" value="follow"') == 3
    own = [follow(town.city, thing, actor=town.neighbour).pk for thing in (category("3.8"), town.roads)]
    with django_assert_num_queries(len(before)):
        page = client.get(address).content.decode()
    assert page.count('name="do" value="follow"') == 1
    assert all(f"{FOLLOWS}#follow-{pk}" in page for pk in own)
    assert signed_in(town.author).get(address).content.decode().count('name="do" value="follow"') == 3
    assert "follow__state" not in Client().get(address).content.decode()


def test_pressed_again_it_keeps_its_timing(town: Town) -> None:
    follow(town.city, category("3.8"), LetterChoice.WEEKLY, actor=town.neighbour)
    signed_in(town.neighbour).post(FOLLOWS, {"do": "follow", "kind": "category", "key": "3.8"})
    assert Follow.objects.get().how == LetterChoice.WEEKLY


def test_the_author_needs_no_button(town: Town) -> None:
    issue = town.issue()
    assert 'name="kind" value="issue"' not in signed_in(town.author).get(issue.get_absolute_url()).content.decode()


def test_the_list_of_what_i_follow_is_mine_and_costs_the_same(
    town: Town, settings: Any, django_assert_max_num_queries: Any
) -> None:
    follow(town.city, town.roads, actor=town.author)
    client = signed_in(town.neighbour)
    settings.OPENCITY_FLOOD_PER_HOUR = 100
    for number in range(25):
        issue = town.issue(title=f"Яма {number}")
        follow(town.city, issue, actor=town.neighbour)
    follow(town.city, category("3"), actor=town.neighbour)
    follow(town.city, Place("Біля школи", Circle(*PLACE, 2000)), actor=town.neighbour)
    with django_assert_max_num_queries(15):
        page = client.get(FOLLOWS).content.decode()
    assert "Біля школи" in page
    assert "Дорожня служба" not in page
    own = Follow.objects.get(name="Біля школи")
    assert f'id="follow-{own.pk}"' in page
    client.post(FOLLOWS, {"do": "change", "follow": own.pk, "how": "daily"})
    own.refresh_from_db()
    assert own.how == LetterChoice.DAILY
    client.post(FOLLOWS, {"do": "stop", "follow": own.pk})
    assert not Follow.objects.filter(pk=own.pk).exists()


def test_a_place_is_drawn_from_the_maps_view(town: Town) -> None:
    client = signed_in(town.neighbour)
    lng, lat = PLACE
    page = client.get("/my/follows/place/", {"bbox": f"{lng - 0.01},{lat - 0.005},{lng + 0.01},{lat + 0.005}"})
    initial = page.context["form"].initial
    assert (round(initial["lng"], 4), round(initial["lat"], 4), initial["radius"]) == (lng, lat, 500)
    said = {"name": "Дім", "lng": lng, "lat": lat, "radius": "1000", "how": "daily"}
    assert client.post("/my/follows/place/", said).status_code == 302
    own = Follow.objects.get()
    assert (own.name, own.radius, own.how) == ("Дім", 1000, "daily")
    assert client.post("/my/follows/place/", {**said, "lng": 30.5}).status_code == 400
    assert client.post("/my/follows/place/", {**said, "name": ""}).status_code == 400


@pytest.mark.parametrize("address", ["?bbox=nonsense", "?near=1,2,3,4", "?near=nan,nan"])
def test_a_bad_address_begins_at_the_citys_centre(town: Town, address: str) -> None:
    page = signed_in(town.neighbour).get(f"/my/follows/place/{address}")
    assert page.status_code == 200
    assert (page.context["form"].initial["lng"], page.context["form"].initial["lat"]) == town.city.config.centre_point


def test_pressed_before_signing_in_it_is_followed_by_signing_in(town: Town) -> None:
    with_password(town.neighbour)
    client = Client()
    answer = client.post(FOLLOWS, {"do": "follow", "kind": "category", "key": "3.8", "next": "/issues/"})
    assert "/login" in answer["Location"]
    assert not Follow.objects.exists()
    sign_in_by_form(client, town.neighbour)
    assert Follow.objects.get().category == category("3.8")


def test_the_feed_of_a_filter_is_told_on_its_list(town: Town, client: Client) -> None:
    town.issue()
    page = client.get("/issues/?category=3.8&status=open").content.decode()
    assert "/issues.rss?status=open&amp;category=3.8" in page


# --- the interface ----------------------------------------------------------------------------------------------------


def test_the_interface_lists_begins_changes_and_ends(town: Town, django_assert_max_num_queries: Any) -> None:
    issue, api, kind = town.issue(), "/api/v1/follows/", {"content_type": "application/json"}
    client = Client(headers={"Authorization": f"Token {ApiToken.issue_to(town.neighbour)}"})
    lng, lat = PLACE
    things = [
        {"kind": "issue", "key": str(issue.number)},
        {"kind": "category", "key": "3.8", "how": "weekly"},
        {"kind": "organisation", "key": "roads"},
        {"kind": "place", "name": "Дім", "location": {"lng": lng, "lat": lat}, "radius": 500},
    ]
    for thing in things:
        first, again = (client.post(api, thing, **kind) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["key"] == thing.get("key", "")
    with django_assert_max_num_queries(6):
        listed = client.get(api).json()
    assert {(one["kind"], one["how"]) for one in listed} == {
        *(("issue", "at_once"), ("category", "weekly"), ("organisation", "at_once"), ("place", "at_once"))
    }
    own = f"{api}{listed[0]['id']}/"
    assert client.patch(own, {"how": "daily"}, **kind).json()["how"] == "daily"
    assert client.get(own).json()["how"] == "daily"
    assert Client().get(api).status_code == Client().delete(own).status_code == 401
    stranger = Client(headers={"Authorization": f"Token {ApiToken.issue_to(town.author)}"})
    assert stranger.delete(own).status_code == stranger.patch(own, {"how": "weekly"}, **kind).status_code == 404
    assert client.delete(own).status_code == 204
    assert client.delete(own).status_code == 404
    assert Follow.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "issue", "key": "999999"}, "key"),
        ({"kind": "issue", "key": "\u0661"}, "key"),
        ({"kind": "category"}, "key"),
        ({"kind": "street", "key": "1"}, "kind"),
        ({"kind": "organisation", "key": "roads", "how": "none"}, "how"),
        ({"kind": "place", "name": "Дім"}, "radius"),
        ({"kind": "place", "name": "Дім", "location": {"lng": 30.5, "lat": 50.4}, "radius": 500}, "place"),
    ],
)
def test_the_interface_says_what_is_wrong(town: Town, said: dict[str, Any], field: str) -> None:
    answer = signed_in(town.neighbour).post("/api/v1/follows/", said, content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_from_one_address_so_much_is_begun_to_be_followed(town: Town, settings: Any) -> None:
    settings.OPENCITY_FOLLOWS_PER_ADDRESS = 1
    cache.clear()
    said = {"do": "follow", "kind": "organisation", "key": "roads"}
    assert signed_in(town.neighbour).post(FOLLOWS, said).status_code == 302
    refused = signed_in(town.author).post(FOLLOWS, said)
    assert refused.status_code == 409
    assert "з вашої мережі" in refused.content.decode()
    body = {"kind": "organisation", "key": "roads"}
    assert signed_in(town.author).post("/api/v1/follows/", body, content_type="application/json").status_code == 409
    assert Follow.objects.count() == 1
