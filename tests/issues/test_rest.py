"""The REST interface as outsiders use it: the contract's shapes, refusals as problem details, bad input in both languages."""

import json
from typing import Any

import pytest
from django.test import Client

from opencity_issues.models import ApiToken, Contribution, IssuePage
from tests.factories import Town

NEW: dict[str, Any] = {
    "title": "Яма на дорозі",
    "description": "Глибока яма біля переходу.",
    "categories": ["3.8"],
    "location": {"lng": 25.853, "lat": 51.344},
}


class Caller:
    """A program with somebody's token, or with none."""

    def __init__(self, user: Any = None) -> None:
        self.headers = {"Authorization": f"Token {ApiToken.issue_to(user)}"} if user else {}
        self.client = Client()

    def get(self, address: str) -> Any:
        return self.client.get(f"/api/v1/{address}", headers=self.headers)

    def post(self, address: str, body: Any, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers={**self.headers, **headers}
        )


def test_an_issue_is_created_once_for_one_key(town: Town) -> None:
    author = Caller(town.author)
    first = author.post("issues/", NEW, **{"Idempotency-Key": "one"})
    again = author.post("issues/", NEW, **{"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert IssuePage.objects.count() == 1
    assert first.json()["assignments"][0]["organisation"] == "roads"
    assert set(first.json()["assignments"][0]["due"]) == {"4.2", "4.3", "4.4"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "я" * 121),
        ("title", None),
        ("title", ["Яма"]),
        ("description", "   "),
        ("description", "я" * 5001),
        ("categories", []),
        ("categories", ["99.9"]),
        ("categories", "3.8"),
        ("categories", ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]),
        ("location", {"lng": 30.5, "lat": 50.4}),
        ("location", {"lng": "east", "lat": 51.3}),
        ("location", {"lng": 25.853}),
        ("location", [25.853, 51.344]),
        ("address", "я" * 251),
        ("show_author", "perhaps"),
    ],
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_bad_input_is_told_by_field_and_changes_nothing(town: Town, field: str, value: Any, language: str) -> None:
    answer = Caller(town.author).post("issues/", {**NEW, field: value}, **{"Accept-Language": language})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]
    assert not IssuePage.objects.exists()
    is_ukrainian = any("а" <= letter <= "я" for letter in answer.json()["title"].lower())
    assert is_ukrainian == (language == "uk")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"title"', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(town: Town, body: bytes) -> None:
    token = ApiToken.issue_to(town.author)
    answer = Client().post(
        "/api/v1/issues/", body, content_type="application/json", headers={"Authorization": f"Token {token}"}
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_strangers_and_bad_tokens_are_told_so(town: Town) -> None:
    assert Caller().post("issues/", NEW).status_code == 401
    wrong = Client().get("/api/v1/issues/", headers={"Authorization": "Token nonsense"})
    assert (wrong.status_code, wrong["Content-Type"]) == (401, "application/problem+json")


def test_a_token_comes_for_the_right_password_only(town: Town) -> None:
    town.author.set_password("correct horse battery")
    town.author.save()
    right = Caller().post("token/", {"email": town.author.email, "password": "correct horse battery"})
    assert right.status_code == 200
    assert ApiToken.find(right.json()["token"])
    assert Caller().post("token/", {"email": town.author.email, "password": "wrong"}).status_code == 403
    town.author.is_active = False
    town.author.save()
    assert ApiToken.find(right.json()["token"]) is None


def test_messages_open_t4_and_reach_whom_they_are_for(town: Town) -> None:
    issue = town.issue()
    address = f"issues/{issue.number}/messages/"
    repeated = {"kind": "repeated", "organisation": "roads", "text": "Просимо прийняти."}
    assert Caller(town.roads_worker).post(address, repeated).status_code == 403
    assert Caller(town.moderator).post(address, repeated).status_code == 201
    offered = Caller(town.controller).get(f"issues/{issue.number}/transitions/").json()
    assert [one["transition"] for one in offered] == ["T4"]
    assert Caller(town.controller).post(address, {**repeated, "kind": "warning"}).status_code == 201
    assert Caller(town.roads_worker).post(address, {"kind": "question", "text": "Де саме?"}).status_code == 201
    assert Caller(town.neighbour).post(address, {"kind": "reply", "text": "Тут."}).status_code == 403
    assert Caller(town.author).post(address, {"kind": "reply", "text": "Біля школи."}).status_code == 201
    answer = {"kind": "answer", "text": "Восени немає коштів.", "planned_date": "2199-05-01"}
    assert Caller(town.roads_worker).post(address, answer).status_code == 201
    texts = " ".join(str(one["text"]) for one in Caller().get(f"issues/{issue.number}/events/").json())
    assert "Біля школи." in texts
    assert "Просимо прийняти." not in texts
    assert Contribution.objects.filter(issue=issue).count() == 5


def test_a_transition_says_what_is_missing_and_who_refused(town: Town) -> None:
    issue = town.issue()
    address = f"issues/{issue.number}/transitions/"
    worker = Caller(town.roads_worker)
    missing = worker.post(address, {"transition": "T2", "as_organisation": "roads"})
    assert (missing.status_code, set(missing.json()["errors"])) == (400, {"executor"})
    refused = Caller(town.neighbour).post(address, {"transition": "T2", "executor": "Майстер"})
    assert (refused.status_code, refused.json()["transition"]) == (403, "T2")
    assert worker.post(address, {"transition": "T2", "executor": "Майстер"}).json()["status"] == "accepted"
    late = worker.post(address, {"transition": "T2", "executor": "Майстер"})
    assert (late.status_code, late.json()["state"]) == (409, "accepted")
    assert worker.post(address, {"transition": "T8"}).status_code == 409
    assert worker.post(address, {"transition": "T2", "as_organisation": "nobody"}).status_code == 400


def test_comments_are_read_by_all_and_written_by_the_registered(town: Town) -> None:
    issue = town.issue()
    address = f"issues/{issue.number}/comments/"
    assert Caller().post(address, {"text": "І в мене."}).status_code == 401
    assert Caller(town.neighbour).post(address, {"text": ""}).status_code == 400
    assert Caller(town.neighbour).post(address, {"text": "І в мене."}).status_code == 201
    read = Caller().get(address)
    assert [one["text"] for one in read.json()] == ["І в мене."]
    assert town.neighbour.email not in read.content.decode()
    assert town.neighbour.get_full_name() not in read.content.decode()


def test_the_list_filters_and_costs_the_same_for_many(town: Town, django_assert_max_num_queries: Any) -> None:
    for _number in range(8):
        town.issue()
    town.accept(town.issue(author=town.neighbour, categories=["2.2.1"]), town.lighting)
    with django_assert_max_num_queries(12):
        found = Caller().get("issues/?page_size=200").json()
    assert found["count"] == 9
    assert Caller().get("issues/?status=accepted").json()["count"] == 1
    assert Caller().get("issues/?category=2").json()["count"] == 1
    assert Caller(town.neighbour).get("issues/?author=me").json()["count"] == 1
    assert Caller().get("issues/?author=me").status_code == 401
    assert Caller().get("issues/?status=nonsense").status_code == 400


def test_the_schema_and_the_guide_name_every_address(town: Town) -> None:
    schema = Caller().get("schema/").content.decode()
    guide = Client().get("/api/v1/").content.decode()
    for address in (
        "issues/",
        "transitions/",
        "messages/",
        "comments/",
        "events/",
        "categories/",
        "organisations/",
        "token/",
    ):
        assert address in schema
        assert address in guide
    assert "/admin/" not in schema
