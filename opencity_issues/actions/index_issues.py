"""The search index follows the events, after their commit and in batches: nobody's deed waits for it."""

from django.core.cache import cache
from django.db.models import Max
from wagtail.search.backends import get_search_backends

from opencity_issues.enums import EventKind
from opencity_issues.models import Event, IssuePage

WATERMARK = "opencity_issues.search.last_event"
"""Key of the newest event that the index has seen. A lost cache costs one longer round, no issue."""

BATCH = 500
OVERLAP = 200
"""Events before the mark that are looked at again: transactions that began earlier may commit later."""

LOOK_BACK = 20_000
"""How far a round without a mark goes back. All of it at once is `manage.py update_index`."""

SEEN_BY_SEARCH = (
    EventKind.STATUS,
    EventKind.CORRECTED,
    EventKind.HELD,
    EventKind.REFUSED,
    EventKind.TAKEN_DOWN,
    EventKind.PUT_BACK,
    EventKind.WITHDRAWN,
    EventKind.MERGED,
)


def index_issues() -> int:
    """Bring the issues that something happened to since the last round into the index, or out of it; returns how many.

    Safe to run twice and at once.
    """
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    mark = cache.get(WATERMARK)
    if mark == newest:
        return 0
    since = mark - OVERLAP if mark is not None else newest - LOOK_BACK
    touched = sorted(
        set(
            Event.objects.filter(pk__gt=since, pk__lte=newest, kind__in=SEEN_BY_SEARCH).values_list(
                "issue_id", flat=True
            )
        )
    )
    for start in range(0, len(touched), BATCH):
        _index(touched[start : start + BATCH])
    cache.set(WATERMARK, newest, None)
    return len(touched)


def _index(ids: list[int]) -> None:
    issues = list(IssuePage.objects.filter(pk__in=ids))
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(IssuePage, [issue for issue in issues if issue.is_published])
        for issue in issues:
            if not issue.is_published:
                backend.delete(issue)
