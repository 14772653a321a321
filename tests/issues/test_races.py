"""Two to eight connections do the same at once, a thousand times: one wins, the others are told the present state."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.enums import EventKind, Publication, Status
from opencity_issues.models import Event, IssuePage, Membership, Notice
from opencity_issues.procedure.refusals import NotPossible, Refusal
from tests.factories import NOON, Town, person

pytestmark = pytest.mark.django_db(transaction=True)

RACES = int(os.environ.get("OPENCITY_RACES", "1000"))
CROWD = 8
FILLED = Move(executor="Майстер дільниці", answer="Зроблено.", reason="Є підстави.")


class Crowd:
    """Threads with connections of their own that all start the same step at the same moment."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.start, self.end = threading.Barrier(size + 1), threading.Barrier(size + 1)
        self.deeds: list[Callable[[], Any] | None] = [None] * size
        self.outcomes: list[str] = [""] * size
        self.stopping = False
        self.threads = [threading.Thread(target=self._live, args=(place,), daemon=True) for place in range(size)]
        for thread in self.threads:
            thread.start()

    def _live(self, place: int) -> None:
        while True:
            self.start.wait()
            if self.stopping:
                connection.close()
                return
            deed = self.deeds[place]
            try:
                self.outcomes[place] = "idle" if deed is None else str(deed() or "done")
            except Refusal as refusal:
                self.outcomes[place] = type(refusal).__name__
            except Exception as error:  # noqa: BLE001 - whatever went wrong is the outcome that the test reads
                self.outcomes[place] = repr(error)
            self.end.wait()

    def race(self, deeds: list[Callable[[], Any]]) -> list[str]:
        """Let each thread do its deed at once; what came of each."""
        self.deeds = [*deeds, *[None] * (self.size - len(deeds))]
        self.start.wait()
        self.end.wait()
        return self.outcomes[: len(deeds)]

    def stop(self) -> None:
        self.stopping = True
        self.start.wait()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def crowd() -> Any:
    crowd = Crowd(CROWD)
    yield crowd
    crowd.stop()


@pytest.fixture
def town(transactional_db: None) -> Town:
    return Town()


def put_back(issue: IssuePage, status: str, state: str) -> None:
    """The issue as it was before the race: the race is the matter here, not how it came to be."""
    changes = {"status": status, "again": False, "reopening": "", "closed_at": None}
    IssuePage.objects.filter(pk=issue.pk).update(**changes)
    issue.deadlines.filter(assignment=None).delete()
    issue.assignments.update(state=state)


def workers(town: Town, count: int) -> list[Any]:
    for number in range(count - 1):
        Membership.objects.create(organisation=town.roads, user=person(f"colleague{number}@city.example"))
    return [membership.user for membership in town.roads.memberships.select_related("user")]


def status_events(issue: IssuePage) -> int:
    return Event.objects.filter(issue=issue, kind=EventKind.STATUS).count()


@pytest.mark.parametrize(
    ("transition", "before", "state"), [("T2", Status.OPEN, "sent"), ("T5", Status.ACCEPTED, "accepted")]
)
def test_colleagues_who_do_the_same_at_once_make_one_status_event(
    town: Town, crowd: Crowd, transition: str, before: str, state: str
) -> None:
    issue = town.issue()
    colleagues = workers(town, CROWD)
    for turn in range(RACES * 3 // 10):
        put_back(issue, before, state)
        events = status_events(issue)
        racing = colleagues[: 2 + turn % (CROWD - 1)]
        outcomes = crowd.race(
            [
                lambda user=user: (
                    change_status(issue, transition, actor=user, organisation=town.roads, move=FILLED, now=NOON)
                    and None
                )
                for user in racing
            ]
        )
        assert sorted(outcomes) == sorted(["NotPossible"] * (len(racing) - 1) + ["done"]), outcomes
        assert status_events(issue) == events + 1


def test_two_organisations_accepting_at_once_make_two_acceptances_and_one_status_event(
    town: Town, crowd: Crowd
) -> None:
    issue = town.issue(categories=["3.8", "2.2.1"])
    both = [(town.roads_worker, town.roads), (town.lighting_worker, town.lighting)]
    for _turn in range(RACES * 34 // 100):
        put_back(issue, Status.OPEN, "sent")
        events = status_events(issue)
        accepted = Event.objects.filter(issue=issue, kind=EventKind.ACCEPTED).count()
        outcomes = crowd.race(
            [
                lambda user=user, organisation=organisation: (
                    change_status(issue, "T2", actor=user, organisation=organisation, move=FILLED, now=NOON) and None
                )
                for user, organisation in both
            ]
        )
        assert outcomes == ["done", "done"]
        assert status_events(issue) == events + 1
        assert Event.objects.filter(issue=issue, kind=EventKind.ACCEPTED).count() == accepted + 2


def test_archiving_and_reopening_at_the_end_of_the_20_days_never_both_happen(town: Town, crowd: Crowd) -> None:
    end = NOON + timedelta(days=20)
    for turn in range(RACES * 6 // 100):
        issue = IssuePage.objects.get(pk=town.close(town.issue(author=_fresh_author(town, turn))).pk)
        moment = end if turn % 2 else end - timedelta(seconds=1)
        outcomes = crowd.race(
            [
                lambda issue=issue, moment=moment: (
                    change_status(issue, "T14", actor=town.moderator, organisation=town.ngo, move=FILLED, now=moment)
                    and None
                ),
                lambda: archive_due(end) and None,
                lambda: archive_due(end) and None,
            ]
        )
        found = IssuePage.objects.get(pk=issue.pk)
        targets = list(issue.events.filter(kind=EventKind.STATUS).order_by("sequence").values_list("target", flat=True))
        assert targets[:3] == ["open", "accepted", "closed"]
        if turn % 2:
            assert (outcomes[0], targets[3:]) == ("NotPossible", ["archived"])
        else:
            assert targets[3:] in (["open"], ["archived"]), outcomes
        assert found.status == targets[-1]


def test_a_race_sends_each_letter_once(town: Town, crowd: Crowd) -> None:
    issue = town.issue()
    colleagues = workers(town, CROWD)
    crowd.race(
        [
            lambda user=user: (
                change_status(issue, "T2", actor=user, organisation=town.roads, move=FILLED, now=NOON) and None
            )
            for user in colleagues
        ]
    )
    assert Notice.objects.filter(issue=issue, template="accepted").count() == 1
    with pytest.raises(NotPossible):
        town.move(issue, "T2", colleagues[0], town.roads)


def _fresh_author(town: Town, turn: int) -> Any:
    """A new person every eight issues, or the flood limit holds them."""
    if turn % 8 == 0:
        town.author = person(f"author{turn}@people.example")
    return town.author


def test_two_merges_in_opposite_directions_leave_one_main_issue(town: Town, crowd: Crowd) -> None:
    """Both lock the two issues by number, so neither waits for the other for ever."""

    def merging(duplicate: IssuePage, main: IssuePage) -> Callable[[], Any]:
        return lambda: merge(duplicate, main, actor=town.moderator, organisation=town.ngo, now=NOON) and ""

    for number in range(max(1, RACES // 50)):
        one, other = (town.issue(author=person(f"m{number}-{side}@people.example")) for side in range(2))
        assert sorted(crowd.race([merging(one, other), merging(other, one)])) == ["NotPossible", "done"]
        found = IssuePage.objects.filter(pk__in=[one.pk, other.pk]).order_by("publication")
        assert [issue.publication for issue in found] == [Publication.MERGED, Publication.PUBLISHED]
        assert found[0].duplicate_of_id == found[1].pk
        assert found[1].duplicate_count == 1
