"""A cabinet as it is shown: the queues with counts, one page of rows, and the open issue, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from opencity_issues.enums import AssignmentState, Publication
from opencity_issues.models import Assignment, Category, Citizen, Deadline, IssuePage, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk_queues import WORKING_CLAUSES, Function, Queue, counts, queues_of, sorted_by

ROWS = 25


@dataclass(frozen=True)
class DeskFilter:
    """What narrows a queue: words of title, text or address, or a number; a status; a category with those below it."""

    text: str = ""
    status: str = ""
    category: Category | None = None

    @property
    def is_set(self) -> bool:
        return bool(self.text or self.status or self.category)


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


def desk(
    organisation: Organisation,
    queue_name: str,
    narrowed: DeskFilter,
    page: int | str,
    number: int | None,
    now: datetime,
) -> Desk:
    """Read a cabinet. An unknown queue gives the most urgent one that is not empty; rows cost nothing by their number."""
    queues = queues_of(organisation)
    numbers = counts(organisation, queues, now)
    by_name = {queue.name: queue for queue in queues}
    queue = by_name.get(queue_name) or next((one for one in queues if numbers[one.name] and not one.people), queues[0])
    found = queue.found(organisation, now)
    if queue.people:
        shown = _page(found.select_related("user", "blocked_by").order_by("-blocked_at"), page, numbers[queue.name])
        return Desk(organisation, queues, numbers, queue, shown, people=list(shown))
    narrowed_issues = sorted_by(_narrow(found, narrowed), queue, organisation)
    shown = _page(narrowed_issues.values_list("pk", flat=True), page, None if narrowed.is_set else numbers[queue.name])
    keys = list(shown)
    # The open issue is read along with the rows: it costs no queries of its own.
    issues = _read(Q(pk__in=keys) | Q(number=number) if number else Q(pk__in=keys), organisation)
    by_key = {issue.pk: issue for issue in issues}
    rows = [row_of(by_key[key], organisation, queue.function, now) for key in keys if key in by_key]
    opened = next((issue for issue in issues if issue.number == number and is_on_desk(issue, organisation)), None)
    return Desk(organisation, queues, numbers, queue, shown, rows=rows, opened=opened)


def issue_on_desk(organisation: Organisation, number: int) -> IssuePage | None:
    """One issue that a cabinet may see, read afresh, or None."""
    issue = next(iter(_read(Q(number=number), organisation)), None)
    return issue if issue is not None and is_on_desk(issue, organisation) else None


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


def row_of(issue: IssuePage, organisation: Organisation, function: Function, now: datetime) -> Row:
    """A row from an issue read with its parts."""
    own = own_assignment(issue, organisation) if function == Function.WORK else None
    due = nearest_due(issue.deadlines.all(), own)
    return Row(
        issue=issue,
        due=due,
        is_late=due is not None and due.is_overdue(now),
        unread=own is not None and own.state == AssignmentState.SENT and own.seen_at is None,
        shows_organisations=function != Function.WORK or len(issue.assignments.all()) > 1,
        organisations=[one.organisation.name for one in issue.assignments.all() if one.is_active or one.done_at],
        categories=[category.name for category in issue.categories.all()],
    )


def nearest_due(deadlines: Iterable[Deadline], own: Assignment | None) -> Deadline | None:
    """The running term of 4.2–4.4 that ends first: of one's own part, or of any where there is none."""
    running = [
        one
        for one in deadlines
        if one.met_at is None
        and one.cancelled_at is None
        and one.clause in WORKING_CLAUSES
        and (own is None or one.assignment_id == own.pk)
    ]
    return min(running, key=lambda one: one.due_at, default=None)


def _read(condition: Q, organisation: Organisation) -> list[IssuePage]:
    return list(
        IssuePage.objects.filter(condition, city_id=organisation.city_id)
        .select_related("city__city_settings", "author")
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("organisation")), "deadlines", "categories"
        )
    )


def _page(found: QuerySet[Any], page: int | str, count: int | None) -> Page:
    paginator = Paginator(found, ROWS)
    if count is not None:
        paginator.count = count
    return paginator.get_page(page)


def _narrow(issues: IssueQuerySet, narrowed: DeskFilter) -> IssueQuerySet:
    if narrowed.status:
        issues = issues.filter(status=narrowed.status)
    if narrowed.category is not None:
        code = narrowed.category.code
        chosen = Category.objects.filter(Q(code=code) | Q(code__startswith=f"{code}."))
        issues = issues.filter(
            pk__in=IssuePage.categories.through.objects.filter(category__in=chosen).values("issue_id")
        )
    text = narrowed.text.lstrip("№# ").strip()
    if text.isdigit() and len(text) < 10:
        return issues.filter(number=int(text))
    if text:
        # SQLite folds the case of Latin letters only; people search in Cyrillic.
        spellings = {text, text.lower(), text.capitalize()}
        condition = Q()
        for spelling in spellings:
            for name in ("title", "description", "address"):
                condition |= Q(**{f"{name}__icontains": spelling})
        issues = issues.filter(condition)
    return issues
