"""The list: what a row says, the cost, the pages, and the same address as the map's."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from opencity_issues.models import IssuePage, Media
from opencity_issues.queries import issue_rows
from tests.factories import NOON

pytestmark = pytest.mark.django_db

LIST, MAP, ROWS = "/issues/", "/map/", "/map/rows/"
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


def numbers(answer) -> list[int]:
    return [int(number) for number in re.findall(r'data-issue="(\d+)"', answer.content.decode())]


def test_row_says_status_place_category_term_and_organisation(town, client):
    issue = town.issue(address="вул. Шевченка, 14")
    photo = Media.objects.create(issue=issue)
    Media.objects.create(issue=issue, hidden_at=NOON)
    text = client.get(LIST).content.decode()
    for part in (
        "Яма біля переходу",
        "вул. Шевченка, 14",
        "Дорожня служба",
        reverse("opencity_issues:card", args=[issue.number]),
        photo.url("thumb"),
        "badge--open",
        "badge--overdue",
    ):
        assert part in text, part
    assert town.author.email not in text
    assert "Авторка" not in text


@pytest.mark.parametrize("address", [LIST, MAP, ROWS])
def test_queries_are_as_many_for_thirty_rows_as_for_one(town, client, django_assert_max_num_queries, address):
    town.issue(categories=["3.8", "2.2"])
    client.force_login(town.author)
    client.get(address)  # what a process remembers from its first page on is no cost of a page
    with django_assert_max_num_queries(15):
        client.get(address)
    for day in range(29):
        town.issue(categories=["3.8", "2.2"], now=NOON + timedelta(days=day))
    assert IssuePage.objects.published().count() == 30
    with django_assert_max_num_queries(15):
        assert len(numbers(client.get(address))) == 20
    with django_assert_max_num_queries(15):
        client.get(f"{address}?status=open&category=3&organisation=roads&q=яма")


def test_newest_come_first_and_pages_follow(town, client):
    made = [town.issue(now=NOON + timedelta(days=day)).number for day in range(23)]
    first, second = client.get(LIST), client.get(f"{LIST}?page=2")
    assert numbers(first) + numbers(second) == made[::-1]
    assert "?page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "99999999999", "1;", "٢", ""])
def test_page_that_is_not_there_is_not_found(town, client, page):
    town.issue()
    assert client.get(LIST, {"page": page}).status_code == 404


def test_whole_city_is_not_counted_for_each_visitor(town, client, monkeypatch):
    monkeypatch.setattr(issue_rows, "COUNTED_AT_MOST", 2)
    for day in range(4):
        town.issue(now=NOON + timedelta(days=day))
    answer = client.get(LIST)
    assert answer.context["found"].is_bounded
    assert answer.context["found"].num_pages == 1


def test_empty_list_says_how_to_begin_and_empty_filter_how_to_clear(town, client):
    assert reverse("opencity_issues:report") in client.get(LIST).content.decode()
    assert 'href="?"' in client.get(f"{LIST}?status=closed").content.decode()


def test_map_and_list_keep_each_others_address(town, client):
    town.issue()
    query = "status=open&category=3&from=2026-01-01&bbox=25.84,51.34,25.87,51.36&zoom=15"
    html = query.replace("&", "&amp;")
    assert f'href="{MAP}?{html}"' in client.get(f"{LIST}?{query}&page=1&foreign=1").content.decode()
    assert f'href="{LIST}?{html}"' in client.get(f"{MAP}?{query}").content.decode()


def test_chosen_values_stand_in_the_form_and_can_be_taken_back(town, client):
    town.issue()
    text = client.get(
        f"{LIST}?status=open&category=3.8&organisation=roads&from=2026-01-01&to=2027-01-01&q=яма&overdue=1"
    ).content.decode()
    assert re.search(r'name="status" value="open" checked', text)
    assert re.search(r'value="3\.8"[^>]* checked', text)
    assert '<option value="roads" selected>' in text
    assert 'value="2026-01-01"' in text
    assert (
        f'href="{LIST}?status=open&amp;organisation=roads&amp;from=2026-01-01&amp;to=2027-01-01&amp;overdue=1&amp;q=%D1%8F%D0%BC%D0%B0"'
        in text
    )


@pytest.mark.parametrize("address", [LIST, MAP, ROWS])
def test_bad_values_are_told_and_the_rest_holds(town, client, address):
    number = town.issue().number
    town.close(town.issue())
    answer = client.get(f"{address}?status=open&category=99&from=nonsense&bbox=1,2,3&organisation=%00")
    assert answer.status_code == 200
    assert answer.content.decode().count("notice--error") == 4
    assert numbers(answer) == [number]


@pytest.mark.parametrize("address", [LIST, MAP, ROWS])
def test_hostile_words_are_shown_as_words(town, client, address):
    town.issue(title=HOSTILE, address=HOSTILE)
    text = client.get(address, {"q": HOSTILE[:40]}).content.decode() + client.get(address).content.decode()
    assert "<img src=x" not in text
    assert "{{7*7}}" in text
    assert "&lt;img src=x" in text


def test_own_issues_need_a_sign_in(town, client):
    town.issue()
    assert "notice--error" in client.get(f"{LIST}?author=me").content.decode()
    client.force_login(town.neighbour)
    assert numbers(client.get(f"{LIST}?author=me")) == []
    client.force_login(town.author)
    assert len(numbers(client.get(f"{LIST}?author=me"))) == 1


@pytest.mark.parametrize("address", [LIST, MAP, "/statistics/"])
def test_page_is_there_before_any_issue_in_both_languages(town, client, address):
    for language in ("uk", "en"):
        client.cookies["django_language"] = language
        answer = client.get(address)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()
