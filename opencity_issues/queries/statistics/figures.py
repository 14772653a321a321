"""The statistics of a period, read from the kept counts alone: how much there was, where it stands, how long answers take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum

from opencity_issues.enums import SOLVED, UNSOLVED, Status
from opencity_issues.models import CountedCity, PeriodCount
from opencity_issues.models.map_cell import EVERY_CATEGORY
from opencity_issues.models.period_count import Grain, Measure
from opencity_issues.queries.statistics.asked import PARTS, Asked, key_of, next_after, spans
from opencity_issues.queries.statistics.medians import Duration

Counts = Counter[tuple[str, int]]
"""Of one part, by measure and bucket."""

DAYS_AT_MOST, WEEKS_AT_MOST = 45, 190
"""Days of a period that is told by day, and by week; a longer one by month."""


@dataclass(frozen=True)
class Line:
    """One part of the city: a category, a district, an organisation, or all of it (`key` is empty)."""

    key: str
    name: str
    counts: Counts
    today: date

    def number(self, *measures: str) -> int:
        return sum(self.counts[measure, 0] for measure in measures)

    @property
    def total(self) -> int:
        return self.number(*Status.values)

    @property
    def unsolved(self) -> int:
        return self.number(*UNSOLVED)

    @property
    def solved(self) -> int:
        return self.number(*SOLVED)

    @property
    def overdue(self) -> int:
        return self.number(Measure.LATE)

    @property
    def in_time(self) -> int:
        """Not solved yet, and not overdue."""
        return max(self.unsolved - self.overdue, 0)

    @property
    def solved_share(self) -> int:
        """Of all, in per cent."""
        return round(100 * self.solved / self.total) if self.total else 0

    @cached_property
    def to_acceptance(self) -> Duration:
        return self._duration(Measure.TO_ACCEPTANCE, Measure.WAITS_ACCEPTANCE)

    @cached_property
    def to_closing(self) -> Duration:
        """To the first closing; an organisation's own is to the end of its term of 4.4, by solving or by a justified answer."""
        return self._duration(Measure.TO_CLOSING, Measure.WAITS_CLOSING)

    def _duration(self, ended: str, waits: str) -> Duration:
        days: Counter[int] = Counter()
        waiting: Counter[int] = Counter()
        for (measure, bucket), count in self.counts.items():
            if measure == ended:
                days[bucket] += count
            elif measure == waits:
                waiting[max((self.today - date.fromordinal(bucket)).days, 0)] += count
        return Duration.of(days, waiting)


@dataclass(frozen=True)
class Step:
    """A day, week or month of the period: issues registered in it, and issues solved in it, whenever registered."""

    first: date
    last: date
    registered: int
    solved: int


@dataclass(frozen=True)
class Statistics:
    """`first` and `last` are the days that are told; None where nothing was ever registered."""

    asked: Asked
    counted_at: datetime | None
    first: date | None
    last: date | None
    whole: Line
    step: str
    """"day", "week" or "month"."""
    steps: list[Step]
    lines: dict[str, list[Line]]
    """By "category", "district", "organisation": the parts of what is asked for, most issues first."""

    @property
    def statuses(self) -> list[tuple[Status, int]]:
        return [(status, self.whole.number(status)) for status in Status]


def statistics_of(asked: Asked, now: datetime) -> Statistics:
    """A dozen questions at most, however many issues the city has."""
    today = now.astimezone(asked.city.config.zone).date()
    counted_at = CountedCity.objects.filter(city=asked.city).values_list("counted_at", flat=True).first()
    first, last = _told_days(asked, today)
    things = _things(asked)
    parts = {PARTS[kind] + thing.pk for kind, rows in things.items() for thing in rows} | {asked.part}
    counts = _counts(asked, first, last, parts) if first and last else {}

    def line(part: int, key: str, name: str) -> Line:
        return Line(key, name, counts.get(part, Counter()), today)

    lines = {}
    for kind, rows in things.items():
        found = [line(PARTS[kind] + thing.pk, key_of(kind, thing), thing.name) for thing in rows]
        lines[kind] = sorted((one for one in found if one.total), key=lambda one: -one.total)
    step, steps = _steps(asked, first, last) if first and last else ("month", [])
    name = asked.thing.name if asked.kind else ""
    return Statistics(asked, counted_at, first, last, line(asked.part, asked.key, name), step, steps, lines)


