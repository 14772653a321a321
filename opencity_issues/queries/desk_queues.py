"""What waits in an organisation's cabinet, by urgency: one row a queue, each a set of issues (4.1–4.4, 2.9, 5.1–5.3).

A queue's count and its list are the same query set, so they cannot disagree; all counts are read by one query.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import (
    ACTIVE_ASSIGNMENTS,
    SOLVED,
    UNSOLVED,
    AssignmentState,
    ContributionKind,
    Publication,
    Reopening,
    Status,
)
from opencity_issues.models import (
    Assignment,
    Citizen,
    Contribution,
    Deadline,
    IssueIndexPage,
    IssuePage,
    Media,
    Notice,
    Organisation,
)
from opencity_issues.models.issue import IssueQuerySet

WORKING_CLAUSES = ("4.2", "4.3", "4.4")
"""Clauses whose terms an organisation can miss."""

LATELY = timedelta(days=30)


class Function(StrEnum):
    """The function of an organisation that a queue belongs to."""

    WORK = "work"
    CONTROL = "control"
    MODERATION = "moderation"


TITLES: dict[Function, Promise | str] = {
    Function.WORK: _("Our issues"),
    Function.CONTROL: _("Control"),
    Function.MODERATION: _("Moderation"),
}


class Order(StrEnum):
    """How the rows of a queue stand: what is due first, what waits longest, or what is newest."""

    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Queue:
    """`people` marks the one queue that lists blocked people and not issues."""

    name: str
    title: Promise | str
    function: Function
    found: Callable[[Organisation, datetime], QuerySet[Any]]
    order: Order = Order.DUE
    urgent: bool = False
    late: bool = False
    people: bool = False


def queues_of(organisation: Organisation) -> list[Queue]:
    """The queues of all functions of an organisation, most urgent first in each."""
    functions = functions_of(organisation)
    seen: set[str] = set()
    found = []
    for queue in QUEUES:
        if queue.function in functions and queue.name not in seen:
            seen.add(queue.name)
            found.append(queue)
    return found


def functions_of(organisation: Organisation) -> list[Function]:
    """An organisation without any function still answers for what the control body sends it."""
    functions = []
    if organisation.is_executor or not (organisation.is_control_body or organisation.is_moderator):
        functions.append(Function.WORK)
    if organisation.is_control_body:
        functions.append(Function.CONTROL)
    if organisation.is_moderator:
        functions.append(Function.MODERATION)
    return functions


def counts(organisation: Organisation, queues: list[Queue], now: datetime) -> dict[str, int]:
    """How many are in each queue: one query, in which each count uses the index that fits it."""
    row = (
        IssueIndexPage.objects.filter(pk=organisation.city_id)
        .values(**{f"in_{queue.name}": _count(queue.found(organisation, now)) for queue in queues})
        .order_by()
        .first()
    )
    return {queue.name: row[f"in_{queue.name}"] if row else 0 for queue in queues}


def waiting_count(organisation: Organisation, now: datetime) -> int:
    """How many things in a cabinet call for somebody now: its urgent queues together, by one query."""
    urgent = [queue for queue in queues_of(organisation) if queue.urgent]
    return sum(counts(organisation, urgent, now).values())


def next_due(organisation: Organisation, function: Function) -> Subquery:
    """The nearest running term of 4.2–4.4: one's own in one's work, anybody's for control and moderator."""
    running = Deadline.objects.running().filter(issue_id=OuterRef("pk"), clause__in=WORKING_CLAUSES)
    if function == Function.WORK:
        running = running.filter(assignment__organisation=organisation)
    return Subquery(running.order_by("due_at").values("due_at")[:1])


def sorted_by(issues: IssueQuerySet, queue: Queue, organisation: Organisation) -> IssueQuerySet:
    """The issues of a queue in its order."""
    match queue.order:
        case Order.DUE:
            due = next_due(organisation, queue.function)
            return issues.annotate(next_due=due).order_by(F("next_due").asc(nulls_last=True), "number")
        case Order.OLDEST:
            return issues.order_by("number")
    return issues.order_by("-number")


