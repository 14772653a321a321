"""What narrows a queue: who has it, who works on it, which term is missed or ends on a day, what, where and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from opencity_issues.enums import UNSOLVED, AssignmentState
from opencity_issues.models import Assignment, Category, District, IssueCategory, Organisation
from opencity_issues.models.deadline import DeadlineQuerySet
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.desk import sets
from opencity_issues.queries.desk.queues import Function

NOT_THEIRS = (AssignmentState.WITHDRAWN, AssignmentState.RETURNED)
ANY_CLAUSE = "any"
NOT_SOLVED = "unsolved"
"""Stands beside the four statuses: open and accepted together."""

NOWHERE = "none"


@dataclass(frozen=True)
class DeskFilter:
    """`late`: a clause of 4.2–4.4 whose term is missed, or "any". `due`: a day that a term ends with, of `clause` alone where
    given. `nowhere`: without a district. `first`, `last`: days of registration in the city's zone, both included.
    """

    text: str = ""
    status: str = ""
    category: Category | None = None
    organisation: Organisation | None = None
    executor: str = ""
    late: str = ""
    district: District | None = None
    nowhere: bool = False
    first: date | None = None
    last: date | None = None
    due: date | None = None
    clause: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything narrows at all."""
        return self != DeskFilter()


def narrow(
    issues: IssueQuerySet, chosen: DeskFilter, organisation: Organisation, function: Function, now: datetime
) -> IssueQuerySet:
    """The issues that the filter leaves. In one's own work terms and executors are one's own, elsewhere anybody's."""
    own = organisation if function == Function.WORK else None
    issues = _about(issues, chosen)
    parts = Assignment.objects.exclude(state__in=NOT_THEIRS)
    if chosen.status == NOT_SOLVED:
        parts = Assignment.objects.active()
    if chosen.organisation is not None:
        issues = issues.filter(**sets.having(parts.filter(organisation=chosen.organisation)))
    if chosen.executor:
        named = parts.filter(_spelt(chosen.executor, "executor"))
        issues = issues.filter(**sets.having(named.filter(organisation=own) if own else named))
    if chosen.late:
        late = sets.missed(now, own or chosen.organisation)
        issues = issues.filter(**sets.having(late if chosen.late == ANY_CLAUSE else late.filter(clause=chosen.late)))
    if chosen.first or chosen.last or chosen.due:
        issues = _at_times(issues, chosen, own, organisation.city.config.zone)
    return _with_words(issues, chosen.text)


def _about(issues: IssueQuerySet, chosen: DeskFilter) -> IssueQuerySet:
    """What the issue itself says: its status, category and district."""
    if chosen.status == NOT_SOLVED:
        issues = issues.filter(status__in=UNSOLVED)
    elif chosen.status:
        issues = issues.filter(status=chosen.status)
    if chosen.category is not None:
        issues = issues.filter(**sets.having(_of_branch(chosen.category)))
    if chosen.nowhere:
        return issues.filter(district=None)
    return issues.filter(district=chosen.district) if chosen.district is not None else issues


def _at_times(issues: IssueQuerySet, chosen: DeskFilter, own: Organisation | None, zone: ZoneInfo) -> IssueQuerySet:
    """When it was registered, and when a term of it ends; days are those of the city's zone."""
    if chosen.due is not None:
        issues = issues.filter(**sets.having(_ending_with(chosen.due, chosen.clause, own, zone)))
    if chosen.first is not None:
        issues = issues.filter(submitted_at__gte=datetime.combine(chosen.first, time.min, tzinfo=zone))
    if chosen.last is not None:
        issues = issues.filter(
            submitted_at__lt=datetime.combine(chosen.last + timedelta(days=1), time.min, tzinfo=zone)
        )
    return issues


def _of_branch(category: Category) -> Any:
    """The rows of a category and of those below it."""
    below = Q(category__code=category.code) | Q(category__code__startswith=f"{category.code}.")
    return IssueCategory.objects.filter(below)


def _ending_with(day: date, clause: str, own: Organisation | None, zone: ZoneInfo) -> DeadlineQuerySet:
    """Terms whose last day it is: they end with the midnight that closes it."""
    start = datetime.combine(day, time.min, tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    terms = sets.running(own).filter(due_at__gt=start, due_at__lte=end)
    return terms.filter(clause=clause) if clause else terms


def _with_words(issues: IssueQuerySet, words: str) -> IssueQuerySet:
    text = words.lstrip("№# ").strip()
    if text.isdigit() and len(text) < 10:
        return issues.filter(number=int(text))
    return issues.filter(_spelt(text, "title", "description", "address")) if text else issues


def _spelt(words: str, *fields: str) -> Q:
    """SQLite folds the case of Latin letters only; people search in Cyrillic."""
    spellings = {words, words.lower(), words.capitalize()} if connection.vendor == "sqlite" else {words}
    return Q(*((f"{field}__icontains", one) for one in spellings for field in fields), _connector=Q.OR)
