"""Absence of a responsible worker and the deputy (4.1): by the person, or by a colleague when somebody falls ill."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.models import Membership
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


def be_absent(
    membership: Membership,
    *,
    since: date | None,
    until: date | None = None,
    deputy: Membership | None = None,
    actor: Any,
    now: datetime | None = None,
) -> Membership:
    """Enter an absence by days of the city's calendar, both included; `until` of None is open, a missing deputy allowed.

    Who entered it is kept. Deputising changes no rights: all members of an organisation have the same. Raises Missing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        membership, said_by = _locked(membership, actor)
        _check(membership, since, until, deputy, now)
        membership.away_from, membership.away_until = since, until
        membership.deputy, membership.away_said_by = deputy, said_by
        membership.save(update_fields=["away_from", "away_until", "deputy", "away_said_by"])
    return membership


def be_back(membership: Membership, *, actor: Any) -> Membership:
    """End an absence, whether it has begun or not."""
    with transaction.atomic():
        membership, _said_by = _locked(membership, actor)
        membership.away_from = membership.away_until = membership.deputy = membership.away_said_by = None
        membership.save(update_fields=["away_from", "away_until", "deputy", "away_said_by"])
    return membership


def _locked(membership: Membership, actor: Any) -> tuple[Membership, Membership]:
    """The membership as it is now, and the actor's own in the same organisation."""
    fresh = (
        Membership.objects.select_for_update(of=("self",)).select_related("organisation__city").get(pk=membership.pk)
    )
    roles = Roles.of(actor)
    if not rules.allows("be_absent", roles, organisation=fresh.organisation):
        raise NotPermitted(_("Only members of the organisation enter its absences."), clause="2.4")
    if fresh.left_at is not None:
        raise NotPossible(_("This membership has ended already."), clause="2.4")
    own = Membership.objects.live().get(organisation=fresh.organisation, user_id=roles.user_id)
    return fresh, own


def _check(
    membership: Membership, since: date | None, until: date | None, deputy: Membership | None, now: datetime
) -> None:
    today = now.astimezone(membership.organisation.city.config.zone).date()
    wrong: dict[str, Any] = {}
    if since is None:
        wrong["away_from"] = _("Say from which day.")
    elif until is not None and until < since:
        wrong["away_until"] = _("The absence cannot end before it begins.")
    elif until is not None and until < today:
        wrong["away_until"] = _("This day has passed.")
    if deputy is not None:
        live = Membership.objects.live().filter(organisation_id=membership.organisation_id)
        colleague = live.filter(pk=deputy.pk).exclude(pk=membership.pk).first()
        if colleague is None:
            wrong["deputy"] = _("Choose a colleague of the same organisation.")
        elif since is not None and _overlaps(colleague, since, until):
            wrong["deputy"] = _("This colleague is absent then as well.")
    if wrong:
        raise Missing(_("The absence could not be entered."), fields=wrong, clause="4.1")


def _overlaps(deputy: Membership, since: date, until: date | None) -> bool:
    if deputy.away_from is None:
        return False
    return (until is None or deputy.away_from <= until) and (deputy.away_until is None or since <= deputy.away_until)