def _count(found: QuerySet[Any]) -> Coalesce:
    each = found.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    return Coalesce(Subquery(each.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0)


def _issues(organisation: Organisation, publication: str = Publication.PUBLISHED) -> IssueQuerySet:
    return IssuePage.objects.filter(city_id=organisation.city_id, publication=publication)


def _of(parts: QuerySet[Any]) -> dict[str, Any]:
    return {"pk__in": parts.order_by().values("issue_id")}


def _own(organisation: Organisation, **conditions: Any) -> IssueQuerySet:
    return _issues(organisation).filter(**_of(Assignment.objects.filter(organisation=organisation, **conditions)))


def _overdue_own(organisation: Organisation, now: datetime) -> IssueQuerySet:
    missed = Deadline.objects.overdue(now).filter(clause__in=WORKING_CLAUSES, assignment__organisation=organisation)
    return _issues(organisation).filter(**_of(missed))


def _overdue_anywhere(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return _issues(organisation).filter(**_of(Deadline.objects.overdue(now).filter(clause__in=WORKING_CLAUSES)))


def _asked(organisation: Organisation, now: datetime) -> IssueQuerySet:
    questions = Contribution.objects.filter(
        kind=ContributionKind.QUESTION, organisation=organisation, replies=None, hidden_at=None
    )
    return _own(organisation, state__in=ACTIVE_ASSIGNMENTS).filter(**_of(questions))


def _done_lately(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return _own(organisation, state=AssignmentState.DONE, done_at__gte=now - LATELY)


def _with_nobody(organisation: Organisation, *, returned: bool) -> IssueQuerySet:
    """Not solved and in nobody's hands; one whose rework is reported as done waits for closing, not for an addressee."""
    parts = Assignment.objects.filter(issue_id=OuterRef("pk"))
    held = Exists(parts.filter(state__in=[*ACTIVE_ASSIGNMENTS, AssignmentState.DONE]))
    back = Exists(parts.filter(state=AssignmentState.RETURNED))
    return _issues(organisation).filter(~held, back if returned else ~back, status__in=UNSOLVED)


def _repeated(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """T4 is open to the control body: a repeated message since the issue last became open."""
    return _issues(organisation).filter(status=Status.OPEN, repeated_at__gte=F("opened_at"))


def _reworked(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Reopened by 4.7 and reported as done: moderator or control body close it."""
    done = Assignment.objects.filter(state=AssignmentState.DONE)
    return _issues(organisation).filter(status__in=UNSOLVED, reopening=Reopening.CLOSED, **_of(done))


def _bounced(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return _issues(organisation).filter(**_of(Notice.objects.filter(failed_at__gte=now - LATELY)))


def _flagged(organisation: Organisation, now: datetime) -> IssueQuerySet:
    flags = Contribution.objects.filter(kind=ContributionKind.FLAG, handled_at=None)
    return _issues(organisation).filter(status__in=SOLVED, **_of(flags))


def _with_hidden_parts(organisation: Organisation, now: datetime) -> IssueQuerySet:
    words = Contribution.objects.filter(hidden_at__isnull=False).order_by().values("issue_id")
    photos = Media.objects.filter(hidden_at__isnull=False, issue__isnull=False).order_by().values("issue_id")
    return _issues(organisation).filter(pk__in=words.union(photos))


def _blocked(organisation: Organisation, now: datetime) -> QuerySet[Citizen]:
    return Citizen.objects.filter(blocked_at__isnull=False)


# fmt: off
QUEUES: tuple[Queue, ...] = (
    Queue("overdue", pgettext_lazy("queue", "Overdue"), Function.WORK, _overdue_own, late=True),
    Queue("new", pgettext_lazy("queue", "New"), Function.WORK,
          lambda own, _now: _own(own, state=AssignmentState.SENT, seen_at=None), urgent=True),
    Queue("to-accept", pgettext_lazy("queue", "To accept"), Function.WORK, lambda own, _now: _own(own, state=AssignmentState.SENT)),
    Queue("reopened", pgettext_lazy("queue", "Reopened"), Function.WORK,
          lambda own, _now: _own(own, state__in=ACTIVE_ASSIGNMENTS).filter(again=True)),
    Queue("in-work", pgettext_lazy("queue", "In work"), Function.WORK, lambda own, _now: _own(own, state=AssignmentState.ACCEPTED)),
    Queue("asked", pgettext_lazy("queue", "Waiting for the author"), Function.WORK, _asked),
    Queue("done", pgettext_lazy("queue", "Done in 30 days"), Function.WORK, _done_lately, Order.NEWEST),

    Queue("unrouted", pgettext_lazy("queue", "To assign"), Function.CONTROL,
          lambda own, _now: _with_nobody(own, returned=False), Order.OLDEST, urgent=True),
    Queue("returned", pgettext_lazy("queue", "Returned as not theirs"), Function.CONTROL,
          lambda own, _now: _with_nobody(own, returned=True), Order.OLDEST, urgent=True),
    Queue("overdue-anywhere", pgettext_lazy("queue", "Overdue everywhere"), Function.CONTROL, _overdue_anywhere, late=True),
    Queue("repeated", pgettext_lazy("queue", "Repeated message sent"), Function.CONTROL, _repeated),
    Queue("reworked", pgettext_lazy("queue", "Rework reported done"), Function.CONTROL, _reworked, urgent=True),
    Queue("bounced", pgettext_lazy("queue", "Letters not delivered"), Function.CONTROL, _bounced, Order.NEWEST),
    Queue("all", pgettext_lazy("queue", "All issues"), Function.CONTROL, lambda own, _now: _issues(own), Order.NEWEST),

    Queue("held", pgettext_lazy("queue", "Held"), Function.MODERATION,
          lambda own, _now: _issues(own, Publication.HELD), Order.OLDEST, urgent=True),
    Queue("flagged", pgettext_lazy("queue", "“Still not solved”"), Function.MODERATION, _flagged, Order.OLDEST, urgent=True),
    Queue("reworked", pgettext_lazy("queue", "Rework reported done"), Function.MODERATION, _reworked, urgent=True),
    Queue("overdue-anywhere", pgettext_lazy("queue", "Overdue everywhere"), Function.MODERATION, _overdue_anywhere, late=True),
    Queue("closed", pgettext_lazy("queue", "Closed, to check"), Function.MODERATION,
          lambda own, _now: _issues(own).filter(status=Status.CLOSED), Order.NEWEST),
    Queue("taken-down", pgettext_lazy("queue", "Taken down"), Function.MODERATION,
          lambda own, _now: _issues(own, Publication.TAKEN_DOWN), Order.NEWEST),
    Queue("refused", pgettext_lazy("queue", "Refused"), Function.MODERATION,
          lambda own, _now: _issues(own, Publication.REFUSED), Order.NEWEST),
    Queue("hidden", pgettext_lazy("queue", "With hidden parts"), Function.MODERATION, _with_hidden_parts, Order.NEWEST),
    Queue("blocked", pgettext_lazy("queue", "Blocked people"), Function.MODERATION, _blocked, people=True),
    Queue("all", pgettext_lazy("queue", "All issues"), Function.MODERATION, lambda own, _now: _issues(own), Order.NEWEST),
)
# fmt: on
