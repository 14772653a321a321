"""Several workers sweep at once, and people act meanwhile: each thing is recorded once."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.enums import EventKind
from opencity_issues.models import Event, Notice
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.verification import issue_differences, map_differences
from tests.factories import Town
from tests.issues.clock_log import clock_log
from tests.issues.test_missed_outage import MONDAY, THURSDAY, pass_once, story

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


def at_once(deeds: list[Callable[[], Any]]) -> list[BaseException]:
    """Start these at the same moment, each on a connection of its own; what went wrong."""
    start = threading.Barrier(len(deeds))
    wrong: list[BaseException] = []

    def live(deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            deed()
        except Exception as error:  # noqa: BLE001 - whatever went wrong is what the test reads
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=live, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.fixture
def town(transactional_db: None) -> Town:
    return Town()


def assert_everything_once(now: datetime) -> None:
    missed = Event.objects.filter(kind=EventKind.MISSED).values_list("data__deadline", flat=True)
    assert len(missed) == len(set(missed)) > 0
    for kind in (EventKind.WARNING, EventKind.REPEATED, EventKind.PLAN_NEAR):
        told = Event.objects.filter(kind=kind).values_list("issue", "organisation", "data__clause", "data__day")
        assert len(told) == len(set(told)) > 0, kind
    archived = Event.objects.filter(transition="T8").values_list("issue", flat=True)
    assert len(archived) == len(set(archived)) > 0
    letters = Notice.objects.values_list("event", "recipient", "template")
    assert len(letters) == len(set(letters))
    assert not list(issue_differences())
    assert not list(map_differences())
    # Whatever somebody held at that moment comes with the next pass; then there is nothing left.
    pass_once(now)
    settled = clock_log()
    pass_once(now)
    assert clock_log() == settled


def test_workers_that_sweep_at_once_double_nothing(town: Town) -> None:
    story(town, 60, THURSDAY)
    pass_once(THURSDAY)
    assert not at_once([lambda: pass_once(MONDAY)] * WORKERS)
    assert_everything_once(MONDAY)


def test_people_who_act_while_workers_sweep_double_nothing(town: Town) -> None:
    story(town, 40, THURSDAY)
    late = [one.issue for one in town.roads.assignments.filter(state="sent").select_related("issue")]
    closed = [one.issue for one in town.roads.assignments.filter(state="done").select_related("issue")]

    def try_all(transition: str, issues: list[Any], by: dict[str, Any], now: datetime) -> None:
        for issue in issues:
            try:
                change_status(issue, transition, move=Move(executor="Майстер", reason="Є підстави."), now=now, **by)
            except Refusal:
                continue

    worker = {"actor": town.roads_worker, "organisation": town.roads}
    moderator = {"actor": town.moderator, "organisation": town.ngo}
    wrong = at_once(
        [
            lambda: try_all("T2", late, worker, MONDAY),
            lambda: try_all("T14", closed, moderator, MONDAY - timedelta(days=3)),
            *[lambda: pass_once(MONDAY)] * 2,
        ]
    )
    assert not wrong
    assert_everything_once(MONDAY)
