"""The worker was away, ran twice, ran under a clock that jumped: what comes of it is what would have come anyway."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.clock.remind_plans import remind_of_plans
from opencity_issues.actions.work_on_assignment import Answer, give_answer
from opencity_issues.enums import EventKind
from opencity_issues.models import Contribution, Event, IssuePage, Notice
from opencity_issues.queries.verification import issue_differences, map_differences
from tests.factories import person
from tests.issues.clock_log import clock_log

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
"""The last sweep before the worker goes away, 18:00 in Kyiv."""
MONDAY = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
"""The first after it, the weekend between."""


def pass_once(now):
    return archive_due(now), record_missed(now), remind_of_plans(now)


def sweeps(first, last, step):
    now = first
    while now < last:
        pass_once(now)
        now += step
    pass_once(last)


def story(town, count, end):
    """Issues of all ages on the day `end`: new, accepted, promised, closed nearly twenty days ago; each by its own author."""
    for number in range(count):
        author = person(f"citizen{number}@people.example")
        age = timedelta(hours=7 * (number % 24) + 3, minutes=number)
        categories = ["3.8"] if number % 3 else ["3.8", "2.2.1"]
        kind = number % 4
        if kind == 0:
            town.issue(categories=categories, author=author, now=end - age)
        elif kind == 1:
            start = end - 30 * DAY - age % (5 * DAY)
            town.accept(town.issue(categories=["3.8"], author=author, now=start), town.roads, start + HOUR)
        elif kind == 2:
            start = end - 6 * DAY - age % (2 * DAY)
            issue = town.accept(town.issue(categories=["3.8"], author=author, now=start), town.roads, start + HOUR)
            planned = (end + DAY * (3 + number % 4)).date()
            give_answer(
                issue,
                Answer("Зробимо.", planned_date=planned),
                actor=town.roads_worker,
                organisation=town.roads,
                now=start + 2 * HOUR,
            )
        else:
            start = end - 20 * DAY + age % (4 * DAY)
            town.close(town.issue(categories=categories, author=author, now=start - DAY), start)


def outcome(*steps):
    """What these steps leave behind; then everything is as before."""
    with transaction.atomic():
        for step in steps:
            step()
        assert not list(issue_differences())
        assert not list(map_differences())
        log = clock_log()
        transaction.set_rollback(True)
    return log


def test_three_days_off_over_a_weekend_change_nothing(town):
    story(town, 80, THURSDAY)
    pass_once(THURSDAY)
    before = Event.objects.count()
    as_if_it_had_run = outcome(lambda: sweeps(THURSDAY, MONDAY, HOUR))
    late = outcome(lambda: pass_once(MONDAY))
    assert late == as_if_it_had_run
    kinds = [event[2] for event in late["events"]]
    assert len(kinds) > before + 60
    assert {EventKind.MISSED, EventKind.WARNING, EventKind.REPEATED, EventKind.PLAN_NEAR} <= set(kinds)
    assert sum(event[3] == "T8" for event in late["events"]) >= 15
    twice = outcome(lambda: pass_once(MONDAY), lambda: pass_once(MONDAY), lambda: pass_once(MONDAY + HOUR / 60))
    assert twice == late


def test_each_message_and_each_archiving_happens_once(town):
    story(town, 40, THURSDAY)
    for now in (MONDAY, MONDAY, MONDAY + HOUR, MONDAY - DAY):
        pass_once(now)
    missed = Event.objects.filter(kind=EventKind.MISSED)
    assert len(missed) == len({one.data["deadline"] for one in missed})
    for kind in (EventKind.WARNING, EventKind.REPEATED):
        told = Event.objects.filter(kind=kind).values_list("issue", "organisation", "data__clause")
        assert len(told) == len(set(told)) > 0
        assert Contribution.objects.filter(kind=kind).count() == len(told)
    archived = Event.objects.filter(transition="T8").values_list("issue", flat=True)
    assert len(archived) == len(set(archived)) > 0
    letters = Notice.objects.values_list("event", "recipient", "template")
    assert len(letters) == len(set(letters))


def test_a_letter_of_a_promise_that_has_passed_is_not_sent(town):
    issue = town.accept(town.issue(now=THURSDAY - DAY), town.roads, THURSDAY - DAY)
    promise = Answer("Зробимо.", planned_date=datetime(2026, 3, 6, tzinfo=UTC).date())
    by = {"actor": town.roads_worker, "organisation": town.roads}
    give_answer(issue, promise, now=THURSDAY - DAY, **by)
    assert remind_of_plans(MONDAY) == 1
    (reminder,) = Event.objects.filter(kind=EventKind.PLAN_NEAR)
    assert reminder.at == datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
    assert not Notice.objects.filter(event=reminder).exists()


@pytest.mark.parametrize(
    ("planned", "moment"),
    [
        ("2026-03-06", "2026-03-05T08:00+02:00"),
        ("2026-03-09", "2026-03-06T08:00+02:00"),
        ("2026-03-08", "2026-03-06T08:00+02:00"),
        ("2026-03-30", "2026-03-27T08:00+02:00"),
        ("2026-03-31", "2026-03-30T08:00+03:00"),
    ],
)
def test_a_promised_date_is_reminded_of_on_the_working_day_before(town, planned, moment):
    start = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    issue = town.accept(town.issue(now=start), town.roads, start)
    day, at = datetime.fromisoformat(planned).date(), datetime.fromisoformat(moment)
    by = {"actor": town.roads_worker, "organisation": town.roads}
    give_answer(issue, Answer("Зробимо.", planned_date=day), now=start, **by)
    assert remind_of_plans(at - timedelta(seconds=1)) == 0
    assert remind_of_plans(at) == 1
    assert remind_of_plans(at + HOUR) == 0
    letter = Notice.objects.get(template="plan_near")
    assert (letter.event.at, letter.user) == (at, town.roads_worker)
    other = day + timedelta(days=7)
    give_answer(issue, Answer("Пізніше.", planned_date=other), now=at + HOUR, **by)
    assert remind_of_plans(at + 10 * DAY) == 1
    assert Event.objects.filter(kind=EventKind.PLAN_NEAR).count() == 2


def test_a_promise_made_on_the_eve_needs_no_reminder(town):
    issue = town.accept(town.issue(now=THURSDAY), town.roads, THURSDAY)
    day = datetime(2026, 3, 6, tzinfo=UTC).date()
    give_answer(
        issue, Answer("Завтра.", planned_date=day), actor=town.roads_worker, organisation=town.roads, now=THURSDAY
    )
    assert remind_of_plans(THURSDAY) == 0
    assert remind_of_plans(THURSDAY + HOUR) == 0
    assert not Event.objects.filter(kind=EventKind.PLAN_NEAR).exists()


def test_what_is_done_needs_no_reminder(town):
    issue = town.accept(town.issue(now=THURSDAY - DAY), town.roads, THURSDAY - DAY)
    day = datetime(2026, 3, 9, tzinfo=UTC).date()
    by = {"actor": town.roads_worker, "organisation": town.roads}
    give_answer(issue, Answer("Зробимо.", planned_date=day), now=THURSDAY - DAY, **by)
    town.finish(issue, town.roads, THURSDAY)
    assert remind_of_plans(MONDAY) == 0


CLOCKS = [
    pytest.param(datetime(2026, 3, 29, 0, 0, tzinfo=UTC), id="forward"),
    pytest.param(datetime(2026, 10, 25, 0, 0, tzinfo=UTC), id="back"),
]


@pytest.mark.parametrize("change", CLOCKS)
def test_neither_clock_change_fires_anything_twice_or_at_another_moment(town, change):
    story(town, 32, change - DAY)
    first, last = change - DAY, change + 3 * DAY
    pass_once(first)
    steady = outcome(lambda: sweeps(first, last, HOUR / 2))
    assert outcome(lambda: pass_once(last)) == steady
    assert len(steady["events"]) > Event.objects.count()


@pytest.mark.parametrize("jump", [DAY, -HOUR, -3 * DAY])
def test_a_clock_that_jumps_fires_nothing_twice(town, jump):
    story(town, 32, THURSDAY)
    steady = outcome(lambda: pass_once(MONDAY))
    jumped = outcome(lambda: pass_once(MONDAY - DAY), lambda: pass_once(MONDAY - DAY + jump), lambda: pass_once(MONDAY))
    assert jumped == steady


def test_what_fell_due_while_nobody_was_there_is_archived_as_of_its_moment(town):
    story(town, 24, THURSDAY)
    closed = {one.pk: one.closed_at for one in IssuePage.objects.filter(status="closed")}
    assert archive_due(MONDAY) > 0
    for issue in IssuePage.objects.filter(status="archived"):
        assert issue.archived_at == closed[issue.pk] + 20 * DAY
        assert issue.deadlines.get(clause="T9").started_at == issue.archived_at
        assert issue.deadlines.get(clause="4.7").cancelled_at == issue.archived_at
