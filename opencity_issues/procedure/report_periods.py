"""The periods of reports on effectiveness (5.4): weeks from Monday to Sunday, months, and any other for general ones (2.9)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opencity_issues.enums import ReportKind

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)

WEEKS_CAUGHT_UP = 4
MONTHS_CAUGHT_UP = 2
"""So many periods back the schedule still makes a draft that it missed."""


@dataclass(frozen=True)
class Period:
    """Local days from the first to the last, both counted in. Raises ValueError where they are reversed."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("a period does not end before it begins")

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def is_week(self) -> bool:
        return self.first_day.weekday() == 0 and self.days == 7

    @property
    def is_month(self) -> bool:
        return self == month_of(self.first_day)

    def previous(self) -> "Period":
        """The month before a whole month; before any other period, as many days."""
        if self.is_month:
            return month_of(self.first_day - ONE_DAY)
        return Period(self.first_day - timedelta(days=self.days), self.first_day - ONE_DAY)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instant (UTC) at which the first day begins, and the one at which the last is over."""
        return _midnight(self.first_day, zone), _midnight(self.last_day + ONE_DAY, zone)

    def is_over(self, today: date) -> bool:
        return self.last_day < today


def week_of(day: date) -> Period:
    """The week, Monday to Sunday, that a day belongs to."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + WEEK - ONE_DAY)


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)


def periods_due(today: date) -> list[tuple[ReportKind, Period]]:
    """What 5.4 asks for by this day, the oldest first: the last whole weeks and months that are still caught up with."""
    due = []
    week, month = week_of(today), month_of(today)
    for _ in range(WEEKS_CAUGHT_UP):
        week = week.previous()
        due.append((ReportKind.WEEKLY, week))
    for _ in range(MONTHS_CAUGHT_UP):
        month = month.previous()
        due.append((ReportKind.MONTHLY, month))
    return sorted(due, key=lambda one: (one[1].last_day, one[0]))


def fits(kind: str, period: Period) -> bool:
    """Whether a report of this kind is about such a period."""
    match kind:
        case ReportKind.WEEKLY:
            return period.is_week
        case ReportKind.MONTHLY:
            return period.is_month
    return True


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # With fold=0 a midnight that the clock skips is read with the offset before the gap, and so lands behind it.
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
