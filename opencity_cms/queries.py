"""What the home page tells of the city's issues."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from opencity_issues.enums import SOLVED, UNSOLVED, MediaKind, Publication
from opencity_issues.models import Deadline, IssueIndexPage, IssuePage

WEEK = timedelta(days=7)


def city_in_figures(city: IssueIndexPage) -> dict[str, int]:
    """Counts of published issues: solved and reported within seven days, waiting and being worked on now. One query."""
    since = timezone.now() - WEEK
    return (
        IssuePage.objects.in_city(city)
        .published()
        .aggregate(
            solved_this_week=Count("pk", filter=Q(closed_at__gte=since)),
            reported_this_week=Count("pk", filter=Q(published_at__gte=since)),
            open=Count("pk", filter=Q(status="open")),
            accepted=Count("pk", filter=Q(status="accepted")),
            unsolved=Count("pk", filter=Q(status__in=UNSOLVED)),
            solved=Count("pk", filter=Q(status__in=SOLVED)),
        )
    )


def latest_solved(city: IssueIndexPage, count: int = 4) -> list[dict[str, Any]]:
    """The issues closed last, each with a photo from before and one from after where there are any. Two queries."""
    issues = (
        IssuePage.objects.in_city(city)
        .published()
        .filter(closed_at__isnull=False)
        .order_by("-closed_at")
        .prefetch_related("media")[:count]
    )
    rows = []
    for issue in issues:
        photos = [one for one in issue.media.all() if one.hidden_at is None and one.kind == MediaKind.PHOTO]
        before = next((one for one in photos if one.contribution_id is None), None)
        after = next((one for one in reversed(photos) if one.contribution_id is not None), None)
        rows.append({"issue": issue, "before": before, "after": after})
    return rows


def next_answers(city: IssueIndexPage, count: int = 5) -> list[dict[str, Any]]:
    """The answers due next by 4.4, soonest first: issue, organisation, the last day of the term. One query."""
    terms = (
        Deadline.objects.running()
        .filter(clause="4.4", due_at__gt=timezone.now(), assignment__isnull=False)
        .filter(issue__city=city, issue__publication=Publication.PUBLISHED)
        .select_related("issue", "assignment__organisation")
        .order_by("due_at", "pk")[:count]
    )
    calendar = city.config.calendar()
    return [
        {"issue": term.issue, "organisation": term.assignment.organisation, "day": calendar.last_day(term.due_at)}
        for term in terms
        if term.assignment
    ]
