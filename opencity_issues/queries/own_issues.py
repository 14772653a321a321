"""A citizen's own issues with what each waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opencity_issues.enums import ContributionKind, MediaKind
from opencity_issues.models import Contribution, IssueIndexPage, IssuePage
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.card.what_now import WhatNow, what_now


@dataclass(frozen=True)
class OwnIssue:
    """`row` is what the component `issue_row` shows; `asked`: an organisation's question waits for the author's reply."""

    issue: IssuePage
    row: dict[str, Any]
    now: WhatNow
    asked: bool


def own_issues(city: IssueIndexPage, user: Any, now: datetime) -> IssueQuerySet:
    """The person's issues in a city, newest first, read for `describe`."""
    return (  # type: ignore[no-any-return] # Wagtail's queryset is untyped
        IssuePage.objects.in_city(city)
        .by_author(user)
        .with_overdue(now)
        .order_by("-number")
        .select_related("duplicate_of")
        .prefetch_related("assignments__organisation", "deadlines", "categories", "media")
    )


def describe(city: IssueIndexPage, issues: Sequence[IssuePage], now: datetime) -> list[OwnIssue]:
    """Two queries for any number of issues."""
    calendar = city.config.calendar()
    asked = set(
        Contribution.objects.filter(
            issue__in=[issue.pk for issue in issues], kind=ContributionKind.QUESTION, replies=None
        ).values_list("issue_id", flat=True)
    )
    found = []
    for issue in issues:
        issue.city = city
        found.append(
            OwnIssue(issue, _row(issue), what_now(issue, calendar, now), issue.pk in asked and issue.is_published)
        )
    return found


def _row(issue: IssuePage) -> dict[str, Any]:
    photo = next(
        (
            one
            for one in issue.media.all()
            if one.kind == MediaKind.PHOTO and not one.contribution_id and not one.hidden_at
        ),
        None,
    )
    categories = list(issue.categories.all())
    return {
        "number": issue.number,
        "url": issue.get_absolute_url(),
        "title": issue.title,
        "status": issue.status,
        "again": issue.again,
        "overdue": issue.is_overdue,
        "publication": issue.publication,
        "photo": photo.url("thumb") if photo else None,
        "published_at": issue.submitted_at,
        "place": issue.address,
        "icon": categories[0].icon if categories else "",
        "support_count": issue.support_count,
        "comment_count": issue.comment_count,
    }
