"""The date that an organisation has promised to an author comes near: it is reminded once a date (4.4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from opencity_issues.actions.clock.due_batches import carry_out
from opencity_issues.actions.record_event import Happening, locked_if_free, record_many
from opencity_issues.enums import ACTIVE_ASSIGNMENTS, UNSOLVED, EventKind, Party, Publication
from opencity_issues.models import Assignment, CitySettings, IssuePage

AT_MOST_AHEAD = timedelta(days=31)
"""How far ahead promised dates are looked at: further than any row of days off before one of them."""


def remind_of_plans(now: datetime | None = None) -> int:
    """Remind of each promised date on the working day before it, at the hour of the daily letters; returns how many.

    It is recorded as of that hour, however late this runs; a letter goes only while the date has not passed. A promise that
    was made after that hour needs no reminder. Safe to run twice and at once.
    """
    now = now or timezone.now()
    moments = _Moments()
    near = Assignment.objects.filter(
        ~Q(plan_reminded_for=F("planned_date")) | Q(plan_reminded_for=None),
        state__in=ACTIVE_ASSIGNMENTS,
        planned_date__lte=(now + AT_MOST_AHEAD).date(),
        issue__publication=Publication.PUBLISHED,
        issue__status__in=UNSOLVED,
    ).order_by("planned_date", "pk")
    rows = near.values_list("issue_id", "issue__city_id", "planned_date")
    due = [issue_id for issue_id, city_id, planned in rows if planned and moments.of(city_id, planned) <= now]
    return carry_out(due, lambda ids: _remind(ids, moments, now))


class _Moments:
    """When a promised date is reminded of, by city; each is worked out once."""

    def __init__(self) -> None:
        self.settings = {one.city_id: one for one in CitySettings.objects.all()}
        self.calendars = {city_id: one.calendar() for city_id, one in self.settings.items()}
        self.known: dict[tuple[int, date], datetime] = {}

    def of(self, city_id: int, planned: date) -> datetime:
        if (city_id, planned) not in self.known:
            calendar, hour = self.calendars[city_id], self.settings[city_id].digest_hour
            self.known[city_id, planned] = calendar.local_time(calendar.working_day_before(planned), hour)
        return self.known[city_id, planned]

    def today(self, city_id: int, now: datetime) -> date:
        return now.astimezone(self.calendars[city_id].tz).date()


def _remind(ids: Sequence[int], moments: _Moments, now: datetime) -> int:
    with transaction.atomic():
        reminded: list[int] = []
        histories: list[tuple[IssuePage, list[Happening]]] = []
        for issue in locked_if_free(ids):
            due = [one for one in issue.assignments.all() if _is_due(one, issue, moments, now)]
            reminded += [one.pk for one in due]
            happenings = [
                _happening(one, issue, moments, now) for one in due if _was_promised_before(one, issue, moments)
            ]
            if happenings:
                histories.append((issue, happenings))
        Assignment.objects.filter(pk__in=reminded).update(plan_reminded_for=F("planned_date"))
        record_many(histories)
        return sum(len(happenings) for _issue, happenings in histories)


def _is_due(assignment: Assignment, issue: IssuePage, moments: _Moments, now: datetime) -> bool:
    planned = assignment.planned_date
    return (
        planned is not None
        and planned != assignment.plan_reminded_for
        and assignment.is_active
        and issue.publication == Publication.PUBLISHED
        and issue.status in UNSOLVED
        and moments.of(issue.city_id, planned) <= now
    )


def _was_promised_before(assignment: Assignment, issue: IssuePage, moments: _Moments) -> bool:
    made = [moment for moment in (assignment.accepted_at, assignment.answered_at) if moment is not None]
    return assignment.planned_date is not None and (
        not made or max(made) < moments.of(issue.city_id, assignment.planned_date)
    )


def _happening(assignment: Assignment, issue: IssuePage, moments: _Moments, now: datetime) -> Happening:
    planned = assignment.planned_date or moments.today(issue.city_id, now)
    return Happening(
        kind=EventKind.PLAN_NEAR,
        at=moments.of(issue.city_id, planned),
        party=Party.SYSTEM,
        organisation=assignment.organisation,
        data={"day": planned.isoformat()},
        notify=moments.today(issue.city_id, now) <= planned,
    )
