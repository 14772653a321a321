"""The control body's urgent warning and the moderator's repeated message, by a person's hand (4.3, 4.4).

What the System sends by itself is written in `miss_deadlines.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.enums import ContributionKind, EventKind, Party, Publication, Way
from opencity_issues.models import Assignment, Contribution, IssuePage, Organisation
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class _Message:
    permission: str
    kind: ContributionKind
    event: EventKind
    party: Party
    mark: str


_WARNING = _Message("warn", ContributionKind.WARNING, EventKind.WARNING, Party.CONTROL_BODY, "warned_at")
_REPEATED = _Message("repeat_message", ContributionKind.REPEATED, EventKind.REPEATED, Party.MODERATOR, "repeated_at")


def send_warning(
    issue: IssuePage,
    target: Organisation,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    way: Way = Way.SYSTEM,
    now: datetime | None = None,
) -> Contribution:
    """The control body (`organisation`) warns the responsible worker of `target` (4.3, 4.4).

    The procedure names no way for a warning, so one by telephone (`way`) is a warning like any other: it sends no letter,
    but is recorded, and the missed deadline counts as warned about. Raises NotPermitted, NotPossible, Missing (no text).
    """
    return _send(_WARNING, issue, target, text, actor, organisation, way, now or timezone.now())


def repeat_message(
    issue: IssuePage,
    target: Organisation,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    way: Way = Way.SYSTEM,
    now: datetime | None = None,
) -> Contribution:
    """The moderator (`organisation`) sends the issue to `target` once more (4.3, 4.4); it opens T4 to the control body.

    The procedure has the repeated message go to the organisation's mailbox, and T4 rests upon it: what was said by telephone
    (`way`) is recorded and shown, but opens no T4, and the message to the mailbox stays owed.
    Raises NotPermitted, NotPossible, Missing (no text).
    """
    return _send(_REPEATED, issue, target, text, actor, organisation, way, now or timezone.now())


def _send(
    message: _Message,
    issue: IssuePage,
    target: Organisation,
    text: str,
    actor: Any,
    organisation: Organisation,
    way: Way,
    now: datetime,
) -> Contribution:
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows(message.permission, roles, issue, organisation):
            raise NotPermitted(_("This is not for your role."), clause="4.3")
        assignment = next((one for one in issue.assignments.all() if one.organisation_id == target.pk), None)
        if assignment is None or not assignment.is_active or issue.publication != Publication.PUBLISHED:
            raise NotPossible(_("The issue is not with this organisation now."), clause="4.3", state=issue.status)
        words = write_contribution(issue, message.kind, text, author=actor, organisation=target, now=now, way=way)
        to_mailbox = way == Way.SYSTEM
        if message.event == EventKind.WARNING or to_mailbox:
            _mark(message, assignment, now)
        if message.event == EventKind.REPEATED and to_mailbox:
            write(issue, repeated_at=now)
        record(
            issue,
            message.event,
            at=now,
            actor_id=roles.user_id,
            party=message.party,
            organisation=target,
            contribution=words,
            data={} if to_mailbox else {"way": way},
            notify=to_mailbox,
        )
    return words


def _mark(message: _Message, assignment: Assignment, now: datetime) -> None:
    """What the organisation has missed on this issue is warned about, or repeated: nothing follows by itself any more."""
    running = assignment.deadlines.running()
    watch_deadlines.note_missed(assignment.issue, running, now)
    missed = running.filter(missed_at__isnull=False, **{message.mark: None})
    missed.update(**{message.mark: now})
