"""The desks of the demonstration as they are on a working morning: who has looked (4.1), and a view that control keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from opencity_issues.actions.cabinet.keep_views import keep_view
from opencity_issues.actions.cabinet.record_look import record_look
from opencity_issues.demo.town import Town
from opencity_issues.models import Membership

DAYS = 5
LATE_RISERS = ("greenery", "architecture")
"""Organisations that nobody has looked for since some days."""

VIEW = ("Дороги: прострочене", "queue=overdue-anywhere&organisation=roads")


def play_desk(town: Town, now: datetime) -> None:
    """Looks of the last days by the first member of each organisation, and one kept view; once more changes nothing."""
    seen: set[int] = set()
    for membership in Membership.objects.live().filter(organisation__city=town.city).order_by("pk"):
        organisation = town.organisations[membership.organisation.slug]
        if organisation.pk in seen or organisation.is_control_body or organisation.is_moderator:
            continue
        seen.add(organisation.pk)
        silent_for = 3 if organisation.slug in LATE_RISERS else len(seen) % 3 // 2
        for back in range(silent_for, DAYS):
            record_look(organisation, actor=membership.user, now=now - timedelta(days=back))
    control = next((one for one in town.organisations.values() if one.is_control_body), None)
    member = Membership.objects.live().filter(organisation=control).order_by("pk").first() if control else None
    if control is not None and member is not None:
        keep_view(control, *VIEW, actor=member.user)
