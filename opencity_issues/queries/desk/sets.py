"""The sets of issues that a desk shows, as query sets that compose: each cheap to count up to a bound and to list.

`of_city` and `own` are the two grounds; all others narrow one of them by what stands in another table.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from opencity_issues.enums import (
    ACTIVE_ASSIGNMENTS,
    SOLVED,
    UNSOLVED,
    AssignmentState,
    ContributionKind,
    Publication,
    Reopening,
    Status,
)
from opencity_issues.models import (
    Assignment,
    Citizen,
    Contribution,
    Deadline,
    IssuePage,
    Media,
    Membership,
    Notice,
    Organisation,
)
from opencity_issues.models.deadline import DeadlineQuerySet
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.procedure.deadlines import MISSABLE, WARNED

LATELY = timedelta(days=30)

SOON = timedelta(days=2)
"""How long before its end a term calls for its organisation."""

PATIENCE = timedelta(days=3)
"""How long after a warning its silence is no business of the control body yet."""


def of_city(organisation: Organisation, publication: str | None = Publication.PUBLISHED) -> IssueQuerySet:
    """Every issue of the organisation's city that is published, or of another publication; None: of any."""
    issues = IssuePage.objects.filter(city_id=organisation.city_id)
    return issues.filter(publication=publication) if publication else issues


def among(
    organisation: Organisation, rows: QuerySet[Any], publication: str | None = Publication.PUBLISHED
) -> IssueQuerySet:
    """The city's issues that these rows belong to."""
    return _looked_up(organisation, publication).filter(**having(rows))


def those(keys: Any) -> IssueQuerySet:
    """The issues of these keys, which are a city's already."""
    return IssuePage.objects.filter(pk__in=keys)  # type: ignore[no-any-return] # Wagtail's queryset is untyped


def _looked_up(organisation: Organisation, publication: str | None = Publication.PUBLISHED) -> IssueQuerySet:
    """As `of_city`, for a condition that names few issues.

    SQLite knows no counts of its own and would walk through the city's index rather than look up the few that are meant;
    a sum has no index to be walked through.
    """
    issues = IssuePage.objects.alias(of_city=F("city_id") + 0).filter(of_city=organisation.city_id)
    return issues.filter(publication=publication) if publication else issues


def own(organisation: Organisation, **conditions: Any) -> IssueQuerySet:
    """Published issues of which the organisation has a part that meets the conditions."""
    return among(organisation, Assignment.objects.filter(organisation=organisation, **conditions))


def having(parts: QuerySet[Any]) -> dict[str, Any]:
    """The condition that an issue is among those of these rows."""
    return {"pk__in": parts if parts.query.combinator else parts.order_by().values("issue_id")}


def running(organisation: Organisation | None = None) -> DeadlineQuerySet:
    """Terms of 4.2–4.4 that run: one organisation's own, or everybody's.

    They have an assignment, which the terms of the issue as a whole have not: an index holds them alone.
    """
    terms = Deadline.objects.running().filter(assignment__isnull=False, clause__in=MISSABLE)
    return terms.filter(assignment__organisation=organisation) if organisation else terms


def missed(now: datetime, organisation: Organisation | None = None, **conditions: Any) -> DeadlineQuerySet:
    """Terms of 4.2–4.4 that have run out unmet."""
    return running(organisation).filter(due_at__lte=now, **conditions)


def overdue_own(organisation: Organisation, now: datetime) -> IssueQuerySet:
    late = Exists(missed(now).filter(assignment_id=OuterRef("pk")))
    parts = Assignment.objects.filter(late, organisation=organisation, state__in=ACTIVE_ASSIGNMENTS)
    return among(organisation, parts)


