"""An organisation as the public sees it: what it answers for, how much it has in hand, and its open issues."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from opencity_issues.enums import AssignmentState, Publication
from opencity_issues.models import Assignment, Category, Deadline, IssuePage, Organisation, Responsibility
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.issue_rows import issue_rows, with_row_parts

SHOWN_ISSUES = 10
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Sphere:
    """One branch of the categories in an organisation's sphere of responsibility (2.12); no `categories`: all of it."""

    branch: Category
    categories: list[Category]


@dataclass(frozen=True)
class Figures:
    """Counts of published issues: not yet accepted, in work, of these overdue, and done in the last 30 days."""

    sent: int
    accepted: int
    overdue: int
    done: int


def sphere_of(organisation: Organisation) -> list[Sphere]:
    """The matrix read the other way round, by the first level of the taxonomy. Two queries."""
    own = set(Responsibility.objects.filter(organisation=organisation).values_list("category_id", flat=True))
    every = {category.pk: category for category in Category.objects.active()}
    found: dict[int, list[Category]] = {}
    for category in every.values():
        if category.pk in own:
            found.setdefault(_root(category, every).pk, []).append(category)
    return [
        Sphere(every[pk], [] if any(one.pk == pk for one in categories) else categories)
        for pk, categories in found.items()
    ]


def _root(category: Category, every: dict[int, Category]) -> Category:
    while category.parent_id in every:
        category = every[category.parent_id]
    return category


def figures_of(organisation: Organisation, now: datetime) -> Figures:
    """All figures by two queries: what is in hand, and what was done lately."""
    missed = Deadline.objects.overdue(now).filter(clause__in=MISSABLE, assignment_id=OuterRef("pk"))
    own = Assignment.objects.filter(organisation=organisation, issue__publication=Publication.PUBLISHED)
    counted = own.filter(state__in=(AssignmentState.SENT, AssignmentState.ACCEPTED)).aggregate(
        sent=Count("pk", filter=Q(state=AssignmentState.SENT)),
        accepted=Count("pk", filter=Q(state=AssignmentState.ACCEPTED)),
        overdue=Count("pk", filter=Exists(missed)),
    )
    return Figures(**counted, done=own.filter(state=AssignmentState.DONE, done_at__gte=now - LATELY).count())


def open_issues_of(organisation: Organisation, now: datetime) -> list[dict[str, Any]]:
    """The newest published issues that the organisation has in hand, as rows of a list."""
    active = Assignment.objects.active().filter(organisation=organisation).values("issue_id")
    issues = IssuePage.objects.filter(city_id=organisation.city_id, pk__in=active).published().order_by("-number")
    # Chosen first, so that the parts of a row are looked up for the rows alone.
    shown = IssuePage.objects.filter(pk__in=issues.values("pk")[:SHOWN_ISSUES]).order_by("-number")
    return issue_rows(with_row_parts(shown), now)
