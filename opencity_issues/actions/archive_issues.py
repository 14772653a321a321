"""T8 for everything that is due, however long the worker was away: one pass, each issue once, as of its own moment."""

from datetime import datetime

from django.utils import timezone

from opencity_issues.actions.change_status import archive_if_due
from opencity_issues.enums import Publication, Status
from opencity_issues.models import Deadline


def archive_due(now: datetime | None = None) -> int:
    """Archive every closed issue whose 20 days (4.6) have passed; returns how many. Safe to run twice and at once."""
    now = now or timezone.now()
    due = Deadline.objects.overdue(now).filter(
        clause="4.6", issue__status=Status.CLOSED, issue__publication=Publication.PUBLISHED
    )
    return sum(archive_if_due(deadline.issue, now) for deadline in list(due.order_by("due_at").select_related("issue")))
