"""A cabinet as it is shown: the queues with counts, one page of rows, and the open issue, in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Prefetch, Q

from opencity_issues.enums import AssignmentState, Publication
from opencity_issues.models import Assignment, Citizen, Deadline, IssuePage, Look, Membership, Organisation
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.desk.calls import Called, called
from opencity_issues.queries.desk.narrowing import DeskFilter, narrow
from opencity_issues.queries.desk.queues import MOST, Function, Queue, calling, counts, queues_of, sorted_by
from opencity_issues.queries.desk.reasons import FACTS, Reason, reasons_of
from opencity_issues.queries.desk.sets import absent, today_at
from opencity_issues.queries.desk.sight import Sight

ROWS = 25


@dataclass(frozen=True)
class Row:
    """One issue in the middle pane. `due` is the nearest running term that concerns this cabinet."""

    issue: IssuePage
    due: Deadline | None
    is_late: bool
    unread: bool
    shows_organisations: bool
    organisations: list[str]
    categories: list[str]
    reasons: list[Reason]

    @property
    def number(self) -> int:
        return self.issue.number


@dataclass
class Desk:
    """All that a cabinet's page shows. `people` is filled in the queue of blocked people, `rows` in every other."""

    organisation: Organisation
    queues: list[Queue]
    counts: dict[str, int]
    queue: Queue
    page: Page
    rows: list[Row] = field(default_factory=list)
    people: list[Citizen] = field(default_factory=list)
    opened: IssuePage | None = None
    """The issue asked for by its number, where this cabinet may see it."""
    looked: bool = True
    """Whether the person asked for has looked into this cabinet today (4.1)."""
    absences: list[Membership] = field(default_factory=list)
    """Today's absences that concern the person: the own one, and those of whom he or she stands in for."""


def desk(
    organisation: Organisation,
    queue_name: str,
    narrowed: DeskFilter,
    page: int | str,
    number: int | None,
    now: datetime,
    user_id: int | None = None,
) -> Desk:
    """Read a cabinet. An unknown queue gives what calls for somebody now; rows cost nothing by their number."""
    queues = queues_of(organisation, user_id)
    looks = Look.objects.filter(organisation=organisation, day=today_at(organisation, now), user_id=user_id)
    away = absent(organisation, now).filter(Q(deputy__user_id=user_id) | Q(user_id=user_id))
    calls = _calls(organisation, queues, now)
    others = [one for one in queues if one.set_of is not None]
    numbers = counts(organisation, others, now, looked=Exists(looks), away=Exists(away))
    numbers |= _call_counts(calls, queues, numbers)
    looked = bool(numbers.pop("looked"))
    absences = list(away.select_related("user", "deputy__user")) if numbers.pop("away") else []
    queue = chosen_queue(queues, numbers, queue_name)
    if queue.people:
        found = queue.found(organisation, now).select_related("user", "blocked_by").order_by("-blocked_at")
        shown = _page(found, page, numbers[queue.name])
        return Desk(organisation, queues, numbers, queue, shown, people=list(shown), looked=looked, absences=absences)
    known = None if narrowed.is_set else calls.get(queue.name)
    found = known.keys if known else keys_of(organisation, queue, narrowed, now)
    shown = _page(found, page, None if narrowed.is_set or known else numbers[queue.name])
    keys = list(shown)
    # The open issue is read along with the rows: it costs no queries of its own.
    issues = read(Q(pk__in=keys) | Q(number=number) if number else Q(pk__in=keys), organisation)
    by_key = {issue.pk: issue for issue in issues}
    rows = [row_of(by_key[key], organisation, queue, now) for key in keys if key in by_key]
    opened = next((issue for issue in issues if issue.number == number and is_on_desk(issue, organisation)), None)
    return Desk(organisation, queues, numbers, queue, shown, rows=rows, opened=opened, looked=looked, absences=absences)


def numbers_of(organisation: Organisation, now: datetime) -> dict[str, int]:
    """How many are in each queue of an organisation, MOST at most."""
    queues = queues_of(organisation)
    numbers = counts(organisation, [one for one in queues if one.set_of is not None], now)
    return numbers | _call_counts(_calls(organisation, queues, now), queues, numbers)


def _calls(organisation: Organisation, queues: list[Queue], now: datetime) -> dict[str, Called]:
    """What needs each function of the organisation now: one query for each of them."""
    return {one.name: called(organisation, one.function, DeskFilter(), now) for one in queues if one.set_of is None}


