"""What is asked of the statistics: a period of registration, and of the whole city or one part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.models import IssueIndexPage
from opencity_issues.models.map_cell import EVERY_CATEGORY, OF_DISTRICT, OF_ORGANISATION
from opencity_issues.models.period_count import Grain
from opencity_issues.queries.issue_filter import IssueFilter

PARTS = {"category": 0, "district": OF_DISTRICT, "organisation": OF_ORGANISATION}
"""Filters of which one can be asked for, with what is added to their keys in the kept counts."""


@dataclass(frozen=True)
class Asked:
    """`first` and `last` are None for all time, the others are days, both included. `part` is a key of the kept counts."""

    city: IssueIndexPage
    filters: IssueFilter
    errors: dict[str, list[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    kind: str = ""
    """Of the part: "category", "district", "organisation", or nothing for the whole city."""
    part: int = EVERY_CATEGORY

    @property
    def thing(self) -> Any:
        """The category, district or organisation that is asked for."""
        if not self.kind:
            return None
        known = {"category": "categories", "district": "districts", "organisation": "organisations"}
        rows = getattr(self.filters, known[self.kind])
        return next(one for one in rows if one.pk + PARTS[self.kind] == self.part)

    @property
    def key(self) -> str:
        """The value of the part in the list's filter."""
        thing = self.thing
        return "" if thing is None else key_of(self.kind, thing)


def read_asked(given: Mapping[str, Any], city: IssueIndexPage) -> Asked:
    """As the list's filter reads it; a bad value is told and asks for nothing."""
    filters = IssueFilter(given, city=city)
    chosen = {name: filters.chosen[name] for name in PARTS if filters.chosen.get(name)}
    errors = {name: [str(one) for one in messages] for name, messages in filters.errors.items()}
    keys = [(name, key) for name, values in chosen.items() for key in values]
    if len(keys) > 1:
        names = ", ".join(str(filters.filters[name].label) for name in PARTS)
        errors["part"] = [_("Choose one of these at a time: %(names)s.") % {"names": names.lower()}]
        keys = []
    kind, key = keys[0] if keys else ("", EVERY_CATEGORY)
    part = PARTS.get(kind, 0) + key
    return Asked(city, filters, errors, filters.chosen.get("from"), filters.chosen.get("to"), kind, part)


def key_of(kind: str, thing: Any) -> str:
    """The value of a category, district or organisation in the list's filter."""
    return str(getattr(thing, {"category": "code", "organisation": "slug", "district": "pk"}[kind]))


def spans(first: date, last: date, longest: Grain = Grain.YEAR) -> Iterator[tuple[Grain, date]]:
    """The fewest whole years, months and days that make up a period, or months and days, or days."""
    day = first
    while day <= last:
        for grain in sorted(Grain, reverse=True):
            if grain > longest:
                continue
            if grain.first_day(day) == day and (following := next_after(grain, day)) <= last + timedelta(days=1):
                yield grain, day
                day = following
                break


def next_after(grain: Grain, first: date) -> date:
    """The first day of the period that follows."""
    if grain == Grain.YEAR:
        return first.replace(year=first.year + 1)
    if grain == Grain.MONTH:
        return (first + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=1)