def _told_days(asked: Asked, today: date) -> tuple[date | None, date | None]:
    """The period, cut to the days that have anything; all of those where none is given."""
    years = PeriodCount.objects.filter(city=asked.city, grain=Grain.YEAR, part=EVERY_CATEGORY).aggregate(
        first=Min("first_day"), last=Max("first_day")
    )
    if years["first"] is None:
        return None, None
    edge = PeriodCount.objects.filter(
        city=asked.city,
        grain=Grain.DAY,
        first_day__gte=years["first"],
        first_day__lt=next_after(Grain.YEAR, years["first"]),
    ).aggregate(first=Min("first_day"))
    first = max(filter(None, (edge["first"] or years["first"], asked.first)))
    last = min(filter(None, (today, asked.last)))
    return (first, last) if first <= last else (None, None)


def _things(asked: Asked) -> dict[str, list[Any]]:
    """The parts to be told of: of the whole city every kind; of a category those under it; of the others nothing."""
    filters = asked.filters
    if not asked.kind:
        roots = [one for one in filters.categories if one.parent_id is None]
        return {"category": roots, "district": filters.districts, "organisation": filters.organisations}
    if asked.kind == "category":
        return {"category": [one for one in filters.categories if one.parent_id == asked.thing.pk]}
    return {}


def _counts(asked: Asked, first: date, last: date, parts: Collection[int]) -> dict[int, Counts]:
    found: dict[int, Counts] = defaultdict(Counter)
    for rows in _rows(asked, spans(first, last), parts):
        sums = rows.exclude(measure=Measure.SOLVED).order_by().values_list("part", "measure", "bucket")
        for part, measure, bucket, count in sums.annotate(Sum("count")).iterator(5000):
            found[part][measure, bucket] += count
    return found


def _rows(
    asked: Asked, pieces: Iterable[tuple[Grain, date]], parts: Collection[int]
) -> Iterator[QuerySet[PeriodCount]]:
    """The kept counts of these pieces, one question a length. Each first day is named: in a range the index would lead
    past the parts of everything else too.
    """
    by_grain: dict[Grain, list[date]] = defaultdict(list)
    for grain, day in pieces:
        by_grain[grain].append(day)
    for grain, days in by_grain.items():
        yield PeriodCount.objects.filter(city=asked.city, grain=grain, first_day__in=days, part__in=parts)


def _steps(asked: Asked, first: date, last: date) -> tuple[str, list[Step]]:
    """The series of the period, every step in it, also those with nothing."""
    length = (last - first).days + 1
    step = "day" if length <= DAYS_AT_MOST else "week" if length <= WEEKS_AT_MOST else "month"
    edges = list(_edges(first, last, step))
    counted: dict[date, Counter[str]] = defaultdict(Counter)
    for day, measure, count in _series(asked, first, last, step):
        counted[_begin(day, step, first)]["solved" if measure == Measure.SOLVED else "registered"] += count
    return step, [Step(begin, end, counted[begin]["registered"], counted[begin]["solved"]) for begin, end in edges]


def _series(asked: Asked, first: date, last: date, step: str) -> Iterator[tuple[date, str, int]]:
    """What was registered and solved, by day, or by month where the steps are months."""
    longest = Grain.MONTH if step == "month" else Grain.DAY
    for rows in _rows(asked, spans(first, last, longest), [asked.part]):
        counted = rows.filter(measure__in=(*Status.values, Measure.SOLVED)).order_by()
        yield from counted.values_list("first_day", "measure", "count").iterator(5000)


def _begin(day: date, step: str, first: date) -> date:
    """The first day of the step that a day lies in, within the period."""
    if step == "day":
        return day
    return max(day - timedelta(days=day.weekday()) if step == "week" else day.replace(day=1), first)


def _edges(first: date, last: date, step: str) -> Iterator[tuple[date, date]]:
    """First and last day of each step."""
    begin = first
    while begin <= last:
        if step == "month":
            following = next_after(Grain.MONTH, begin.replace(day=1))
        elif step == "week":
            following = begin + timedelta(days=7 - begin.weekday())
        else:
            following = begin + timedelta(days=1)
        yield begin, min(following - timedelta(days=1), last)
        begin = following
