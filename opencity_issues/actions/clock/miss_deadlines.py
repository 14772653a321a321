"""Deadlines that have passed: recorded once, with the warning and the repeated message that follow (4.2, 4.3, 4.4).

All of it counts from the moment the term ended, however late this runs, so that the record after an outage is the one
that the clock itself would have made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.clock.due_batches import carry_out
from opencity_issues.actions.clock.ready_messages import ready_text
from opencity_issues.actions.record_event import Happening, locked_if_free, record_many
from opencity_issues.enums import ContributionKind, EventKind, Party, Publication
from opencity_issues.models import Contribution, Deadline, IssuePage
from opencity_issues.procedure.deadlines import DEADLINES, WhenMissed
from opencity_issues.procedure.working_days import WorkingCalendar


@dataclass(frozen=True)
class _Message:
    """One of the two that follow from a missed deadline: its words, its event, and the mark of its being sent."""

    kind: ContributionKind
    event: EventKind
    mark: str


MESSAGES = (
    _Message(ContributionKind.WARNING, EventKind.WARNING, "warned_at"),
    _Message(ContributionKind.REPEATED, EventKind.REPEATED, "repeated_at"),
)


def record_missed(now: datetime | None = None) -> int:
    """Record each deadline of 4.2, 4.3 and 4.4 that has passed on a published issue; returns how many.

    Where the city has it so (`automatic_messages`), the control body's warning and the moderator's repeated message go by
    themselves, each at most once a deadline; otherwise they wait on the desks, ready-written. Switching that on later
    sends nothing for what was recorded before. Safe to run twice and at once.
    """
    now = now or timezone.now()
    due = watch_deadlines.to_record(Deadline.objects.running(), now).filter(issue__publication=Publication.PUBLISHED)
    return carry_out(due.values_list("issue_id", flat=True), lambda ids: _record(ids, now))


def record_missed_on(issue: IssuePage, now: datetime) -> int:
    """The same for one issue."""
    return _record([issue.pk], now)


def _record(ids: Sequence[int], now: datetime) -> int:
    with transaction.atomic():
        issues = {one.pk: one for one in locked_if_free(ids) if one.publication == Publication.PUBLISHED}
        passed = _passed(issues, now)
        if not passed:
            return 0
        watch_deadlines.mark_missed(passed)
        words = _send_messages([one for one in passed if _sends_messages(one)])
        histories = []
        for issue_id, own in groupby(sorted(passed, key=lambda one: one.issue_id), key=lambda one: one.issue_id):
            happenings = [happening for one in own for happening in _happenings(one, words.get(one.pk, []))]
            histories.append((issues[issue_id], happenings))
        record_many(histories)
        return len(passed)


def _passed(issues: Mapping[int, IssuePage], now: datetime) -> list[Deadline]:
    """What is due on these locked issues, tied to the issues and assignments that were read with the lock."""
    assignments = {one.pk: one for issue in issues.values() for one in issue.assignments.all()}
    passed = list(watch_deadlines.to_record(Deadline.objects.running().filter(issue_id__in=list(issues)), now))
    for deadline in passed:
        deadline.issue, deadline.assignment = issues[deadline.issue_id], assignments[deadline.assignment_id or 0]
    return passed


def _sends_messages(deadline: Deadline) -> bool:
    by_rule = DEADLINES[deadline.clause].when_missed == WhenMissed.WARN_AND_REPEAT
    return by_rule and bool(deadline.issue.city.config.automatic_messages)


def _send_messages(passed: Sequence[Deadline]) -> dict[int, list[tuple[_Message, Contribution]]]:
    """Write the messages that nobody has sent yet, by the deadline's key; mark deadlines and issues."""
    calendars: dict[int, WorkingCalendar] = {}
    written: dict[int, list[tuple[_Message, Contribution]]] = {}
    for message in MESSAGES:
        silent = [one for one in passed if getattr(one, message.mark) is None]
        words = Contribution.objects.bulk_create(_words(message, one, calendars) for one in silent)
        for deadline, contribution in zip(silent, words, strict=True):
            written.setdefault(deadline.pk, []).append((message, contribution))
        Deadline.objects.filter(pk__in=[one.pk for one in silent]).update(**{message.mark: F("due_at")})
        if message.event == EventKind.REPEATED:
            _mark_issues(silent)
    return written


def _words(message: _Message, deadline: Deadline, calendars: dict[int, WorkingCalendar]) -> Contribution:
    issue = deadline.issue
    if issue.city_id not in calendars:
        calendars[issue.city_id] = issue.city.config.calendar()
    organisation = deadline.assignment.organisation  # type: ignore[union-attr] # these clauses are an organisation's
    return Contribution(
        issue=issue,
        kind=message.kind,
        organisation=organisation,
        text=ready_text(message.kind, issue, organisation, deadline, calendars[issue.city_id]),
        created_at=deadline.due_at,
    )


def _mark_issues(repeated: Sequence[Deadline]) -> None:
    """The latest repeated message of an issue opens T4 to the control body (3.2)."""
    latest: dict[int, datetime] = {}
    for one in repeated:
        latest[one.issue_id] = max(one.due_at, latest.get(one.issue_id, one.issue.repeated_at or one.due_at))
    # Terms of working days end at midnight: few moments, whatever the number of issues.
    by_moment: dict[datetime, list[int]] = {}
    for issue_id, moment in latest.items():
        by_moment.setdefault(moment, []).append(issue_id)
    for moment, ids in by_moment.items():
        IssuePage.objects.filter(pk__in=ids).update(repeated_at=moment)


def _happenings(deadline: Deadline, words: Sequence[tuple[_Message, Contribution]]) -> list[Happening]:
    missed = watch_deadlines.as_missed(deadline)
    sent = [
        Happening(
            kind=message.event,
            at=deadline.due_at,
            party=Party.SYSTEM,
            organisation=missed.organisation,
            contribution=contribution,
            data={"clause": deadline.clause},
        )
        for message, contribution in words
    ]
    return [missed, *sent]
