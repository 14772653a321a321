"""Which reports an organisation sees: its own in every state, and to a control body those that were passed to it (5.4)."""

from django.db.models import Q, QuerySet

from opencity_issues.models import Organisation, Report


def reports_of(organisation: Organisation) -> QuerySet[Report]:
    """Newest first, without their figures; three states: draft, signed, passed."""
    seen = Q(organisation=organisation)
    if organisation.is_control_body:
        seen |= Q(city=organisation.city_id, passed_at__isnull=False)
    return Report.objects.filter(seen).select_related("organisation").defer("figures", "words")


def reports_to_receive(organisation: Organisation) -> QuerySet[Report]:
    """What was passed to a control body and is still new there."""
    return Report.objects.filter(city=organisation.city_id, passed_at__isnull=False, received_at=None)
