"""What a day counts for in the statistics, computed from the issues' own rows: the one definition of every figure.

An issue counts while it is published, on the day when it was registered; what is solved also on the day when it was closed
last. Durations are differences of calendar days in the city's zone: 0 is the same day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Min

from opencity_issues.enums import NOT_THEIRS, SOLVED, UNSOLVED, EventKind, Status
from opencity_issues.models import (
    Assignment,
    Category,
    Deadline,
    Event,
    IssueCategory,
    IssueIndexPage,
    IssuePage,
    Measure,
)
from opencity_issues.models.map_cell import EVERY_CATEGORY, OF_DISTRICT, OF_ORGANISATION
from opencity_issues.procedure.deadlines import MISSABLE

Count = tuple[int, str, int]
"""Part, measure, bucket."""

CHUNK = 5000
"""Keys asked for at once: databases limit the parameters of a question."""


@dataclass
class _Term:
    """The first clock of an organisation's clause that was not cancelled."""

    organisation_id: int
    started_at: datetime
    met_at: datetime | None
    is_missed: bool


@dataclass
class _Known:
    """What is known of one issue."""

    status: str
    registered: date
    parts: set[int]
    organisations: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    """Clauses do not matter: organisations with a recorded miss of 4.2–4.4 that still runs."""
    firsts: dict[str, date] = field(default_factory=dict)
    """By status: the day when the issue first came into it."""
    missed: set[str] = field(default_factory=set)
    """Clauses with a recorded miss that still runs."""
    terms: dict[tuple[int, str], _Term] = field(default_factory=dict)


def count_day(city: IssueIndexPage, day: date) -> Counter[Count]:
    """Everything that this day counts for. Ten questions, however many issues it has (up to 5,000)."""
    start, end = _instants(city, day)
    issues = IssuePage.objects.published().in_city(city)
    found: Counter[Count] = Counter()
    for known in _known(city, issues.filter(submitted_at__gte=start, submitted_at__lt=end)):
        _count_issue(found, known, city)
    solved = issues.filter(closed_at__gte=start, closed_at__lt=end, status__in=SOLVED)
    for parts in _parts_of(solved.values_list("pk", "district_id")).values():
        found.update((part, str(Measure.SOLVED), 0) for part in parts)
    return found


def days_of(city: IssueIndexPage, issues: Collection[int]) -> set[date]:
    """On which days these issues count: those of their registration and of every time they were closed."""
    zone, days = city.config.zone, set()
    for keys in _chunks(sorted(issues)):
        moments = [
            *IssuePage.objects.filter(pk__in=keys).order_by().values_list("submitted_at", flat=True),
            *Event.objects.filter(issue_id__in=keys, kind=EventKind.STATUS, target=Status.CLOSED)
            .order_by()
            .values_list("at", flat=True),
        ]
        days |= {moment.astimezone(zone).date() for moment in moments}
    return days


def _count_issue(found: Counter[Count], known: _Known, city: IssueIndexPage) -> None:
    zone = city.config.zone
    every = known.parts | {OF_ORGANISATION + key for key in known.organisations}
    found.update((part, known.status, 0) for part in every)
    late = known.parts if known.late else set()
    found.update((part, str(Measure.LATE), 0) for part in late | {OF_ORGANISATION + key for key in known.late})
    for status, clause, ended, waits in (
        (Status.ACCEPTED, "4.3", Measure.TO_ACCEPTANCE, Measure.WAITS_ACCEPTANCE),
        (Status.CLOSED, "4.4", Measure.TO_CLOSING, Measure.WAITS_CLOSING),
    ):
        if first := known.firsts.get(status):
            days = max((first - known.registered).days, 0)
            found.update((part, str(ended), days) for part in known.parts)
        elif clause in known.missed and known.status in UNSOLVED:
            found.update((part, str(waits), known.registered.toordinal()) for part in known.parts)
        for (_assignment, own), term in known.terms.items():
            if own != clause:
                continue
            part, started = OF_ORGANISATION + term.organisation_id, term.started_at.astimezone(zone).date()
            if term.met_at is not None:
                days = max((term.met_at.astimezone(zone).date() - started).days, 0)
                found[part, str(ended), days] += 1
            elif term.is_missed:
                found[part, str(waits), started.toordinal()] += 1


def _known(city: IssueIndexPage, issues: Iterable) -> Iterable[_Known]:
    zone = city.config.zone
    rows = list(issues.order_by().values_list("pk", "status", "submitted_at", "district_id"))
    parts = _parts_of([(pk, district) for pk, _status, _at, district in rows], organisations=False)
    known = {pk: _Known(status, at.astimezone(zone).date(), parts[pk]) for pk, status, at, _district in rows}
    for keys in _chunks(list(known)):
        _read_organisations(known, keys)
        firsts = Event.objects.filter(
            issue_id__in=keys, kind=EventKind.STATUS, target__in=(Status.ACCEPTED, Status.CLOSED)
        )
        for pk, target, at in firsts.order_by().values_list("issue_id", "target").annotate(first=Min("at")):
            known[pk].firsts[target] = at.astimezone(zone).date()
    return known.values()


def _read_organisations(known: dict[int, _Known], keys: list[int]) -> None:
    theirs = Assignment.objects.filter(issue_id__in=keys).exclude(state__in=NOT_THEIRS).order_by()
    whose: dict[int, int] = {}
    for pk, issue_id, organisation_id in theirs.values_list("pk", "issue_id", "organisation_id"):
        known[issue_id].organisations.add(organisation_id)
        whose[pk] = organisation_id
    clocks = Deadline.objects.filter(issue_id__in=keys, clause__in=MISSABLE, cancelled_at=None)
    columns = ("issue_id", "assignment_id", "clause", "started_at", "met_at", "missed_at")
    for issue_id, assignment_id, clause, started_at, met_at, missed_at in clocks.order_by(
        "started_at", "pk"
    ).values_list(*columns):
        one, is_missed = known[issue_id], met_at is None and missed_at is not None
        if is_missed:
            one.missed.add(clause)
        if assignment_id not in whose:
            continue
        if is_missed:
            one.late.add(whose[assignment_id])
        term = _Term(whose[assignment_id], started_at, met_at, is_missed)
        one.terms.setdefault((assignment_id, clause), term)


def _parts_of(rows: Iterable[tuple[int, int | None]], *, organisations: bool = True) -> dict[int, set[int]]:
    """What each of these issues (key, district's key) belongs to: every branch above its categories, once."""
    parts = {
        pk: {EVERY_CATEGORY} | ({OF_DISTRICT + district} if district is not None else set()) for pk, district in rows
    }
    if not parts:
        return parts
    lineages = {line[0]: line for line in Category.objects.lineages()}
    for keys in _chunks(list(parts)):
        for issue_id, category_id in (
            IssueCategory.objects.filter(issue_id__in=keys).order_by().values_list("issue_id", "category_id")
        ):
            parts[issue_id].update(lineages[category_id])
        if organisations:
            theirs = Assignment.objects.filter(issue_id__in=keys).exclude(state__in=NOT_THEIRS).order_by()
            for issue_id, organisation_id in theirs.values_list("issue_id", "organisation_id"):
                parts[issue_id].add(OF_ORGANISATION + organisation_id)
    return parts


def _instants(city: IssueIndexPage, day: date) -> tuple[datetime, datetime]:
    zone = city.config.zone
    return (
        datetime.combine(day, time.min, tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone),
    )


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
