"""What a cabinet's daily letter tells (4.1): what waits for its people now, at most a few rows of each, with the counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import AssignmentState, ContributionKind, Publication
from opencity_issues.models import Assignment, Contribution, Deadline, IssuePage, Organisation
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.desk.queues import TITLES, Function, calling, counts, functions_of, sorted_by

ROWS = 10
TO_ACCEPT = ("4.2", "4.3")
"""Clauses that ask something before an issue is accepted."""

SOON = 3
"""Working days ahead that the letter looks."""


@dataclass(frozen=True)
class DigestRow:
    """One issue. `day` is the last day of the term of `clause`, or the planned date where there is no clause."""

    number: int
    title: str
    address: str
    day: date | None = None
    clause: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Section:
    """What waits of one sort; `count` is of all, `rows` of the first."""

    title: Promise | str
    count: int
    rows: list[DigestRow]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Figure:
    """The count of a queue, as the desk shows it."""

    title: Promise | str
    count: int
    queue: str
    is_late: bool


@dataclass(frozen=True)
class DeskPart:
    """The control body's or the moderator's desk: the counts of what calls for somebody, and the most urgent issues."""

    title: Promise | str
    figures: list[Figure]
    rows: list[DigestRow]


@dataclass
class Digest:
    """All that one letter says."""

    sections: list[Section] = field(default_factory=list)
    desks: list[DeskPart] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things wait; an issue that waits for two reasons is counted for each."""
        return sum(one.count for one in self.sections) + sum(one.count for own in self.desks for one in own.figures)


def digest_of(organisation: Organisation, now: datetime) -> Digest:
    """Read what waits; sections and figures of nothing are left out, so an empty digest needs no letter."""
    calendar = organisation.city.config.calendar()
    digest = Digest()
    functions = functions_of(organisation)
    if Function.WORK in functions:
        digest.sections += [one for one in _own_work(organisation, calendar, now) if one.count]
    desks = [_desk(organisation, one, calendar, now) for one in functions if one != Function.WORK]
    digest.desks += [one for one in desks if one.figures]
    return digest


def _own_work(organisation: Organisation, calendar: WorkingCalendar, now: datetime) -> Iterable[Section]:
    """The organisation's own: overdue, not looked at, to accept, due soon, replied to, promised for these days."""
    soon = calendar.end_of_working_day(now, SOON)
    terms = Deadline.objects.running().filter(
        clause__in=MISSABLE,
        assignment__organisation=organisation,
        issue__publication=Publication.PUBLISHED,
    )
    parts = Assignment.objects.filter(organisation=organisation, issue__publication=Publication.PUBLISHED)
    to_accept = terms.filter(clause__in=TO_ACCEPT, assignment__state=AssignmentState.SENT, due_at__gt=now)
    in_work = terms.filter(assignment__state=AssignmentState.ACCEPTED, due_at__gt=now, due_at__lte=soon)
    planned = parts.filter(state=AssignmentState.ACCEPTED, planned_date__lte=calendar.last_day(soon))
    replies = Contribution.objects.filter(
        kind=ContributionKind.REPLY,
        answers__organisation=organisation,
        hidden_at=None,
        created_at__gt=_previous_letter(organisation, calendar, now),
    )
    yield _of_terms(_("Overdue"), terms.filter(due_at__lte=now), calendar, now)
    yield _of_terms(_("New, nobody has looked yet"), to_accept.filter(assignment__seen_at=None), calendar, now)
    yield _of_terms(_("To accept"), to_accept.exclude(assignment__seen_at=None), calendar, now)
    yield _of_terms(_("Due within three working days"), in_work, calendar, now)
    yield _of_issues(_("The author replied"), replies.order_by("created_at"))
    yield _of_plans(_("Planned for these days"), planned, now.astimezone(calendar.tz).date())


def _previous_letter(organisation: Organisation, calendar: WorkingCalendar, now: datetime) -> datetime:
    """When the letter before this one was due: at the city's hour of the working day before."""
    day = now.astimezone(calendar.tz).date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(organisation.city.config.digest_hour), calendar.tz)


def _of_terms(title: Promise | str, terms: QuerySet[Deadline], calendar: WorkingCalendar, now: datetime) -> Section:
    """Each issue once, with the first of its terms."""
    first: dict[int, Deadline] = {}
    # An issue has at most one running term for each clause.
    for one in terms.select_related("issue").order_by("due_at", "pk")[: ROWS * len(MISSABLE)]:
        first.setdefault(one.issue_id, one)
    rows = [
        DigestRow(
            one.issue.number,
            one.issue.title,
            one.issue.address,
            calendar.last_day(one.due_at),
            one.clause,
            one.due_at <= now,
        )
        for one in list(first.values())[:ROWS]
    ]
    count = terms.values("issue_id").distinct().count() if len(rows) == ROWS else len(rows)
    return Section(title, count, rows)


def _of_issues(title: Promise | str, said: QuerySet[Contribution]) -> Section:
    rows = [
        DigestRow(one.issue.number, one.issue.title, one.issue.address) for one in said.select_related("issue")[:ROWS]
    ]
    return Section(title, said.count() if len(rows) == ROWS else len(rows), rows)


def _of_plans(title: Promise | str, parts: QuerySet[Assignment], today: date) -> Section:
    rows = [
        DigestRow(
            one.issue.number,
            one.issue.title,
            one.issue.address,
            one.planned_date,
            is_late=one.planned_date is not None and one.planned_date < today,
        )
        for one in parts.select_related("issue").order_by("planned_date", "pk")[:ROWS]
    ]
    return Section(title, parts.count() if len(rows) == ROWS else len(rows), rows)


def _desk(organisation: Organisation, function: Function, calendar: WorkingCalendar, now: datetime) -> DeskPart:
    queues = [queue for queue in calling(function) if not queue.people]
    numbers = counts(organisation, queues, now)
    waiting = [queue for queue in queues if numbers[queue.name]]
    figures = [Figure(queue.title, numbers[queue.name], queue.name, queue.late) for queue in waiting]
    found: dict[int, IssuePage] = {}
    for queue in waiting:
        if len(found) < ROWS:
            for issue in sorted_by(queue.found(organisation, now), queue, organisation)[:ROWS]:
                found.setdefault(issue.pk, issue)
    return DeskPart(TITLES[function], figures, _with_terms(list(found.values())[:ROWS], calendar, now))


def _with_terms(issues: list[IssuePage], calendar: WorkingCalendar, now: datetime) -> list[DigestRow]:
    nearest: dict[int, Deadline] = {}
    running = Deadline.objects.running().filter(issue__in=issues, clause__in=MISSABLE)
    for term in running.order_by("due_at"):
        nearest.setdefault(term.issue_id, term)
    rows = []
    for issue in issues:
        due = nearest.get(issue.pk)
        day, clause = (calendar.last_day(due.due_at), due.clause) if due else (None, "")
        rows.append(
            DigestRow(issue.number, issue.title, issue.address, day, clause, due is not None and due.due_at <= now)
        )
    return rows
