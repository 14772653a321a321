"""What waits in an organisation's cabinet, by urgency: one row a queue, each a set of issues (4.1–4.4, 2.9, 5.1–5.3).

A queue's count and its list are the same query set, so they cannot disagree; all counts are read by one query. The sets
are in `desk_sets.py`; why an issue is in them is said by `desk_reasons.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Expression, F, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, AssignmentState, Publication
from opencity_issues.models import IssueIndexPage, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk import moderation_sets, sets
from opencity_issues.queries.desk.call_sets import calls_to_answer

__all__ = ["Function", "Queue", "counts", "functions_of", "queues_of", "sorted_by"]

MOST = 1000
"""What a desk counts and pages through: beyond it a number says "999+", and one narrows or deals with the first ones."""


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
    """How the rows of a queue stand: most urgent, due first, waiting longest, or newest."""

    URGENT = "urgent"
    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Queue:
    """`urgency`: its place among what needs somebody now, 1 first; 0 where it calls for nobody.

    `found` of None stands for everything of the function that calls for somebody. `people` marks the one queue that
    lists blocked people and not issues.
    """

    name: str
    title: Promise | str
    function: Function
    set_of: Callable[[Organisation, datetime], QuerySet[Any]] | None
    order: Order = Order.DUE
    urgency: int = 0
    urgent: bool = False
    late: bool = False
    people: bool = False

    def found(self, organisation: Organisation, now: datetime) -> QuerySet[Any]:
        """All that is in the queue, in no order."""
        if self.set_of is not None:
            return self.set_of(organisation, now)
        first, *others = (one.found(organisation, now).order_by().values("pk") for one in calling(self.function))
        return sets.those(first.union(*others, all=True))


def queues_of(organisation: Organisation, user_id: int | None = None) -> list[Queue]:
    """The queues of all functions of an organisation, most urgent first in each; for a person with his or her own."""
    functions = functions_of(organisation)
    seen: set[str] = set()
    found = []
    for queue in QUEUES:
        if queue.function in functions and queue.name not in seen:
            seen.add(queue.name)
            found.append(queue)
    if user_id is not None and Function.WORK in functions:
        place = next(number for number, queue in enumerate(found) if queue.name == "to-accept")
        found.insert(place, _queue_of_person(user_id))
    return found


def _queue_of_person(user_id: int) -> Queue:
    title = pgettext_lazy("queue", "Mine")
    return Queue("mine", title, Function.WORK, lambda own, now: sets.of_person(own, user_id, now))


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


def calling(function: Function) -> list[Queue]:
    """The queues of a function that need somebody now, most urgent first."""
    return sorted((one for one in QUEUES if one.function == function and one.urgency), key=lambda one: one.urgency)


def counts(
    organisation: Organisation, queues: list[Queue], now: datetime, **besides: Expression | Subquery
) -> dict[str, Any]:
    """How many are in each queue, MOST at most: one query, in which each count uses the index that fits it.

    `besides` are further expressions to be read along, given back under their names. What needs somebody now is counted
    more cheaply where it is listed (`desk_calls.py`).
    """
    asked = {
        f"in_{queue.name}": _Counted(queue.found(organisation, now).order_by().values("pk")[:MOST]) for queue in queues
    }
    row = IssueIndexPage.objects.filter(pk=organisation.city_id).values(**asked, **besides).order_by().first() or {}
    return {queue.name: row.get(f"in_{queue.name}", 0) for queue in queues} | {name: row.get(name) for name in besides}


def waiting_count(organisation: Organisation, now: datetime) -> int:
    """How many things in a cabinet call for somebody now, over all its functions; by one query."""
    return sum(counts(organisation, [one for one in queues_of(organisation) if not one.set_of], now).values())


def next_due(organisation: Organisation, function: Function) -> Subquery:
    """The nearest running term of 4.2–4.4: one's own in one's work, anybody's for control and moderator."""
    running = sets.running(organisation if function == Function.WORK else None).filter(issue_id=OuterRef("pk"))
    return Subquery(running.order_by("due_at").values("due_at")[:1])


def sorted_by(issues: IssueQuerySet, queue: Queue, organisation: Organisation) -> IssueQuerySet:
    """The first issues of a queue in its order, MOST at most.

    What is due first is looked for among the first reported ones: the terms of a queue of thousands all began in order.
    """
    match queue.order:
        case Order.OLDEST | Order.URGENT:
            return issues.order_by("number")[:MOST]
        case Order.NEWEST:
            return issues.order_by("-number")[:MOST]
    found = sets.those(issues.order_by("number").values("pk")[:MOST])
    due = next_due(organisation, queue.function)
    return found.alias(due=due).order_by(F("due").asc(nulls_last=True), "number")


