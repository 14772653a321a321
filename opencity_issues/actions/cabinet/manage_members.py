"""How people come into an organisation and leave it: invited by e-mail, out by one click (2.4)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.record_event import locked, record
from opencity_issues.enums import ACTIVE_ASSIGNMENTS, EventKind, Party
from opencity_issues.models import ApiToken, Assignment, Invitation, Membership, Organisation
from opencity_issues.models.organisation import digest_of
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


def invite(organisation: Organisation, email: str, *, actor: Any, position: str = "") -> tuple[Invitation, str]:
    """Invite somebody into an organisation; returns the invitation and the secret of its link, to be e-mailed."""
    if not rules.allows("invite", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only members of the organisation and the operator invite into it."), clause="2.4")
    email = email.strip().lower()
    if Membership.objects.live().filter(organisation=organisation, user__email__iexact=email).exists():
        raise Missing(
            _("This person is a member already."), fields={"email": _("This person is a member already.")}, clause="2.4"
        )
    return Invitation.issue_to(organisation, email, position, actor)


def find_invitation(secret: str) -> Invitation | None:
    """The open invitation that a link's secret belongs to."""
    found = Invitation.objects.select_related("organisation").filter(digest=digest_of(secret)).first()
    return found if found and found.is_open else None


def join(invitation: Invitation, *, actor: Any, now: datetime | None = None) -> Membership:
    """Accept an invitation with the account whose e-mail it was sent to."""
    now = now or timezone.now()
    if not actor.is_authenticated or actor.email.strip().lower() != invitation.email.strip().lower():
        raise NotPermitted(_("Sign in with the e-mail address that the invitation was sent to."), clause="2.4")
    with transaction.atomic():
        used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(accepted_at=now)
        if not used:
            raise NotPossible(_("This invitation has been used or has run out."), clause="2.4")
        membership, _created = Membership.objects.get_or_create(
            organisation=invitation.organisation,
            user_id=actor.pk,
            left_at=None,
            defaults={"position": invitation.position, "joined_at": now},
        )
    return membership


def leave(membership: Membership, *, actor: Any, now: datetime | None = None) -> None:
    """End a membership: its rights end at once, tokens with them, and what the person held goes to the organisation.

    By the person, by a fellow member, or by the operator.
    """
    now = now or timezone.now()
    organisation = membership.organisation
    if not rules.allows("invite", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only members of the organisation and the operator end a membership."), clause="2.4")
    with transaction.atomic():
        if not Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=now):
            raise NotPossible(_("This membership has ended already."), clause="2.4")
        heir = Membership.objects.live().filter(organisation=organisation).order_by("joined_at", "pk").first()
        held = Assignment.objects.filter(
            organisation=organisation, worker_id=membership.user_id, state__in=ACTIVE_ASSIGNMENTS
        )
        for assignment in held.select_related("issue"):
            issue = locked(assignment.issue)
            Assignment.objects.filter(pk=assignment.pk).update(worker_id=heir.user_id if heir else None)
            record(
                issue,
                EventKind.HANDED_OVER,
                at=now,
                actor_id=actor.pk,
                party=Party.RESPONSIBLE_WORKER,
                organisation=organisation,
                notify=heir is None,
            )
        if not Membership.objects.live().filter(user_id=membership.user_id).exists():
            ApiToken.objects.filter(user_id=membership.user_id).delete()


def withdraw_invitation(invitation: Invitation, *, actor: Any, now: datetime | None = None) -> None:
    """Let an open invitation run out at once; its link stops working."""
    if not rules.allows("invite", Roles.of(actor), organisation=invitation.organisation):
        raise NotPermitted(_("Only members of the organisation and the operator invite into it."), clause="2.4")
    now = now or timezone.now()
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(expires_at=now):
        raise NotPossible(_("This invitation has been used or has run out."), clause="2.4")
