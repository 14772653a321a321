"""Everything that happens to an issue is written here: the lock, the event, and the letters that it sends."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_q.tasks import async_task

from opencity_issues.actions.letters.address_letters import notices_for
from opencity_issues.actions.letters.tell_followers import remember_to_tell
from opencity_issues.enums import EventKind, Party, Status
from opencity_issues.models import Contribution, Event, IssuePage, Notice, Organisation, Uncounted

logger = logging.getLogger(__name__)

DOORBELL = "opencity_issues.doorbell"


def locked(issue: IssuePage) -> IssuePage:
    """The issue as it is now, locked until the transaction ends. Call it inside `transaction.atomic()`."""
    return (
        IssuePage.objects.select_for_update(of=("self",))
        .select_related("city__city_settings")
        .prefetch_related("assignments__organisation")
        .get(pk=issue.pk)
    )


def locked_if_free(ids: Iterable[int]) -> list[IssuePage]:
    """Those of these issues that nobody holds, as they are now and locked until the transaction ends.

    For work that comes again: what somebody is acting on at this moment is left for the next round. Where the database
    locks as a whole (SQLite), this waits its turn and gets them all.
    """
    return locked_all(ids, skip_locked=connection.features.has_select_for_update_skip_locked)


def locked_all(ids: Iterable[int], *, skip_locked: bool = False) -> list[IssuePage]:
    """All of these issues, in one fixed order, so that two who lock several never wait for each other in a ring."""
    return list(
        IssuePage.objects.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("city__city_settings")
        .prefetch_related("assignments__organisation")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def write(issue: IssuePage, **changes: Any) -> None:
    """Set columns of a locked issue, in the database and in the object."""
    IssuePage.objects.filter(pk=issue.pk).update(**changes)
    for name, value in changes.items():
        setattr(issue, name, value)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event to be written. `at` is the instant it counts from; `data` may hold ids and words of the procedure,
    never personal data.
    """

    kind: EventKind
    at: datetime
    actor_id: int | None = None
    party: Party | str = ""
    organisation: Organisation | None = None
    contribution: Contribution | None = None
    transition: str = ""
    source: Status | str = ""
    target: Status | str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    notify: bool = True


def record(issue: IssuePage, kind: EventKind, **details: Any) -> Event:
    """Append one event to a locked issue, with its letters; `details` are the fields of `Happening`."""
    return record_all(issue, [Happening(kind=kind, **details)])[0]


def record_all(issue: IssuePage, happenings: Sequence[Happening]) -> list[Event]:
    """Append events to a locked issue, in order, and write the letters of `procedure/letters/notices.py` into the outbox."""
    return record_many([(issue, happenings)])


def record_many(histories: Sequence[tuple[IssuePage, Sequence[Happening]]]) -> list[Event]:
    """The same for many locked issues at once, each of them named once: a few statements however many there are."""
    recorded_at = timezone.now()
    told = [(issue, place, one) for issue, happenings in histories for place, one in enumerate(happenings, start=1)]
    events = Event.objects.bulk_create(
        Event(
            issue=issue,
            sequence=issue.event_count + place,
            kind=one.kind,
            transition=one.transition,
            source=one.source,
            target=one.target,
            party=one.party,
            actor_id=one.actor_id,
            organisation=one.organisation,
            contribution=one.contribution,
            at=one.at,
            recorded_at=max(one.at, recorded_at),
            data=dict(one.data),
        )
        for issue, place, one in told
    )
    grown: dict[int, list[int]] = {}
    for issue, happenings in histories:
        issue.event_count += len(happenings)
        grown.setdefault(len(happenings), []).append(issue.pk)
    for count, ids in grown.items():
        IssuePage.objects.filter(pk__in=ids).update(event_count=F("event_count") + count)
    Uncounted.objects.bulk_create(
        Uncounted(city_id=issue.city_id, issue=issue) for issue, happenings in histories if happenings
    )
    notices = notices_for(
        [(issue, event) for (issue, _place, one), event in zip(told, events, strict=True) if one.notify]
    )
    Notice.objects.bulk_create(notices)
    to_tell = remember_to_tell(event for (_issue, _place, one), event in zip(told, events, strict=True) if one.notify)
    if notices or to_tell:
        _ring_after_commit()
    return events


def enclose(event: Event, issue: IssuePage, *, template: str, recipient: str, **to: Any) -> Notice:
    """Write one more letter of an event, to somebody whom only the action knows, as an executor by a private link."""
    notice = Notice.objects.create(
        event=event, issue=issue, template=template, recipient=recipient, send_after=event.recorded_at, **to
    )
    _ring_after_commit()
    return notice


def _ring_after_commit() -> None:
    """Once a transaction, however many letters it writes."""
    waiting = (entry[1] for entry in transaction.get_connection().run_on_commit)
    if not any(function is ring_doorbell for function in waiting):
        transaction.on_commit(ring_doorbell, robust=True)


def ring_doorbell() -> None:
    """Wake the worker. A lost ring is no loss: the next sweep finds the rows."""
    # Looking first spares a burst of reports the cache's write.
    if not cache.get(DOORBELL) and cache.add(DOORBELL, True, timeout=5):
        try:
            async_task("opencity_issues.tasks.send_notices")
        except Exception:
            logger.warning("The queue did not take the doorbell; the next sweep sends the letters.", exc_info=True)
