"""Issues as rows of a list: what the component `issue_row` shows, read in a constant number of queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.functional import cached_property

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, MediaKind
from opencity_issues.models import Assignment, Deadline, IssuePage, Media
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.procedure.deadlines import MISSABLE

ROWS_ON_PAGE = 20
COUNTED_AT_MOST = 10_000
"""Pages are counted so far and no farther: counting a whole city for each visitor, or leafing to its end, is of no use."""


class BoundedPaginator(Paginator):
    """Pages of rows, of the first COUNTED_AT_MOST; `is_bounded` tells that there are more."""

    def __init__(self, issues: IssueQuerySet, per_page: int = ROWS_ON_PAGE) -> None:
        super().__init__(issues, per_page)

    def page(self, number: int) -> Page[IssuePage]:
        """Which issues first, then what a row says of them: else it would be looked up for all before they are sorted."""
        page = super().page(number)
        chosen = IssuePage.objects.filter(pk__in=page.object_list.values("pk"))
        return Page(with_row_parts(chosen.order_by("-number")), page.number, self)

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
    """The same issues, read so that `issue_rows` asks nothing more: three queries, however many rows."""
    active = Assignment.objects.filter(state__in=ACTIVE_ASSIGNMENTS).select_related("organisation")
    terms = Deadline.objects.running().filter(issue_id=OuterRef("pk"), clause__in=MISSABLE).order_by("due_at")
    photos = Media.objects.filter(issue_id=OuterRef("pk"), kind=MediaKind.PHOTO, contribution=None, hidden_at=None)
    return issues.annotate(
        next_due_at=Subquery(terms.values("due_at")[:1]),
        first_photo=Subquery(photos.order_by("pk").values("token")[:1]),
    ).prefetch_related("categories", Prefetch("assignments", active, to_attr="at_work"))


def issue_rows(issues: Iterable[IssuePage], now: datetime) -> list[dict[str, Any]]:
    """Rows of issues read by `with_row_parts`. Nothing of the author is in them."""
    return [_row(issue, now) for issue in issues]


def _row(issue: Any, now: datetime) -> dict[str, Any]:
    categories = list(issue.categories.all())
    due = issue.next_due_at
    return {
        "number": issue.number,
        "url": issue.get_absolute_url(),
        "title": issue.title,
        "status": issue.status,
        "again": issue.again,
        "overdue": due is not None and due <= now,
        "photo": Media(token=issue.first_photo).url("thumb") if issue.first_photo else None,
        "picture": Media(token=issue.first_photo).url("medium") if issue.first_photo else None,
        "published_at": issue.published_at,
        "place": issue.address,
        "lng": issue.lng,
        "lat": issue.lat,
        "categories": [category.name for category in categories],
        "icon": next((category.icon for category in categories if category.icon), ""),
        "due_at": due,
        "organisation": ", ".join(assignment.organisation.name for assignment in issue.at_work),
        "support_count": issue.support_count,
        "comment_count": issue.comment_count,
    }
