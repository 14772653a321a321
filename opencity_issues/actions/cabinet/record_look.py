"""The responsible worker looks into the cabinet every day (4.1): said once a day, by a request of its own."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.models import Look, Organisation
from opencity_issues.procedure.refusals import NotPermitted
from opencity_issues.rules import Roles


def record_look(organisation: Organisation, *, actor: Any, now: datetime | None = None) -> Look:
    """Note that a member has looked into the cabinet on this day of the city's calendar; once more changes nothing.

    Raises NotPermitted for who is no member.
    """
    now = now or timezone.now()
    if not rules.allows("enter_cabinet", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only members of the organisation look into its cabinet."), clause="4.1")
    day = timezone.localdate(now, organisation.city.config.zone)
    look, _created = Look.objects.get_or_create(
        organisation=organisation, user_id=actor.pk, day=day, defaults={"first_at": now}
    )
    return look
