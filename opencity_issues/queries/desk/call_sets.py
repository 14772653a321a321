"""Issues that somebody telephoned in: whom the control body is to call. Condition and deed agree (`actions/record_call.py`)."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from opencity_issues.enums import SOLVED, UNSOLVED, ContributionKind
from opencity_issues.models import Caller, Contribution, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk.sets import among


def calls_to_answer(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Solved, and the caller has not been told since; or an organisation asks the caller something."""
    untold = Q(issue__status__in=SOLVED) & (Q(told_at=None) | Q(told_at__lt=F("issue__closed_at")))
    questions = Contribution.objects.filter(
        issue=OuterRef("issue"), kind=ContributionKind.QUESTION, replies=None, hidden_at=None
    )
    return among(organisation, Caller.objects.filter(untold | Q(Exists(questions), issue__status__in=UNSOLVED)))