def _call_counts(calls: dict[str, Called], queues: list[Queue], numbers: dict[str, int]) -> dict[str, int]:
    functions = {queue.name: queue.function for queue in queues}
    return {
        name: found.count(numbers.get(kind.name, 0) for kind in calling(functions[name]))
        for name, found in calls.items()
    }


def chosen_queue(queues: list[Queue], numbers: dict[str, int], name: str) -> Queue:
    """The queue of this name; otherwise what needs somebody now, of the first function that has any."""
    by_name = {queue.name: queue for queue in queues}
    urgent = [queue for queue in queues if queue.set_of is None]
    return by_name.get(name) or next((one for one in urgent if numbers[one.name]), queues[0])


def keys_of(organisation: Organisation, queue: Queue, narrowed: DeskFilter, now: datetime) -> Sequence[int]:
    """The keys of a queue's issues as narrowed and in its order, MOST at most; nothing is read before it is asked for."""
    if queue.set_of is None:
        return called(organisation, queue.function, narrowed, now).keys
    found = narrow(queue.found(organisation, now), narrowed, organisation, queue.function, now)
    return sorted_by(found, queue, organisation).values_list("pk", flat=True)  # type: ignore[no-any-return]


def issue_on_desk(organisation: Organisation, number: int) -> IssuePage | None:
    """One issue that a cabinet may see, read afresh, or None."""
    issue = next(iter(read(Q(number=number), organisation)), None)
    return issue if issue is not None and is_on_desk(issue, organisation) else None


def issues_on_desk(organisation: Organisation, numbers: Iterable[int]) -> list[IssuePage]:
    """Those of some issues that a cabinet may see, by number; the queries do not grow with them."""
    issues = read(Q(number__in=list(numbers)), organisation)
    return sorted((one for one in issues if is_on_desk(one, organisation)), key=lambda one: one.number)


def is_on_desk(issue: IssuePage, organisation: Organisation) -> bool:
    """Organisations see what was sent to them, control body and moderator all of the city; the unpublished only the moderator."""
    if issue.city_id != organisation.city_id:
        return False
    if organisation.is_moderator:
        return True
    if issue.publication != Publication.PUBLISHED:
        return False
    return organisation.is_control_body or own_assignment(issue, organisation) is not None


def own_assignment(issue: IssuePage, organisation: Organisation) -> Assignment | None:
    """The organisation's part of an issue, whatever its state but withdrawn; reads what is prefetched."""
    for assignment in issue.assignments.all():
        if assignment.organisation_id == organisation.pk and assignment.state != AssignmentState.WITHDRAWN:
            return assignment
    return None


def row_of(issue: IssuePage, organisation: Organisation, queue: Queue, now: datetime) -> Row:
    """A row of a queue from an issue read with its parts."""
    own = own_assignment(issue, organisation) if queue.function == Function.WORK else None
    due = nearest_due(issue.deadlines.all(), own)
    return Row(
        issue=issue,
        due=due,
        is_late=due is not None and due.is_overdue(now),
        unread=own is not None and own.state == AssignmentState.SENT and own.seen_at is None,
        shows_organisations=queue.function != Function.WORK or len(issue.assignments.all()) > 1,
        organisations=[one.organisation.name for one in issue.assignments.all() if one.is_active or one.done_at],
        categories=[category.name for category in issue.categories.all()],
        reasons=reasons_of(Sight(issue, queue.function, own, now), queue.name),
    )


def nearest_due(deadlines: Iterable[Deadline], own: Assignment | None) -> Deadline | None:
    """The running term of 4.2–4.4 that ends first: of one's own part, or of any where there is none."""
    running = [
        one
        for one in deadlines
        if one.met_at is None
        and one.cancelled_at is None
        and one.clause in MISSABLE
        and (own is None or one.assignment_id == own.pk)
    ]
    return min(running, key=lambda one: one.due_at, default=None)


def read(condition: Q, organisation: Organisation, *with_it: str) -> list[IssuePage]:
    """Issues of the organisation's city with all that a desk says of them; four queries whatever their number.

    `with_it` names what else each refers to and is read along.
    """
    issues = list(
        IssuePage.objects.filter(condition, city_id=organisation.city_id)
        .select_related("author", *with_it)
        .annotate(**FACTS)
        .order_by()
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("organisation")), "deadlines", "categories"
        )
    )
    for issue in issues:
        issue.city = organisation.city  # read once, with its settings
    return issues


def _page(found: Any, page: int | str, count: int | None) -> Page:
    paginator = Paginator(found, ROWS)
    if count is not None:
        paginator.count = min(count, MOST)
    return paginator.get_page(page)
