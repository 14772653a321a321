"""Followers are told what happened: from the events that wait to be told to letters in the outbox, some events at a time.

Each person gets one letter about an event, whatever of it he or she follows, and none where another letter tells it
already (the author's). Every step is one statement for all events and followers of a batch. Of two workers at once each
takes its own events; a worker that dies leaves the events waiting and no half of the letters.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from opencity_issues.actions.letters.address_letters import set_time
from opencity_issues.enums import LetterChoice
from opencity_issues.models import Event, Notice, Untold
from opencity_issues.procedure.letters.letter import Letter
from opencity_issues.procedure.letters.letters_to_followers import letter_to_followers
from opencity_issues.queries.followers import Follower, followers_of

EVENTS_AT_ONCE = 25
ROWS_A_STATEMENT = 500
LETTERS_AN_HOUR = 20
"""More than these a person does not get at once: what comes in a storm beyond waits for the day's one letter."""


def remember_to_tell(events: Iterable[Event]) -> bool:
    """Let those of these events that followers are told about wait for that; whether there are any. One statement."""
    untold = [Untold(event=event) for event in events if letter_to_followers(event.kind, event.transition)]
    Untold.objects.bulk_create(untold)
    return bool(untold)


def tell_followers(now: datetime | None = None) -> int:
    """Write the letters of all events that wait to be told; returns how many."""
    now = now or timezone.now()
    written = 0
    while (count := _tell_some(now)) is not None:
        written += count
    return written


def _tell_some(now: datetime) -> int | None:
    """One batch; None where no event waits that another worker does not hold."""
    with transaction.atomic():
        waiting = (
            Untold.objects.select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", "event_id")[:EVENTS_AT_ONCE]
        )
        rows = dict(waiting)
        if not rows:
            return None
        found = (
            Event.objects.filter(pk__in=rows.values())
            .select_related("issue__city__city_settings")
            .prefetch_related("issue__categories")
            .order_by("pk")
        )
        # What was taken down or withdrawn meanwhile tells nothing.
        events = [event for event in found if event.issue.is_published]
        notices = _notices(events, now)
        Notice.objects.bulk_create(notices, batch_size=ROWS_A_STATEMENT, ignore_conflicts=True)
        Untold.objects.filter(pk__in=rows).delete()
    return len(notices)


def _notices(events: Sequence[Event], now: datetime) -> list[Notice]:
    told: set[tuple[int, int]] = set(
        Notice.objects.filter(event__in=events, user__isnull=False).values_list("event_id", "user_id")
    )
    letters = {event.pk: letter for event in events if (letter := letter_to_followers(event.kind, event.transition))}
    readers = followers_of([(event, letters[event.pk].broad) for event in events])
    busy = _letters_lately({one.user_id for found in readers.values() for one in found}, now)
    notices: list[Notice] = []
    for event in events:
        for follower in readers[event.pk]:
            if follower.user_id == event.actor_id or (event.pk, follower.user_id) in told:
                continue
            notice = _notice(event, letters[event.pk], follower, now)
            if not notice.together:
                busy[follower.user_id] += 1
                if busy[follower.user_id] > LETTERS_AN_HOUR:
                    set_time(notice, LetterChoice.DAILY, now)
            notices.append(notice)
    return notices


def _notice(event: Event, letter: Letter, follower: Follower, now: datetime) -> Notice:
    notice = Notice(
        event=event,
        issue=event.issue,
        template=letter.template,
        recipient=f"user:{follower.user_id}",
        user_id=follower.user_id,
        follow_id=follower.follow_id,
        created_at=now,
    )
    # By the event's own moment: told late, it is no day later for that.
    set_time(notice, follower.how, event.recorded_at)
    return notice


def _letters_lately(user_ids: set[int], now: datetime) -> dict[int, int]:
    """How many letters about what they follow these people got at once within the last hour."""
    counted = (
        Notice.objects.filter(
            user_id__in=user_ids, follow__isnull=False, together=False, created_at__gt=now - timedelta(hours=1)
        )
        .order_by()
        .values_list("user_id")
        .annotate(count=Count("pk"))
    )
    return defaultdict(int, counted)
