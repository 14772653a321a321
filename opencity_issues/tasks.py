"""Background work: thin tasks that take ids or nothing, and may run twice. The work is in `actions/`."""

from django.core.cache import cache

from opencity_issues.actions import archive_issues, index_issues, take_media
from opencity_issues.actions import send_notices as outbox
from opencity_issues.actions.record_event import DOORBELL


def send_notices() -> int:
    """Empty the outbox (3.4)."""
    cache.delete(DOORBELL)
    return outbox.send_waiting()


def sweep() -> dict[str, int]:
    """Everything that time alone brings about, driven by what is due and not by when this runs (4.6)."""
    return {
        "archived": archive_issues.archive_due(),
        "sent": outbox.send_waiting(),
        "indexed": index_issues.index_issues(),
    }


def tidy_drafts() -> dict[str, int]:
    """Remove drafts and uploaded files that nobody sent within a day."""
    return take_media.tidy_drafts()
