"""Issues as rows of a list: what the component `issue_row` shows, read in a constant number of queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.utils.functional import cached_property

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, MediaKind
from opencity_issues.models import Assignment, Deadline, IssuePage, Media
from opencity_issues.models.issue import IssueQuerySet

ROWS_ON_PAGE = 20
COUNTED_AT_MOST = 10_000
"""Pages are counted so far and no farther: counting a whole city for each visitor, or leafing to its end, is of no use."""

ANSWERED_FOR = ("4.2", "4.3", "4.4")
"""Terms that an organisation owes the author; the others are the System's own."""


class BoundedPaginator(Paginator[IssuePage]):
    """Pages of the first COUNTED_AT_MOST rows; `is_bounded` tells that there are more."""

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNTED_AT_MOST + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self._counted, COUNTED_AT_MOST)

    @property
    def is_bounded(self) -> bool:
        return self._counted > COUNTED_AT_MOST


def with_row_parts(issues: IssueQuerySet) -> IssueQuerySet:
    """The same issues, read so that `issue_rows` asks nothing more: five queries, however many rows."""
    active = Assignment.objects.filter(state__in=ACTIVE_ASSIGNMENTS).select_related("organisation")
    photos = Media.objects.filter(kind=MediaKind.PHOTO, contribution=None, hidden_at=None)
    return issues.prefetch_related(
        "categories",
        Prefetch("assignments", active, to_attr="at_work"),
        Prefetch("deadlines", Deadline.objects.running().filter(clause__in=ANSWERED_FOR), to_attr="terms"),
        Prefetch("media", photos, to_attr="photos"),
    )


def issue_rows(issues: Iterable[IssuePage], now: datetime) -> list[dict[str, Any]]:
    """Rows of issues read by `with_row_parts`. Nothing of the author is in them."""
    return [_row(issue, now) for issue in issues]


def _row(issue: Any, now: datetime) -> dict[str, Any]:
    categories = list(issue.categories.all())
    due = min((deadline.due_at for deadline in issue.terms), default=None)
    return {
        "number": issue.number,
        "url": issue.get_absolute_url(),
        "title": issue.title,
        "status": issue.status,
        "again": issue.again,
        "overdue": due is not None and due <= now,
        "photo": issue.photos[0].url("thumb") if issue.photos else None,
        "published_at": issue.published_at,
        "place": issue.address,
        "lng": issue.lng,
        "lat": issue.lat,
        "categories": [category.name for category in categories],
        "icon": next((category.icon for category in categories if category.icon), ""),
        "due_at": due,
        "organisation": ", ".join(assignment.organisation.name for assignment in issue.at_work),
        "comment_count": issue.comment_count,
    }
