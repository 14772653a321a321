"""What falls due on which day of a month, by the city's calendar; what is overdue already is counted in front."""

import calendar as months
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils.translation import get_language

from opencity_issues.enums import AssignmentState
from opencity_issues.models import Assignment, Organisation
from opencity_issues.models.deadline import DeadlineQuerySet
from opencity_issues.procedure.working_days import WorkingCalendar, named_holidays
from opencity_issues.queries.desk import sets
from opencity_issues.queries.desk.queues import Function
from opencity_issues.queries.desk.sets import today_at

PLANNED = "planned"
"""Stands beside the clauses for the days that organisations promised (4.4)."""


@dataclass(frozen=True)
class Day:
    """`counts`: how many terms of each clause end with this day, and how many parts are promised for it."""

    date: date
    is_working: bool
    is_today: bool
    in_month: bool
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(count for clause, count in self.counts.items() if clause != PLANNED)

    @property
    def clauses(self) -> list[tuple[str, int]]:
        return sorted((clause, count) for clause, count in self.counts.items() if clause != PLANNED)

    @property
    def planned(self) -> int:
        return self.counts.get(PLANNED, 0)


@dataclass(frozen=True)
class Month:
    """Whole weeks from Monday, of the present month from this week on; `overdue` are issues with terms missed before now, by clause."""

    first: date
    weeks: list[list[Day]]
    overdue: list[tuple[str, int]]
    previous: date
    following: date


def month_of_terms(organisation: Organisation, function: Function, first: date, now: datetime) -> Month:
    """The month that begins with `first`: one's own terms in one's work, everybody's for control and moderator."""
    own = organisation if function == Function.WORK else None
    config = organisation.city.config
    working = config.calendar()
    today = today_at(organisation, now)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    if (first.year, first.month) == (today.year, today.month):
        weeks = [week for week in weeks if week[-1] >= today]
    names: dict[date, str] = {}
    for year in {weeks[0][0].year, weeks[-1][-1].year}:
        names |= named_holidays(config.country, year, get_language() or "uk")
    names |= {day.date: day.name for day in config.calendar_days.all() if day.name}
    counts = _counts(organisation, own, weeks[0][0], weeks[-1][-1], now, working)
    return Month(
        first=first,
        weeks=[
            [
                Day(one, working.is_working(one), one == today, one.month == first.month, names.get(one, ""), counts[one])
                for one in week
            ]
            for week in weeks
        ],
        overdue=sorted(Counter(dict(_by_clause(sets.missed(now, own), organisation))).items()),
        previous=(first - timedelta(days=1)).replace(day=1),
        following=(first + timedelta(days=31)).replace(day=1),
    )  # fmt: skip


def _counts(
    organisation: Organisation,
    own: Organisation | None,
    start: date,
    end: date,
    now: datetime,
    working: WorkingCalendar,
) -> dict[date, dict[str, int]]:
    """Terms that still run and end in the weeks shown, from today on, and promised days; by day and clause."""
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    opens, closes = (datetime.combine(one, time.min, tzinfo=working.tz) for one in (start, end + timedelta(days=1)))
    terms = sets.running(own).filter(due_at__gt=max(opens, now), due_at__lte=closes)
    rows = terms.filter(issue__city_id=organisation.city_id).order_by().values("due_at", "clause")
    for row in rows.annotate(count=Count("pk")):
        day = working.last_day(row["due_at"])
        counts[day][row["clause"]] = counts[day].get(row["clause"], 0) + row["count"]
    parts = Assignment.objects.filter(
        planned_date__isnull=False, planned_date__range=(start, end), state=AssignmentState.ACCEPTED
    )
    parts = parts.filter(organisation=own) if own else parts.filter(issue__city_id=organisation.city_id)
    for row in parts.order_by().values("planned_date").annotate(count=Count("pk")):
        promised: date = row["planned_date"]  # never empty: filtered above
        counts[promised][PLANNED] = row["count"]
    return counts


def _by_clause(terms: DeadlineQuerySet, organisation: Organisation) -> list[tuple[str, int]]:
    rows = terms.filter(issue__city_id=organisation.city_id).order_by().values("clause")
    rows = rows.annotate(count=Count("issue", distinct=True))
    return [(row["clause"], row["count"]) for row in rows]
