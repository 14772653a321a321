"""An organisation's internal notes on an issue: for its own members, never for the public or another organisation."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import locked, record
from opencity_issues.enums import ContributionKind, EventKind, Party
from opencity_issues.models import Contribution, IssuePage, Organisation
from opencity_issues.procedure.refusals import NotPermitted
from opencity_issues.rules import Roles


def write_note(
    issue: IssuePage, text: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """Keep a note for the colleagues of `organisation`, which has the issue, controls or moderates it."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("write_note", roles, issue, organisation):
            raise NotPermitted(_("This is not for your role."), clause="2.4")
        note = write_contribution(issue, ContributionKind.NOTE, text, author=actor, organisation=organisation, now=now)
        record(
            issue,
            EventKind.NOTE,
            at=now,
            actor_id=roles.user_id,
            party=_party(issue, organisation),
            organisation=organisation,
            contribution=note,
            notify=False,
        )
    return note


def _party(issue: IssuePage, organisation: Organisation) -> Party:
    if any(one.organisation_id == organisation.pk for one in issue.assignments.all()):
        return Party.RESPONSIBLE_WORKER
    return Party.CONTROL_BODY if organisation.is_control_body else Party.MODERATOR
