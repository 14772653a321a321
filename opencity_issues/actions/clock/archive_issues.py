"""T8 for everything that is due, however long the worker was away: one pass, each issue once, as of its own moment."""

from datetime import datetime

from django.utils import timezone

from opencity_issues.actions.change_status import archive_batch
from opencity_issues.actions.clock.due_batches import carry_out
from opencity_issues.enums import Publication, Status
from opencity_issues.models import Deadline


def archive_due(now: datetime | None = None) -> int:
    """Archive every closed issue whose 20 days (4.6) have passed; returns how many. Safe to run twice and at once."""
    now = now or timezone.now()
    due = Deadline.objects.overdue(now).filter(
        clause="4.6", issue__status=Status.CLOSED, issue__publication=Publication.PUBLISHED
    )
    return carry_out(due.order_by("due_at").values_list("issue_id", flat=True), lambda ids: archive_batch(ids, now))
