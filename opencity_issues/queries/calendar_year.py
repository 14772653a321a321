"""A city's calendar of one year, as far as it differs from plain working weeks: for who keeps it to look it over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opencity_issues.models import CitySettings
from opencity_issues.procedure.working_days import UKRAINE, moved_days_off, named_holidays


class Why(StrEnum):
    """Where a day of the list comes from."""

    HOLIDAY = "holiday"
    MOVED = "moved"
    """The day off of a holiday that falls on a weekend."""
    OWN = "own"
    """Entered by the city; it wins over the others."""


@dataclass(frozen=True)
class SpecialDay:
    """`name` may be empty; `in_spite_of_law`: a holiday that is worked while martial law lasts."""

    date: date
    name: str
    is_working: bool
    why: Why
    in_spite_of_law: bool = False


def special_days(settings: CitySettings, year: int, language: str) -> list[SpecialDay]:
    """Public holidays by name, days off moved from weekends, and the city's own days, in the order of the year."""
    calendar = settings.calendar()
    martial = settings.martial_law and settings.country == UKRAINE
    found = {
        day: SpecialDay(day, name, calendar.is_working(day), Why.HOLIDAY, martial and calendar.is_working(day))
        for day, name in named_holidays(settings.country, year, language).items()
    }
    for day in moved_days_off(settings.country, settings.martial_law, year):
        found[day] = SpecialDay(day, "", is_working=calendar.is_working(day), why=Why.MOVED)
    for own in settings.calendar_days.filter(date__year=year):
        found[own.date] = SpecialDay(own.date, own.name, own.is_working, Why.OWN)
    return [found[day] for day in sorted(found)]
