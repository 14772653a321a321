"""A city lives at random; whenever its statistics are looked at, they are what its events, counted by hand, make them."""

from collections import Counter
from datetime import datetime, timedelta
from statistics import median_low

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from opencity_issues.actions import correct_issue, moderate_issue, route_issue, work_on_assignment
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.keep_statistics import count_waiting
from opencity_issues.models import Category, Deadline, Event, IssuePage
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.statistics.asked import read_asked
from opencity_issues.queries.statistics.figures import statistics_of
from opencity_issues.queries.statistics.medians import MEDIAN_FROM
from opencity_issues.queries.verification import statistics_differences
from tests.factories import NOON, Town, person

BRANCHES = (("3.8",), ("2.2",), ("3.1", "2.2.1"), ("8",))
MOVES = ("T2", "T5", "T6", "T14", "T10", "T12", "T11")


class Life:
    """What can be done to the town, each refused where the procedure refuses it."""

    def __init__(self, town: Town) -> None:
        self.town, self.now, self.issues = town, NOON, []

    def report(self, choice: int) -> None:
        author = person(f"p{Event.objects.count()}@people.example")
        self.issues.append(self.town.issue(categories=BRANCHES[choice % len(BRANCHES)], now=self.now, author=author))

    def wait(self, choice: int) -> None:
        self.now += timedelta(hours=(5, 30, 24 * 6, 24 * 21, 24 * 35)[choice % 5])

    def sweep(self, choice: int) -> None:
        archive_due(self.now)
        record_missed(self.now)

    def look(self, choice: int) -> None:
        check(self.town, self.now)

    def move(self, choice: int) -> None:
        """The first of the moves, from the chosen one on, that is lawful now."""
        town, issue, start = self.town, self._issue(choice), choice // 3 % len(MOVES)
        for transition in MOVES[start:] + MOVES[:start]:
            actor, organisation = {
                "T2": (town.roads_worker, town.roads),
                "T5": (town.roads_worker, town.roads),
                "T11": (town.roads_worker, town.roads),
                "T6": (town.controller, town.control),
                "T12": (town.controller, town.control),
            }.get(transition, (town.moderator, town.ngo))
            try:
                town.move(issue, transition, actor, organisation, self.now)
            except Refusal:
                continue
            return

    def correct(self, choice: int) -> None:
        issue = self._issue(choice)
        codes = BRANCHES[(choice + 1) % len(BRANCHES)]
        correct_issue.correct_place_or_category(
            issue,
            categories=list(Category.objects.filter(code__in=codes)),
            actor=self.town.moderator,
            organisation=self.town.ngo,
            now=self.now,
        )

    def assign(self, choice: int) -> None:
        route_issue.assign(
            self._issue(choice),
            self.town.housing,
            actor=self.town.controller,
            organisation=self.town.control,
            now=self.now,
        )

    def return_it(self, choice: int) -> None:
        work_on_assignment.return_assignment(
            self._issue(choice), "Не наше.", actor=self.town.roads_worker, organisation=self.town.roads, now=self.now
        )

    def take_down(self, choice: int) -> None:
        moderate_issue.take_down(
            self._issue(choice), ground="terms", reason="Ні.",
            actor=self.town.moderator, organisation=self.town.ngo, now=self.now,
        )  # fmt: skip

    def put_back(self, choice: int) -> None:
        moderate_issue.publish_held(
            self._issue(choice), actor=self.town.moderator, organisation=self.town.ngo, now=self.now
        )

    def _issue(self, choice: int) -> IssuePage:
        if not self.issues:
            self.report(choice)
        return IssuePage.objects.get(pk=self.issues[choice % len(self.issues)].pk)


DEEDS = (
    "report",
    "move",
    "move",
    "move",
    "wait",
    "sweep",
    "correct",
    "assign",
    "return_it",
    "take_down",
    "put_back",
    "look",
)


def check(town: Town, now: datetime) -> None:
    count_waiting(now)
    found = statistics_of(read_asked(QueryDict(""), town.city), now)
    by_hand = recount(town, now)
    assert {status.value: count for status, count in found.statuses if count} == by_hand["statuses"]
    assert found.whole.overdue == by_hand["overdue"]
    assert {line.key: line.total for line in found.lines["category"]} == by_hand["branches"]
    assert {line.key: line.total for line in found.lines["organisation"]} == by_hand["organisations"]
    assert sum(step.solved for step in found.steps) == by_hand["solved"]
    for duration, days in (
        (found.whole.to_acceptance, by_hand["accepted"]),
        (found.whole.to_closing, by_hand["closed"]),
    ):
        assert duration.cases == len(days)
        assert duration.days == (median_low(days) if len(days) >= MEDIAN_FROM else None)
    month = statistics_of(read_asked(QueryDict("from=2026-03-01&to=2026-03-09"), town.city), now)
    assert month.whole.total == by_hand["first_days"]


def recount(town: Town, now: datetime) -> dict[str, object]:
    """From the events, one after the other, and the clocks; no kept count is asked."""
    zone = town.city.config.zone
    statuses, branches, organisations = Counter(), Counter(), Counter()
    accepted, closed = [], []
    overdue = solved = first_days = 0
    for issue in IssuePage.objects.in_city(town.city):
        events = list(issue.events.order_by("sequence"))
        is_public = [one for one in events if one.transition == "T1" or one.kind in ("taken_down", "put_back")][-1]
        if is_public.kind == "taken_down":
            continue
        moves = [one for one in events if one.kind == "status"]
        status = moves[-1].target
        statuses[status] += 1
        solved += status in ("closed", "archived")
        branches.update({category.code.split(".")[0] for category in issue.categories.all()})
        theirs = set()
        for one in events:
            if one.kind == "routed":
                theirs.add(one.organisation.slug)
            elif one.kind in ("returned", "assignment_withdrawn"):
                theirs.discard(one.organisation.slug)
        organisations.update(theirs)
        registered = events[0].at.astimezone(zone).date()
        first_days += registered.month == 3 and registered.day <= 9
        missed = set(
            Deadline.objects.running()
            .filter(issue=issue, clause__in=("4.2", "4.3", "4.4"), missed_at__isnull=False)
            .values_list("clause", flat=True)
        )
        overdue += bool(missed)
        for target, clause, days in (("accepted", "4.3", accepted), ("closed", "4.4", closed)):
            times = [one.at for one in moves if one.target == target]
            if times:
                days.append((min(times).astimezone(zone).date() - registered).days)
            elif clause in missed and status in ("open", "accepted"):
                days.append((now.astimezone(zone).date() - registered).days)
    return {
        "statuses": statuses, "branches": branches, "organisations": organisations, "overdue": overdue,
        "solved": solved, "accepted": accepted, "closed": closed, "first_days": first_days,
    }  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=8,
    phases=(Phase.generate,),  # one city goes on living: what was found cannot be made shorter
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 59)), min_size=15, max_size=30))
def test_the_statistics_are_what_the_events_make_them(town: Town, deeds: list[tuple[str, int]]) -> None:
    life = Life(town)
    life.issues = list(IssuePage.objects.in_city(town.city))
    if last := Event.objects.order_by("-at").values_list("at", flat=True).first():
        life.now = max(last, NOON)
    for name, choice in deeds:
        try:
            getattr(life, name)(choice)
        except Refusal:
            continue
    check(town, life.now)
    assert not list(statistics_differences())
