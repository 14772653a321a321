"""The one description of an issue that leaves for the public: an allow-list for REST, GeoJSON, RSS, CSV and the card's head.

What is not named here is not public. The author's name is given only where he or she chose to show it (2.6),
contacts never. Whether the reader may see the issue at all is asked before, of `rules.allows("see_issue", …)`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from opencity_issues.enums import AssignmentState, MediaKind
from opencity_issues.models import Assignment, Deadline, IssuePage, Media
from opencity_issues.models.issue import IssueQuerySet

PUBLIC_SELECT = ("author",)
PUBLIC_PREFETCH = ("categories", "assignments__organisation", "deadlines", "media", "given_answers")
"""What `public_issue` reads besides the issue's own row: with both, a list costs a constant seven queries."""

_NOT_THEIRS = frozenset({AssignmentState.WITHDRAWN, AssignmentState.RETURNED})


def with_public_parts(issues: IssueQuerySet) -> IssueQuerySet:
    """The same issues, read so that `public_issue` asks nothing more of the database."""
    return issues.select_related(*PUBLIC_SELECT).prefetch_related(*PUBLIC_PREFETCH)


def public_issue(issue: IssuePage, base_url: str = "") -> dict[str, Any]:
    """Exactly the fields of the REST contract; instants as ISO 8601 in UTC, addresses beginning with `base_url`."""
    name = issue.public_author_name
    return {
        "number": issue.number,
        "title": issue.title,
        "description": issue.description,
        "status": issue.status,
        "again": issue.again,
        "categories": [category.code for category in issue.categories.all()],
        "location": {"lng": issue.lng, "lat": issue.lat} if issue.location else None,
        "author": {"name": name} if name else None,
        "submitted_at": instant(issue.submitted_at),
        "accepted_at": instant(issue.accepted_at),
        "closed_at": instant(issue.closed_at),
        "archived_at": instant(issue.archived_at),
        "assignments": [_assignment(one, issue.deadlines.all()) for one in public_assignments(issue)],
        "answers": [{"question": one.asked, "answer": one.answer} for one in issue.given_answers.all()],
        "photos": [f"{base_url}{photo.url('large')}" for photo in public_media(issue) if photo.kind == MediaKind.PHOTO],
        "url": f"{base_url}{issue.get_absolute_url()}",
    }


def public_assignments(issue: IssuePage) -> list[Assignment]:
    """The organisations that answer or have answered for the issue: not those it was taken from or that returned it."""
    return [one for one in issue.assignments.all() if one.state not in _NOT_THEIRS]


def public_media(issue: IssuePage) -> list[Media]:
    """The issue's own photos and videos (those of comments aside) that the moderator has not hidden."""
    return [one for one in issue.media.all() if one.contribution_id is None and one.hidden_at is None]


def instant(moment: datetime | None) -> str | None:
    """A moment for programs: ISO 8601 in UTC, `2026-11-12T09:30:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _assignment(assignment: Assignment, deadlines: Iterable[Deadline]) -> dict[str, Any]:
    """One organisation's part. `due` holds the terms that still run, overdue ones included."""
    running = {
        one.clause: instant(one.due_at)
        for one in deadlines
        if one.assignment_id == assignment.pk and one.met_at is None and one.cancelled_at is None
    }
    return {
        "organisation": assignment.organisation.slug,
        "sent_at": instant(assignment.sent_at),
        "accepted_at": instant(assignment.accepted_at),
        "executor": assignment.executor,
        "due": running,
        "done_at": instant(assignment.done_at),
    }
