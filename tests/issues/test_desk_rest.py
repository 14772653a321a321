"""The desk over REST: for whom, what waits, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import person

pytestmark = pytest.mark.django_db
DESK = "/api/v1/desk/"


@pytest.fixture
def now():
    return timezone.now()


def queues(answer, slug):
    described = next(one for one in answer.json()["organisations"] if one["organisation"] == slug)
    return {queue["name"]: queue for queue in described["queues"]}


def test_each_of_my_organisations_with_what_waits(town, client, now):
    town.join(town.lighting, town.roads_worker)
    town.issue(now=now)
    client.force_login(town.roads_worker)
    answer = client.get(DESK)
    assert answer.status_code == 200
    assert {one["organisation"] for one in answer.json()["organisations"]} == {"roads", "lighting"}
    assert queues(answer, "roads")["new"]["count"] == 1
    assert queues(answer, "lighting")["new"]["count"] == 0
    assert answer.json()["rows"] is None


def test_rows_with_their_reasons(town, client, now):
    late = town.issue(now=now - timedelta(days=20))
    town.issue(now=now)
    client.force_login(town.controller)
    answer = client.get(DESK, {"organisation": "control"}).json()
    assert answer["queue"]["name"] == "now"
    (row,) = answer["rows"]
    assert row["number"] == late.number
    assert row["overdue"]
    assert row["due"]["clause"] == "4.2"
    assert row["reasons"][0]["name"] == "to-warn"
    assert row["reasons"][0]["text"]
    assert row["organisations"] == ["roads"]
    assert row["url"].endswith(f"/issues/{late.number}/")
    assert "author" not in row


def test_rows_are_narrowed_as_on_the_page(town, client, now):
    town.issue(now=now)
    lamp = town.issue(categories=["2.2"], now=now)
    client.force_login(town.controller)
    answer = client.get(DESK, {"organisation": "control", "queue": "all", "of": "lighting"}).json()
    assert [row["number"] for row in answer["rows"]] == [lamp.number]
    answer = client.get(DESK, {"organisation": "control", "queue": "all", "category": "3"}).json()
    assert lamp.number not in [row["number"] for row in answer["rows"]]


@pytest.mark.parametrize("who", ["author", "neighbour", "lighting_worker", "controller", "moderator", "operator", None])
def test_nobody_sees_anothers_desk(town, client, now, who):
    town.issue(now=now)
    user = person("operator@city.example", is_superuser=True) if who == "operator" else getattr(town, who or "", None)
    if user is not None:
        client.force_login(user)
    answer = client.get(DESK, {"organisation": "roads"})
    assert answer.status_code in (401, 403)
    assert answer["Content-Type"] == "application/problem+json"
    everything = client.get(DESK)
    if who in ("author", "neighbour", "operator"):
        assert everything.json()["organisations"] == []
    elif who is None:
        assert everything.status_code in (401, 403)


def test_an_unknown_queue_is_said(town, client):
    client.force_login(town.moderator)
    for queue in ("nonsense", "blocked"):
        answer = client.get(DESK, {"organisation": "ngo", "queue": queue})
        assert answer.status_code == 400
        assert "queue" in answer.json()["errors"]


def test_a_desk_costs_the_same_with_1_and_20_rows(town, client, now):
    client.force_login(town.controller)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(DESK, {"organisation": "control"}).status_code == 200
        return len(asked)

    town.issue(now=now - timedelta(days=20))
    cost()
    one = cost()
    for number in range(19):
        town.issue(now=now - timedelta(days=20), author=person(f"p{number}@people.example"))
    assert cost() == one <= 16


def test_the_desk_is_in_the_schema(client):
    schema = client.get("/api/v1/schema/", {"format": "json"}).json()
    parameters = {one["name"] for one in schema["paths"]["/api/v1/desk/"]["get"]["parameters"]}
    assert {"organisation", "queue", "of", "late", "due"} <= parameters
