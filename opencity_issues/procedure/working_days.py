"""The site's calendar: which days are working days, and when a term that is counted in days ends.

A term never counts the day of its event. A term that ends "with" a day ends at the local midnight that
closes that day, so it is missed when ``now >= due_at``; people are shown the day itself (``last_day``).
Every instant that comes out is an aware datetime in UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

UKRAINE = "UA"
ONE_DAY = timedelta(days=1)
# A calendar whose own exceptions leave no working day within ten years is a mistake, not a long holiday.
LONGEST_SEARCH = 3660


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of one site, in its time zone.

    ``country`` is an ISO 3166 code known to the ``holidays`` package. ``martial_law`` matters for Ukraine
    alone: while it lasts, public holidays are working days and weekends stay days off. ``days`` are the
    site's own exceptions and win over everything: True is a working day, False a day off.
    """

    tz: ZoneInfo
    country: str = UKRAINE
    martial_law: bool = True
    days: Mapping[date, bool] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Keep an own copy of the exceptions; raises ValueError for a country without a calendar."""
        object.__setattr__(self, "days", dict(self.days))
        if not is_known_country(self.country):
            raise ValueError(f"no calendar of working days for country {self.country!r}")

    def is_working(self, day: date) -> bool:
        """Whether offices of the site's country work on this day."""
        own = self.days.get(day)
        if own is not None:
            return own
        return day not in _days_off(self.country, self.martial_law, day.year)

    def end_of_working_day(self, start: datetime, days: int) -> datetime:
        """The end of the ``days``-th working day after the day of ``start``."""
        day = self._local_day(start)
        for _ in range(_positive(days)):
            day = self._first_working(day + ONE_DAY)
        return self._end_of(day)

    def calendar_days_then_working(self, start: datetime, days: int) -> datetime:
        """The end of the ``days``-th calendar day; an end on a day off moves to the next working day."""
        return self._end_of(self._first_working(self._local_day(start) + timedelta(days=_positive(days))))

    def same_time_after(self, start: datetime, days: int) -> datetime:
        """The same local wall-clock time ``days`` calendar days later.

        A time that the clock skips moves forward by what was skipped; of a time that comes twice, the first.
        """
        local = _aware(start).astimezone(self.tz)
        return self._instant(local.replace(tzinfo=None, fold=0) + timedelta(days=_positive(days)))

    def working_day_before(self, day: date) -> date:
        """The nearest working day before ``day``."""
        for offset in range(1, LONGEST_SEARCH):
            if self.is_working(day - timedelta(days=offset)):
                return day - timedelta(days=offset)
        raise ValueError(f"the calendar has no working day in the ten years before {day}")

    def local_time(self, day: date, hour: int) -> datetime:
        """The instant (UTC) of a full hour of a local day; of an hour that comes twice, the first."""
        return self._instant(datetime.combine(day, time(hour)))

    def last_day(self, due_at: datetime) -> date:
        """The day to show to people for ``due_at``: the last local day of which some part is in time."""
        return (_aware(due_at).astimezone(UTC) - timedelta(microseconds=1)).astimezone(self.tz).date()

    def _local_day(self, moment: datetime) -> date:
        return _aware(moment).astimezone(self.tz).date()

    def _first_working(self, day: date) -> date:
        """``day`` itself or the nearest working day after it."""
        for offset in range(LONGEST_SEARCH):
            if self.is_working(day + timedelta(days=offset)):
                return day + timedelta(days=offset)
        raise ValueError(f"the calendar has no working day in the ten years after {day}")

    def _end_of(self, day: date) -> datetime:
        return self._instant(datetime.combine(day + ONE_DAY, time.min))

    def _instant(self, wall_clock: datetime) -> datetime:
        # With fold=0 a skipped time is read with the offset before the gap, and so lands behind it.
        return wall_clock.replace(tzinfo=self.tz, fold=0).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a term is counted from an aware datetime only")
    return moment


def _positive(days: int) -> int:
    if days < 1:
        raise ValueError("a term has at least one day")
    return days


@lru_cache(maxsize=32)
def is_known_country(country: str) -> bool:
    """Whether the ``holidays`` package has a calendar for this ISO 3166 code."""
    try:
        holidays.country_holidays(country)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=256)
def _days_off(country: str, martial_law: bool, year: int) -> frozenset[date]:
    """Every day off of one year: weekends, public holidays and days off moved from weekends."""
    if country != UKRAINE:
        is_working = holidays.country_holidays(country, years=year).is_working_day
        return _days_of_year(year, lambda day: not is_working(day))
    if martial_law:
        return _days_of_year(year, holidays.country_holidays(country, years=year).is_weekend)
    return _ukraine_in_peace(year)


def _ukraine_in_peace(year: int) -> frozenset[date]:
    """Labour Code, articles 67 and 73: a holiday on a day off moves the day off to the day after it.

    The package files the holidays of the martial-law years under ``workday`` and moves none of them, so
    both categories are read as they stand and moved here. Weekend days that a government order made
    working days in exchange for others (until 2022) are known to it.
    """
    every = (holidays.PUBLIC, holidays.WORKDAY)
    known = holidays.country_holidays(UKRAINE, years=year, observed=False, categories=every)
    weekends = _days_of_year(year, known.is_weekend)
    off = set(weekends) | set(known)
    for holiday in sorted(set(known) & weekends):
        moved = holiday
        while moved in off:
            moved += ONE_DAY
        off.add(moved)
    return frozenset(off - known.weekend_workdays)


def _days_of_year(year: int, wanted: Callable[[date], bool]) -> frozenset[date]:
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return frozenset(day for day in (first + timedelta(days=n) for n in range(length)) if wanted(day))


def named_holidays(country: str, year: int, language: str) -> dict[date, str]:
    """The public holidays of a year by their names, in the language where the package has it, each on its own date.

    For Ukraine also those that are worked while martial law lasts.
    """
    every = (holidays.PUBLIC, holidays.WORKDAY) if country == UKRAINE else None
    known = holidays.country_holidays(country, years=year, observed=False, categories=every, language=language)
    return {day: known[day] for day in sorted(known) if day.year == year}


def moved_days_off(country: str, martial_law: bool, year: int) -> list[date]:
    """Days off of a year that are neither weekends nor holidays themselves: a holiday on a weekend moved its day off there."""
    known = holidays.country_holidays(country, years=year)
    named = named_holidays(country, year, "en")
    return sorted(
        day for day in _days_off(country, martial_law, year) if day not in named and not known.is_weekend(day)
    )
