"""The moderator's work (5.1, 5.2): publishing, refusing, taking down, hiding one part, blocking an abusive person."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions import change_status
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.actions.route_issue import route
from opencity_issues.enums import SOLVED, ContributionKind, EventKind, Party, Publication, Status
from opencity_issues.models import Citizen, Contribution, IssuePage, Media, Organisation
from opencity_issues.procedure.deadlines import ON_RECEIPT
from opencity_issues.procedure.moderation import Ground
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


def publish_held(issue: IssuePage, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> IssuePage:
    """Publish an issue that was held or refused (T1), or put back one that was taken down, with new deadlines."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles = _as_moderator(issue, actor, organisation)
        if issue.publication not in (Publication.HELD, Publication.REFUSED, Publication.TAKEN_DOWN):
            raise NotPossible(_("The issue does not wait for publication."), clause="5.1", state=issue.publication)
        first = issue.published_at is None
        change_status.publish(issue, actor_id=roles.user_id, party=Party.MODERATOR, organisation=organisation, now=now)
        if first:
            route(issue, now=now)
        else:
            restart_deadlines(issue, now)
    return issue


def restart_deadlines(issue: IssuePage, now: datetime) -> None:
    """New clocks for a locked issue that is published again as it was."""
    calendar = issue.city.config.calendar()
    clauses: tuple[str, ...]
    if issue.status in SOLVED:
        clauses = watch_deadlines.WHEN_CLOSED if issue.status == Status.CLOSED else watch_deadlines.WHEN_ARCHIVED
        watch_deadlines.start_for_issue(issue, clauses, now, calendar)
        return
    for assignment in issue.assignments.active():
        clauses = watch_deadlines.WHEN_RETURNED_TO_WORK if assignment.accepted_at else ON_RECEIPT
        watch_deadlines.start(issue, [assignment], clauses, now, calendar)


def refuse(
    issue: IssuePage, *, ground: str, reason: str, actor: Any, organisation: Organisation, now: datetime | None = None
) -> IssuePage:
    """Refuse to publish a held issue, with a ground of 5.2; its author learns it and can correct and send again."""
    now = now or timezone.now()
    _check_ground(ground)
    with transaction.atomic():
        issue, roles = _as_moderator(issue, actor, organisation)
        if issue.publication != Publication.HELD:
            raise NotPossible(_("Only a held issue can be refused."), clause="5.2", state=issue.publication)
        write(issue, publication=Publication.REFUSED, refusal_ground=ground, refusal_reason=reason.strip())
        record(
            issue,
            EventKind.REFUSED,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=organisation,
            data={"ground": ground},
        )
    return issue


def take_down(
    issue: IssuePage, *, ground: str, reason: str, actor: Any, organisation: Organisation, now: datetime | None = None
) -> IssuePage:
    """Take a published issue off the public site by the terms of use (5.1). No transition; its deadlines are cancelled."""
    now = now or timezone.now()
    _check_ground(ground)
    with transaction.atomic():
        issue, roles = _as_moderator(issue, actor, organisation)
        if issue.publication != Publication.PUBLISHED:
            raise NotPossible(_("The issue is not published."), clause="5.1", state=issue.publication)
        record(
            issue,
            EventKind.TAKEN_DOWN,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=organisation,
            data={"ground": ground},
        )
        change_status.unpublish(issue, Publication.TAKEN_DOWN, refusal_ground=ground, refusal_reason=reason.strip())
        watch_deadlines.cancel(issue, now)
    return issue


def hide(
    part: Media | Contribution, *, reason: str, actor: Any, organisation: Organisation, now: datetime | None = None
) -> None:
    """Hide one photo or one contribution (a face, a number plate, an insult); the rest of the card stays."""
    now = now or timezone.now()
    if not reason.strip():
        raise Missing(_("Say why."), fields={"reason": _("Say why.")}, clause="5.1")
    _set_hidden(part, now, reason.strip(), EventKind.HIDDEN, actor, organisation, now)


def show_again(
    part: Media | Contribution, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> None:
    """Undo the hiding of one photo or contribution."""
    _set_hidden(part, None, "", EventKind.SHOWN, actor, organisation, now or timezone.now())


def _set_hidden(
    part: Media | Contribution,
    hidden_at: datetime | None,
    reason: str,
    kind: EventKind,
    actor: Any,
    organisation: Organisation,
    now: datetime,
) -> None:
    with transaction.atomic():
        # Only what belongs to an issue is shown to a moderator; a draft's photo has none yet.
        issue, roles = _as_moderator(cast("IssuePage", part.issue), actor, organisation)
        changed = (
            type(part)
            .objects.filter(pk=part.pk, hidden_at__isnull=hidden_at is not None)
            .update(hidden_at=hidden_at, hidden_reason=reason)
        )
        if not changed:
            raise NotPossible(_("That has been done already."), clause="5.1")
        if isinstance(part, Contribution) and part.kind == ContributionKind.COMMENT:
            write(issue, comment_count=issue.comment_count + (1 if hidden_at is None else -1))
        record(
            issue,
            kind,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=organisation,
            data={type(part).__name__.lower(): part.pk},
        )


def handle_flag(flag: Contribution, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> None:
    """The moderator has looked at a resident's "still not solved"; reopening, if due, is a transition of its own (T10, T14)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles = _as_moderator(flag.issue, actor, organisation)
        if not Contribution.objects.filter(pk=flag.pk, kind=ContributionKind.FLAG, handled_at=None).update(
            handled_at=now
        ):
            raise NotPossible(_("That has been done already."), clause="3.2")
        record(
            issue,
            EventKind.FLAG_HANDLED,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=organisation,
            data={"contribution": flag.pk},
        )


def block_citizen(
    person: Any, *, reason: str, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Citizen:
    """Stop an abusive person from reporting and commenting (5.1). Raises NotPermitted for a member of an organisation."""
    if not reason.strip():
        raise Missing(_("Say why."), fields={"reason": _("Say why.")}, clause="5.1")
    roles = Roles.of(actor)
    if not rules.allows("moderate", roles, organisation=organisation):
        raise NotPermitted(_("Only the moderator blocks people."), clause="5.1")
    if Roles.of(person).organisations:
        raise NotPermitted(
            _("A worker of an organisation is not blocked but reported to the organisation."), clause="5.1"
        )
    citizen, _created = Citizen.objects.get_or_create(user_id=person.pk)
    citizen.blocked_at, citizen.blocked_by_id, citizen.block_reason = (
        now or timezone.now(),
        roles.user_id,
        reason.strip(),
    )
    citizen.save()
    return citizen


def unblock_citizen(person: Any, *, actor: Any, organisation: Organisation) -> None:
    if not rules.allows("moderate", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only the moderator unblocks people."), clause="5.1")
    Citizen.objects.filter(user_id=person.pk).update(blocked_at=None, blocked_by=None, block_reason="")


def _as_moderator(issue: IssuePage, actor: Any, organisation: Organisation) -> tuple[IssuePage, Roles]:
    issue = locked(issue)
    roles = Roles.of(actor)
    if not rules.allows("moderate", roles, issue, organisation):
        raise NotPermitted(_("This is not for your role."), clause="5.1")
    return issue, roles


def _check_ground(ground: str) -> None:
    if ground not in {known.value for known in Ground}:
        raise Missing(_("Choose a ground."), fields={"ground": _("Choose a ground.")}, clause="5.2")
