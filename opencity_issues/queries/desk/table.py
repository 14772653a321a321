"""A desk's list for a table program: one row an issue, whatever the queue and its filters; no contacts of citizens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import AssignmentState, Publication
from opencity_issues.models import Assignment, IssuePage, Organisation
from opencity_issues.queries.desk.desk import own_assignment, read
from opencity_issues.queries.desk.narrowing import DeskFilter, narrow
from opencity_issues.queries.desk.queues import Function, Queue
from opencity_issues.queries.desk.reasons import reasons_of
from opencity_issues.queries.desk.sight import Sight

ROWS_AT_MOST = 10_000
CHUNK = 400

COLUMNS: tuple[Promise, ...] = (
    pgettext_lazy("column", "Number"),
    pgettext_lazy("column", "Title"),
    pgettext_lazy("column", "Status"),
    pgettext_lazy("column", "Again"),
    pgettext_lazy("column", "Why it is here"),
    pgettext_lazy("column", "Categories"),
    pgettext_lazy("column", "District"),
    pgettext_lazy("column", "Address"),
    pgettext_lazy("column", "Organisations"),
    pgettext_lazy("column", "Executor"),
    pgettext_lazy("column", "Registered"),
    pgettext_lazy("column", "Sent"),
    pgettext_lazy("column", "Accepted"),
    pgettext_lazy("column", "Due"),
    pgettext_lazy("column", "Clause"),
    pgettext_lazy("column", "Planned"),
    pgettext_lazy("column", "Done"),
    pgettext_lazy("column", "Overdue"),
    pgettext_lazy("column", "Address on the web"),
)


@dataclass(frozen=True)
class TableOf:
    """Whose list is asked for, and which: `base` is the site's address without a slash at its end."""

    organisation: Organisation
    queue: Queue
    narrowed: DeskFilter
    now: datetime
    base: str


def table_rows(asked: TableOf) -> Iterator[list[Any]]:
    """The rows, newest issue first, read in chunks; ROWS_AT_MOST of them."""
    organisation, queue = asked.organisation, asked.queue
    found = narrow(queue.found(organisation, asked.now), asked.narrowed, organisation, queue.function, asked.now)
    keys = list(found.order_by("-number").values_list("pk", flat=True)[:ROWS_AT_MOST])
    for start in range(0, len(keys), CHUNK):
        issues = read(Q(pk__in=keys[start : start + CHUNK]), organisation, "district")
        yield from (_row(issue, asked) for issue in sorted(issues, key=lambda one: -one.number))


def _row(issue: IssuePage, asked: TableOf) -> list[Any]:
    own = own_assignment(issue, asked.organisation) if asked.queue.function == Function.WORK else None
    sight = Sight(issue, asked.queue.function, own, asked.now)
    parts = [own] if own is not None else sight.parts
    due = sight.terms[0] if sight.terms else None
    is_public = issue.publication == Publication.PUBLISHED
    return [
        issue.number,
        issue.title,
        issue.get_status_display() if is_public else issue.get_publication_display(),
        _yes(issue.again),
        "; ".join(reason.text for reason in reasons_of(sight, asked.queue.name)),
        "; ".join(f"{category.code} {category.name}" for category in issue.categories.all()),
        issue.district.name if issue.district else "",
        issue.address,
        "; ".join(one.organisation.name for one in sight.parts if one.state != AssignmentState.RETURNED),
        "; ".join(one.executor for one in parts if one.executor),
        _local(issue.submitted_at, asked),
        _local(_first(parts, "sent_at"), asked),
        _local(_first(parts, "accepted_at"), asked),
        sight.last_day(due) if due else None,
        due.clause if due else "",
        min((one.planned_date for one in parts if one.planned_date), default=None),
        _local(_first(parts, "done_at"), asked),
        _yes(bool(sight.missed)),
        f"{asked.base}{issue.get_absolute_url()}",
    ]


def _first(parts: list[Assignment], name: str) -> datetime | None:
    return min((moment for one in parts if (moment := getattr(one, name))), default=None)


def _local(moment: datetime | None, asked: TableOf) -> datetime | None:
    """The city's wall clock: table programs know no time zones."""
    if moment is None:
        return None
    return timezone.localtime(moment, asked.organisation.city.config.zone).replace(tzinfo=None, microsecond=0)


def _yes(holds: bool) -> str:
    return str(pgettext_lazy("column", "yes")) if holds else ""
