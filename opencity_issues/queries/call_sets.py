"""Issues that somebody telephoned in: whom the control body is to call back. Condition and deed agree (`actions/record_call.py`)."""

from datetime import datetime

from django.db.models import F, Q

from opencity_issues.enums import SOLVED
from opencity_issues.models import Caller, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk_sets import among


def calls_to_answer(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Solved, and the caller has not been told since."""
    untold = Caller.objects.filter(Q(told_at=None) | Q(told_at__lt=F("issue__closed_at")))
    return among(organisation, untold).filter(status__in=SOLVED, by_phone=True)
