"""Does what is kept agree with what happened? Each issue is computed anew from its events and compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction

from opencity_issues.enums import SOLVED, EventKind, Publication, Reopening, Status
from opencity_issues.models import CountedCity, Event, IssueIndexPage, IssuePage, MapCell, Uncounted
from opencity_issues.models.map_cell import recount
from opencity_issues.models.period_count import Grain
from opencity_issues.procedure import lifecycle
from opencity_issues.queries.statistics.day import days_of
from opencity_issues.queries.statistics.kept import wrong_counts

BATCH = 2000

PUBLICATION_AFTER = {
    EventKind.SUBMITTED: Publication.HELD,
    EventKind.HELD: Publication.HELD,
    EventKind.REFUSED: Publication.REFUSED,
    EventKind.TAKEN_DOWN: Publication.TAKEN_DOWN,
    EventKind.PUT_BACK: Publication.PUBLISHED,
    EventKind.WITHDRAWN: Publication.WITHDRAWN,
    EventKind.MERGED: Publication.MERGED,
}


@dataclass(frozen=True)
class Difference:
    """One thing that is kept otherwise than its events say. `number` is the issue's, None for map and statistics."""

    number: int | None
    what: str
    kept: Any
    computed: Any

    def __str__(self) -> str:
        place = f"№ {self.number}" if self.number is not None else "counts"
        return f"{place}: {self.what} is {self.kept!r}, its events make it {self.computed!r}"


@dataclass
class Fold:
    """An issue as its events make it."""

    status: str = Status.OPEN
    again: bool = False
    reopening: str = Reopening.NEVER
    publication: str = Publication.HELD
    count: int = 0
    last: int = 0
    broken: str = ""
    was_public: bool = False

    def take(self, sequence: int, kind: str, transition: str, source: str, target: str) -> None:
        """Go on by one event. A change of status that does not fit the one before is remembered as broken."""
        self.count += 1
        self.last = sequence
        if kind in PUBLICATION_AFTER:
            self.publication = PUBLICATION_AFTER[EventKind(kind)]
        if kind == EventKind.STATUS:
            self._change_status(transition, source, target)

    def _change_status(self, transition: str, source: str, target: str) -> None:
        rows = lifecycle.BY_ID.get(transition)
        if not rows or target != rows[0].target or (source and source != self.status):
            self.broken = self.broken or f"{transition or '?'} {source or '–'} → {target} after {self.status}"
        if transition == "T1":
            self.publication, self.was_public = Publication.PUBLISHED, True
        reopening = rows[0].sets_reopening if rows else None
        if reopening:
            self.again, self.reopening = True, reopening
        elif target in SOLVED:
            self.again = False
        self.status = target


def issue_differences() -> Iterator[Difference]:
    """Every issue against its events, in batches of some thousands: status, again, reopening, publication, numbering."""
    last = 0
    while batch := list(
        IssuePage.objects.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "number", "status", "again", "reopening", "publication", "live", "event_count")[:BATCH]
    ):
        last = batch[-1][0]
        folds = _folds(batch[0][0], last)
        for row in batch:
            yield from _compare(row, folds.get(row[0], Fold()))


def map_differences(*, repair: bool = False) -> Iterator[Difference]:
    """The map's kept counts against the issues, city by city; puts them right where asked to."""
    for city in IssueIndexPage.objects.all():
        with transaction.atomic():
            kept = _cells(city)
            recount(city)
            counted = _cells(city)
            transaction.set_rollback(not repair)
        for place in sorted(kept.keys() | counted.keys()):
            if kept.get(place, 0) != counted.get(place, 0):
                yield Difference(None, f"cell {place} of {city.title}", kept.get(place, 0), counted.get(place, 0))


def statistics_differences() -> Iterator[Difference]:
    """The kept counts of the statistics against the issues, city by city. What waits to be counted is no difference."""
    for counted_city in CountedCity.objects.select_related("city__city_settings"):
        city = counted_city.city
        waiting = set(Uncounted.objects.filter(city=city).values_list("issue_id", flat=True))
        if None in waiting:
            continue
        stale = days_of(city, waiting)
        for grain, first, key, kept, counted in wrong_counts(city):
            if not (grain == Grain.DAY and first in stale):
                yield Difference(None, f"{grain.name.lower()} {first} {key} of {city.title}", kept, counted)


def _folds(first: int, last: int) -> dict[int, Fold]:
    rows = (
        Event.objects.filter(issue_id__gte=first, issue_id__lte=last)
        .order_by("issue_id", "sequence")
        .values_list("issue_id", "sequence", "kind", "transition", "source", "target")
    )
    return {issue_id: _folded(events) for issue_id, events in groupby(rows.iterator(BATCH), key=lambda row: row[0])}


def _folded(events: Iterable[tuple[Any, ...]]) -> Fold:
    fold = Fold()
    for _issue_id, *event in events:
        fold.take(*event)
    return fold


def _compare(row: tuple[Any, ...], fold: Fold) -> Iterator[Difference]:
    _pk, number, status, again, reopening, publication, live, event_count = row
    for what, kept, computed in (
        ("status", status, str(fold.status)),
        ("again", again, fold.again),
        ("reopening", reopening, str(fold.reopening)),
        ("publication", publication, str(fold.publication)),
        ("live", live, publication == Publication.PUBLISHED),
        ("number of events", event_count, fold.count),
        ("last event's number", fold.last, fold.count),
    ):
        if kept != computed:
            yield Difference(number, what, kept, computed)
    if fold.broken:
        yield Difference(number, "order of its changes of status", fold.broken, "a row of the table of 3.2")


def _cells(city: IssueIndexPage) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """(count, sum_x, sum_y) by the key of each cell that counts anything."""
    cells = MapCell.objects.filter(city=city).exclude(count=0, sum_x=0, sum_y=0)
    key, sums = ("status", "category_id", "zoom", "cx", "cy"), ("count", "sum_x", "sum_y")
    return {tuple(row[: len(key)]): tuple(row[len(key) :]) for row in cells.values_list(*key, *sums)}
