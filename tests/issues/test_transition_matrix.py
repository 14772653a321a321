"""Role × transition × situation, all of it, against the table in situations.py: through the action and through REST."""

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from opencity_issues.actions.change_status import Move, change_status, offers
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles
from tests.factories import NOON, Town, person
from tests.issues.situations import ALLOWED, NOW, PARTY, SITUATIONS

FILLED = {"executor": "Майстер дільниці", "answer": "Зроблено.", "reason": "Є підстави."}


@dataclass
class Actor:
    user: Any
    organisation: Organisation | None
    parties: set[str]
    """Of PARTY: "worker" only where the organisation has the issue."""


def actors(town: Town, issue: IssuePage) -> dict[str, Actor]:
    """Everybody who might try, with the organisation each would act for."""
    assigned = {one.organisation_id for one in issue.assignments.all()}

    def worker(user: Any, organisation: Organisation) -> Actor:
        return Actor(user, organisation, {"worker"} if organisation.pk in assigned else set())

    former = person("former@city.example")
    membership = town.join(town.roads, former)
    membership.left_at = NOON
    membership.save()
    deactivated = person("gone@city.example", is_active=False)
    town.join(town.roads, deactivated)
    return {
        "author": Actor(town.author, None, {"author"}),
        "neighbour": Actor(town.neighbour, None, set()),
        "roads": worker(town.roads_worker, town.roads),
        "lighting": worker(town.lighting_worker, town.lighting),
        "housing": worker(town.housing_worker, town.housing),
        "control": Actor(town.controller, town.control, {"control"}),
        "moderator": Actor(town.moderator, town.ngo, {"moderator"}),
        "operator": Actor(person("operator@city.example", is_superuser=True, is_staff=True), None, set()),
        "operator posing as control": Actor(person("root@city.example", is_superuser=True), town.control, set()),
        "former worker": Actor(former, town.roads, set()),
        "deactivated worker": Actor(deactivated, town.roads, set()),
        "worker posing as moderator": Actor(town.roads_worker, town.ngo, set()),
    }


class _Undone(Exception):
    """Ends an attempt that succeeded, so that the next one finds the same situation."""


def attempt(issue: IssuePage, transition: str, actor: Actor) -> str:
    """What came of it: "done", "403" or "409"; the database is as before."""
    try:
        with transaction.atomic():
            change_status(
                issue, transition, actor=actor.user, organisation=actor.organisation, move=Move(**FILLED), now=NOW
            )
            raise _Undone
    except _Undone:
        return "done"
    except NotPermitted:
        return "403"
    except NotPossible:
        return "409"


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_role_may_do_exactly_what_the_table_says(town: Town, name: str) -> None:
    issue = SITUATIONS[name](town)
    allowed = ALLOWED[name]
    wrong = []
    for who, actor in actors(town, issue).items():
        for transition, parties in PARTY.items():
            expected = "done" if who in allowed.get(transition, set()) else "409" if actor.parties & parties else "403"
            got = attempt(IssuePage.objects.get(pk=issue.pk), transition, actor)
            if got != expected:
                wrong.append(f"{who} {transition}: {got}, by the procedure {expected}")
    assert wrong == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_offered_is_what_is_allowed(town: Town, name: str) -> None:
    issue = SITUATIONS[name](town)
    fresh = IssuePage.objects.get(pk=issue.pk)
    for who, actor in actors(town, issue).items():
        offered = {offer.transition.id for offer in offers(fresh, Roles.of(actor.user), NOW)}
        expected = {transition for transition, roles in ALLOWED[name].items() if who in roles}
        if actor.user == town.roads_worker:
            expected = {transition for transition, roles in ALLOWED[name].items() if "roads" in roles}
        assert offered == expected, who


@pytest.mark.parametrize(
    "name", ["open", "accepted", "closed", "open again by 4.7", "open again from the archive", "held"]
)
def test_rest_answers_with_the_same_table(town: Town, name: str) -> None:
    issue = SITUATIONS[name](town)
    address = f"/api/v1/issues/{issue.number}/transitions/"
    with time_machine.travel(NOW, tick=False):
        for who, actor in actors(town, issue).items():
            if not actor.user.is_active or who in ("worker posing as moderator", "operator posing as control"):
                continue
            client = Client()
            client.force_login(actor.user)
            offered = client.get(address)
            if name == "held" and who not in ("author", "moderator", "operator"):
                assert offered.status_code == 404, who
                continue
            assert {one["transition"] for one in offered.json()} == {
                transition for transition, roles in ALLOWED[name].items() if who in roles
            }
            for transition, parties in PARTY.items():
                if who in ALLOWED[name].get(transition, set()):
                    continue
                body = {
                    "transition": transition,
                    "as_organisation": actor.organisation and actor.organisation.slug,
                    **FILLED,
                }
                answer = client.post(address, body, content_type="application/json")
                assert answer.status_code == (409 if actor.parties & parties else 403), (who, transition)
                assert answer["Content-Type"] == "application/problem+json"
    assert IssuePage.objects.get(pk=issue.pk).events.count() == issue.event_count


def test_the_table_has_a_row_for_each_situation() -> None:
    assert set(ALLOWED) == set(SITUATIONS)
