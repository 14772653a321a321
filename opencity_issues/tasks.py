"""Background work: thin tasks that take ids or nothing, and may run twice. The work is in `actions/`."""

import logging
from collections.abc import Callable

from django.core.cache import cache

from opencity_issues.actions import index_issues, keep_retention, keep_statistics, learn_words, take_media
from opencity_issues.actions.clock import archive_issues, miss_deadlines, remind_plans
from opencity_issues.actions.community import watch_initiatives
from opencity_issues.actions.consultation import hold_seminar
from opencity_issues.actions.letters import send_digests, tell_followers
from opencity_issues.actions.letters import send_notices as outbox
from opencity_issues.actions.record_event import DOORBELL
from opencity_issues.actions.reports import compile_report

logger = logging.getLogger(__name__)

SWEEPS: dict[str, Callable[[], int]] = {
    "archived": archive_issues.archive_due,
    "missed": miss_deadlines.record_missed,
    "reminded": remind_plans.remind_of_plans,
    "seminars": hold_seminar.remind_of_seminars,
    "initiatives": watch_initiatives.watch_initiatives,
    "digests": send_digests.write_digests,
    "counted": keep_statistics.count_waiting,
    "indexed": index_issues.index_issues,
    "learned": learn_words.learn_new,
    "told": tell_followers.tell_followers,
    "sent": outbox.send_waiting,
}
"""What the sweep does, in this order: first what the law's clock brings about, last what may wait for a slow mail server."""

FAILED = -1


def send_notices() -> int:
    """Tell the followers what happened, and empty the outbox (3.4)."""
    cache.delete(DOORBELL)
    tell_followers.tell_followers()
    return outbox.send_waiting()


def sweep() -> dict[str, int]:
    """Everything that time alone brings about, driven by what is due and not by when this runs (4.6).

    Returns how much each part did. A part that fails is logged, counts −1 and holds up no other; the next sweep tries again.
    """
    return {name: _attempt(name, part) for name, part in SWEEPS.items()}


def _attempt(name: str, part: Callable[[], int]) -> int:
    try:
        return part()
    except Exception:
        logger.exception("The sweep's part %r failed.", name)
        return FAILED


def draft_reports() -> int:
    """Make the drafts of the weekly and monthly reports that are due and not there (5.4)."""
    return compile_report.draft_due()


def tidy_drafts() -> dict[str, int]:
    """Remove drafts and uploaded files that nobody sent within a day."""
    return take_media.tidy_drafts()


def learn_words_anew() -> int:
    """Count the words of the published issues from nothing, for the suggestions of categories."""
    return learn_words.learn_all_anew()


def remove_what_is_old() -> dict[str, int]:
    """Remove the data about people that have been kept long enough."""
    return keep_retention.keep_retention()