def due_soon(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return among(organisation, running(organisation).filter(due_at__gt=now, due_at__lte=now + SOON))


def overdue_anywhere(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return among(organisation, missed(now))


def to_warn(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Missed, and the responsible worker not yet warned (4.3, 4.4)."""
    return among(organisation, missed(now, clause__in=WARNED, warned_at=None))


def to_repeat(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Missed, and the message not yet repeated to the organisation's mailbox (4.3, 4.4)."""
    return among(organisation, missed(now, clause__in=WARNED, repeated_at=None))


def silent(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Warned some days ago, and nothing has come of it."""
    late = missed(now, clause__in=WARNED, warned_at__lte=now - PATIENCE)
    return among(organisation, late)


def asked(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """A question to the author waits for its reply."""
    questions = Contribution.objects.filter(
        kind=ContributionKind.QUESTION, organisation=organisation, replies=None, hidden_at=None
    )
    return own(organisation, state__in=ACTIVE_ASSIGNMENTS).filter(**having(questions))


def done_lately(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return own(organisation, state=AssignmentState.DONE, done_at__gte=now - LATELY)


def reopened(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return own(organisation, state__in=ACTIVE_ASSIGNMENTS).filter(again=True)


def promise_passed(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """The day that the organisation promised has passed, and its part is not done (4.4)."""
    return own(organisation, state=AssignmentState.ACCEPTED, planned_date__lt=today_at(organisation, now))


def promise_passed_anywhere(organisation: Organisation, now: datetime) -> IssueQuerySet:
    parts = Assignment.objects.filter(planned_date__lt=today_at(organisation, now), state=AssignmentState.ACCEPTED)
    return among(organisation, parts)


def unrouted(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Not solved and never in anybody's hands."""
    hands = [*ACTIVE_ASSIGNMENTS, AssignmentState.DONE, AssignmentState.RETURNED]
    held = Assignment.objects.filter(issue_id=OuterRef("pk"), state__in=hands)
    return of_city(organisation).filter(~Exists(held), status__in=UNSOLVED)


def returned(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Returned as not theirs, and in nobody's hands now; rework reported as done waits for closing, not for an addressee."""
    back = Assignment.objects.filter(returned_at__isnull=False, state=AssignmentState.RETURNED)
    held = Assignment.objects.filter(issue_id=OuterRef("pk"), state__in=[*ACTIVE_ASSIGNMENTS, AssignmentState.DONE])
    return among(organisation, back).filter(~Exists(held), status__in=UNSOLVED)


def repeated(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """T4 is open to the control body: a repeated message since the issue last became open."""
    since = {"repeated_at__isnull": False, "repeated_at__gte": F("opened_at")}
    return those(_looked_up(organisation).filter(status=Status.OPEN, **since).order_by().values("pk"))


def reworked(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """Reopened by 4.7 and reported as done: moderator or control body close it."""
    done = Assignment.objects.filter(issue_id=OuterRef("pk"), state=AssignmentState.DONE)
    again = _looked_up(organisation).filter(again=True, reopening=Reopening.CLOSED, status__in=UNSOLVED)
    return those(again.filter(Exists(done)).order_by().values("pk"))


def bounced(organisation: Organisation, now: datetime) -> IssueQuerySet:
    return among(organisation, Notice.objects.bounced())


def flagged(organisation: Organisation, now: datetime) -> IssueQuerySet:
    flags = Contribution.objects.filter(kind=ContributionKind.FLAG, handled_at=None)
    return among(organisation, flags).filter(status__in=SOLVED)


def with_hidden_parts(organisation: Organisation, now: datetime) -> IssueQuerySet:
    words = Contribution.objects.filter(hidden_at__isnull=False).order_by().values("issue_id")
    photos = Media.objects.filter(hidden_at__isnull=False, issue__isnull=False).order_by().values("issue_id")
    return among(organisation, words.union(photos, all=True))


def blocked(organisation: Organisation, now: datetime) -> QuerySet[Citizen]:
    """Blocked people who have reported or written something in the organisation's city."""
    reported = IssuePage.objects.filter(author_id=OuterRef("user_id"), city_id=organisation.city_id)
    written = Contribution.objects.filter(author_id=OuterRef("user_id"), issue__city_id=organisation.city_id)
    return Citizen.objects.filter(Exists(reported) | Exists(written), blocked_at__isnull=False)


def today_at(organisation: Organisation, now: datetime) -> date:
    """The day it is in the organisation's city."""
    return timezone.localdate(now, organisation.city.config.zone)


def stood_in_for(organisation: Organisation, user_id: int, now: datetime) -> QuerySet[Membership]:
    """Colleagues who are absent today and whose deputy this person is (4.1)."""
    return absent(organisation, now).filter(deputy__user_id=user_id)


def absent(organisation: Organisation, now: datetime) -> QuerySet[Membership]:
    """Members who are absent on this day of the city's calendar."""
    today = today_at(organisation, now)
    away = Membership.objects.live().filter(organisation=organisation, away_from__lte=today)
    return away.filter(Q(away_until=None) | Q(away_until__gte=today))


def of_person(organisation: Organisation, user_id: int, now: datetime) -> IssueQuerySet:
    """What this person has accepted, and what those have whom he or she stands in for, as long as it is in work."""
    workers = Q(worker_id=user_id) | Q(worker_id__in=stood_in_for(organisation, user_id, now).values("user_id"))
    parts = Assignment.objects.filter(workers, organisation=organisation, state__in=ACTIVE_ASSIGNMENTS)
    return of_city(organisation).filter(**having(parts))


def executor_reported(organisation: Organisation, now: datetime) -> IssueQuerySet:
    """The executor has reported the work as done by the private link: the responsible worker confirms (4.5)."""
    return own(organisation, state=AssignmentState.ACCEPTED, executor_done_at__isnull=False)