class _Counted(Subquery):
    """The number of rows of a query, which may be bounded."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


# fmt: off
QUEUES: tuple[Queue, ...] = (
    Queue("now-work", pgettext_lazy("queue", "Needs us now"), Function.WORK, None, Order.URGENT, urgent=True),
    Queue("overdue", pgettext_lazy("queue", "Overdue"), Function.WORK, sets.overdue_own, urgency=10, late=True),
    Queue("executor-done", pgettext_lazy("queue", "Executor reported"), Function.WORK, sets.executor_reported, urgency=20),
    Queue("new", pgettext_lazy("queue", "New"), Function.WORK,
          lambda own, _now: sets.own(own, state=AssignmentState.SENT, seen_at=None), urgency=30),
    Queue("due-soon", pgettext_lazy("queue", "Due in two days"), Function.WORK, sets.due_soon, urgency=40),
    Queue("promise-passed", pgettext_lazy("queue", "Planned date passed"), Function.WORK, sets.promise_passed,
          urgency=50, late=True),
    Queue("to-accept", pgettext_lazy("queue", "To accept"), Function.WORK,
          lambda own, _now: sets.own(own, state=AssignmentState.SENT)),
    Queue("reopened", pgettext_lazy("queue", "Reopened"), Function.WORK, sets.reopened),
    Queue("in-work", pgettext_lazy("queue", "In work"), Function.WORK,
          lambda own, _now: sets.own(own, state=AssignmentState.ACCEPTED)),
    Queue("asked", pgettext_lazy("queue", "Waiting for the author"), Function.WORK, sets.asked),
    Queue("done", pgettext_lazy("queue", "Done in 30 days"), Function.WORK, sets.done_lately, Order.NEWEST),
    Queue("at-work", pgettext_lazy("queue", "All that is with us"), Function.WORK,
          lambda own, _now: sets.own(own, state__in=ACTIVE_ASSIGNMENTS)),

    Queue("now", pgettext_lazy("queue", "Needs me now"), Function.CONTROL, None, Order.URGENT, urgent=True),
    Queue("to-warn", pgettext_lazy("queue", "To warn"), Function.CONTROL, sets.to_warn, urgency=10, late=True),
    Queue("unrouted", pgettext_lazy("queue", "To assign"), Function.CONTROL, sets.unrouted, Order.OLDEST, urgency=20),
    Queue("returned", pgettext_lazy("queue", "Returned as not theirs"), Function.CONTROL, sets.returned, Order.OLDEST,
          urgency=30),
    Queue("bounced", pgettext_lazy("queue", "Letters not delivered"), Function.CONTROL, sets.bounced, Order.NEWEST,
          urgency=40),
    Queue("repeated", pgettext_lazy("queue", "Repeated message sent"), Function.CONTROL, sets.repeated, urgency=50),
    Queue("reworked", pgettext_lazy("queue", "Rework reported done"), Function.CONTROL, sets.reworked, Order.OLDEST,
          urgency=60),
    Queue("calls-to-answer", pgettext_lazy("queue", "Calls to answer"), Function.CONTROL, calls_to_answer, Order.OLDEST,
          urgency=70),
    Queue("silent", pgettext_lazy("queue", "Warned, no answer"), Function.CONTROL, sets.silent, urgency=80, late=True),
    Queue("promises", pgettext_lazy("queue", "Planned date passed"), Function.CONTROL, sets.promise_passed_anywhere),
    Queue("overdue-anywhere", pgettext_lazy("queue", "Overdue everywhere"), Function.CONTROL, sets.overdue_anywhere,
          late=True),
    Queue("all", pgettext_lazy("queue", "All issues"), Function.CONTROL, lambda own, _now: sets.of_city(own),
          Order.NEWEST),

    Queue("now-moderation", pgettext_lazy("queue", "Needs me now"), Function.MODERATION, None, Order.URGENT,
          urgent=True),
    Queue("held", pgettext_lazy("queue", "Held"), Function.MODERATION,
          lambda own, _now: sets.of_city(own, Publication.HELD), Order.OLDEST, urgency=10),
    Queue("complaints", pgettext_lazy("queue", "Complaints of organisations"), Function.MODERATION,
          moderation_sets.complained, Order.OLDEST, urgency=15),
    Queue("flagged", pgettext_lazy("queue", "“Still not solved”"), Function.MODERATION, sets.flagged, Order.OLDEST,
          urgency=20),
    Queue("gathered", pgettext_lazy("queue", "Residents gather"), Function.MODERATION, moderation_sets.gathered,
          Order.OLDEST, urgency=24),
    Queue("done-by-residents", pgettext_lazy("queue", "Residents’ results"), Function.MODERATION,
          moderation_sets.done_by_residents, Order.OLDEST, urgency=26),
    Queue("to-repeat", pgettext_lazy("queue", "To repeat the message"), Function.MODERATION, sets.to_repeat,
          urgency=30, late=True),
    Queue("reworked", pgettext_lazy("queue", "Rework reported done"), Function.MODERATION, sets.reworked, Order.OLDEST,
          urgency=40),
    Queue("overdue-anywhere", pgettext_lazy("queue", "Overdue everywhere"), Function.MODERATION, sets.overdue_anywhere,
          late=True),
    Queue("closed", pgettext_lazy("queue", "To look at in place"), Function.MODERATION, moderation_sets.to_check,
          Order.NEWEST),
    Queue("merged", pgettext_lazy("queue", "Merged"), Function.MODERATION, moderation_sets.merged, Order.NEWEST),
    Queue("taken-down", pgettext_lazy("queue", "Taken down"), Function.MODERATION,
          lambda own, _now: sets.of_city(own, Publication.TAKEN_DOWN), Order.NEWEST),
    Queue("refused", pgettext_lazy("queue", "Refused"), Function.MODERATION,
          lambda own, _now: sets.of_city(own, Publication.REFUSED), Order.NEWEST),
    Queue("hidden", pgettext_lazy("queue", "With hidden parts"), Function.MODERATION, sets.with_hidden_parts,
          Order.NEWEST),
    Queue("blocked", pgettext_lazy("queue", "Blocked people"), Function.MODERATION, sets.blocked, people=True),
    Queue("all", pgettext_lazy("queue", "All issues"), Function.MODERATION, lambda own, _now: sets.of_city(own),
          Order.NEWEST),
)
# fmt: on
