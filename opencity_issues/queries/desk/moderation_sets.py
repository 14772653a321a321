"""The sets of issues that call for the moderator by clauses 5.3 and 3.2: complaints, places to look at, self-organisation."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from opencity_issues.enums import CheckOutcome, ContributionKind, Publication, Status, UndertakingState
from opencity_issues.models import Contribution, Deadline, Initiative, IssuePage, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk.sets import LATELY, among, of_city, reworked

TOLD = (CheckOutcome.SOLVED, CheckOutcome.NOT_SOLVED)
"""Outcomes after which nobody needs to go there again."""


def complained(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """A responsible worker's complaint waits for the moderator (5.3)."""
    return among(organisation, Contribution.objects.filter(kind=ContributionKind.COMPLAINT, handled_at=None))


def to_check(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """What nobody has looked at since: closed, archived while the author may return it (T9), rework reported as done."""
    published = of_city(organisation)
    closed = published.filter(~_told("closed_at"), status=Status.CLOSED)
    window = Deadline.objects.running().filter(clause="T9", due_at__gt=now)
    archived = among(organisation, window).filter(~_told("closed_at"), status=Status.ARCHIVED)
    again = reworked(organisation, now).filter(~_told("opened_at"))
    found = closed.order_by().values("pk").union(*(one.order_by().values("pk") for one in (archived, again)), all=True)
    return IssuePage.objects.filter(pk__in=found)  # type: ignore[no-any-return] # Wagtail's queryset is untyped


def gathered(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Residents have announced that they solve it themselves, and the issue is open: T3 is the moderator's."""
    ahead = Initiative.objects.filter(state=UndertakingState.PLANNED, hidden_at=None)
    return among(organisation, ahead).filter(status=Status.OPEN)


def done_by_residents(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Residents have told their result since the issue was last opened: T7 is the moderator's. For a month, then it rests."""
    told = Initiative.objects.filter(state=UndertakingState.DONE, hidden_at=None, ended_at__gte=now - LATELY)
    since = told.filter(issue=OuterRef("pk"), ended_at__gte=OuterRef("opened_at"))
    return among(organisation, told).filter(Exists(since), status=Status.ACCEPTED)


def merged(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Reports of the same that were joined with another issue."""
    return of_city(organisation, Publication.MERGED)


def _told(since: str) -> Exists:
    checks = Contribution.objects.filter(kind=ContributionKind.CHECK, outcome__in=TOLD)
    return Exists(checks.filter(issue=OuterRef("pk"), created_at__gte=OuterRef(since)))
