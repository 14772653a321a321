"""Figures of a period by where the issues stand now, and how long answers take: medians with their count, never averages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Exists, Min, OuterRef, Q

from opencity_issues.enums import AssignmentState, EventKind, Status
from opencity_issues.models import Assignment, Category, Deadline, Event, IssueCategory, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.issue_filter import ANSWERED_FOR

MEDIAN_FROM = 5
"""Fewer cases than this say nothing of an organisation: then no median is shown."""


@dataclass(frozen=True)
class Row:
    """Counts of one status, category or organisation; `key` is its value in the list's filter."""

    key: str
    name: str
    total: int
    unsolved: int = 0
    overdue: int = 0
    share: int = 0
    """Of the longest row, in per cent, for the bar beside the figure."""


@dataclass(frozen=True)
class Duration:
    """Median in days from registration, and of how many cases. `days` is None under MEDIAN_FROM cases."""

    days: float | None
    cases: int


@dataclass(frozen=True)
class Statistics:
    total: int
    overdue: int
    statuses: list[Row]
    categories: list[Row]
    organisations: list[Row]
    to_acceptance: Duration
    to_closing: Duration


def statistics_of(issues: IssueQuerySet, now: datetime) -> Statistics:
    """Figures of these issues (already published, of one city and period). Seven queries."""
    issues = issues.order_by()
    by_status = dict(issues.values_list("status").annotate(Count("number")))
    statuses = [(status.value, str(status.label), by_status.get(status.value, 0), 0, 0) for status in Status]
    return Statistics(
        total=sum(by_status.values()),
        overdue=issues.overdue(now).count(),
        statuses=_rows(statuses),
        categories=_by_category(issues),
        organisations=_by_organisation(issues, now),
        to_acceptance=_until_first(issues, Status.ACCEPTED),
        to_closing=_until_first(issues, Status.CLOSED),
    )


def _by_category(issues: IssueQuerySet) -> list[Row]:
    """By the categories of the first level: an issue counts once in each branch it belongs to."""
    roots = {one.pk: one for one in Category.objects.all()}
    of_root = {pk: _root(one, roots) for pk, one in roots.items()}
    counted: dict[int, tuple[set[int], set[int]]] = {}
    unsolved = Q(issue__status__in=(Status.OPEN, Status.ACCEPTED))
    rows = (
        IssueCategory.objects.filter(issue__in=issues.values("pk"))
        .values_list("category_id", "issue_id")
        .annotate(unsolved=Count("pk", filter=unsolved))
    )
    for category_id, issue_id, is_unsolved in rows.iterator():
        everything, open_ones = counted.setdefault(of_root[category_id].pk, (set(), set()))
        everything.add(issue_id)
        if is_unsolved:
            open_ones.add(issue_id)
    return _rows(
        (roots[pk].code, roots[pk].name, len(everything), len(open_ones), 0)
        for pk, (everything, open_ones) in sorted(counted.items(), key=lambda one: -len(one[1][0]))
    )


def _root(category: Category, known: dict[int, Category]) -> Category:
    while category.parent_id is not None:
        category = known[category.parent_id]
    return category


def _by_organisation(issues: IssueQuerySet, now: datetime) -> list[Row]:
    late = Deadline.objects.running().filter(assignment_id=OuterRef("pk"), clause__in=ANSWERED_FOR, due_at__lte=now)
    rows = (
        Assignment.objects.filter(issue__in=issues.values("pk"))
        .exclude(state__in=(AssignmentState.WITHDRAWN, AssignmentState.RETURNED))
        .annotate(late=Exists(late))
        .order_by()
        .values_list("organisation_id")
        .annotate(
            total=Count("pk"),
            overdue=Count("pk", filter=Q(late=True)),
            unsolved=Count("pk", filter=Q(issue__status__in=(Status.OPEN, Status.ACCEPTED))),
        )
        .order_by("-total")
    )
    bodies = Organisation.objects.in_bulk()
    return _rows((bodies[pk].slug, bodies[pk].name, total, unsolved, overdue) for pk, total, overdue, unsolved in rows)


def _until_first(issues: IssueQuerySet, target: Status) -> Duration:
    """From registration to the first time an issue came into a status, whatever happened to it later."""
    firsts = (
        Event.objects.filter(kind=EventKind.STATUS, target=target, issue__in=issues.values("pk"))
        .order_by()
        .values_list("issue_id", "issue__submitted_at")
        .annotate(first=Min("at"))
    )
    days = [(first - submitted) / timedelta(days=1) for _, submitted, first in firsts.iterator()]
    return Duration(round(median(days), 1) if len(days) >= MEDIAN_FROM else None, len(days))


def _rows(counts: Iterable[tuple[str, str, int, int, int]]) -> list[Row]:
    counts = list(counts)
    longest = max((total for _, _, total, _, _ in counts), default=0) or 1
    return [Row(*one, share=round(100 * one[2] / longest)) for one in counts]
