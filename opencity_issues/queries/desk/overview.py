"""A desk's overview: how much is at work, and how much of it overdue, by organisation, executor, clause, category, district."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, UNSOLVED
from opencity_issues.models import Assignment, Category, District, IssueCategory, Organisation
from opencity_issues.procedure.deadlines import DEADLINES
from opencity_issues.queries.desk import sets
from opencity_issues.queries.desk.narrowing import NOWHERE
from opencity_issues.queries.desk.queues import Function

EXECUTORS_AT_MOST = 40


@dataclass
class Line:
    """`value` is what narrows a desk to this line: by the group's parameter."""

    value: str
    name: str
    issues: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.issues)

    @property
    def late_count(self) -> int:
        return len(self.late)


@dataclass(frozen=True)
class Group:
    """Lines of one kind, those with the most overdue first. `parameter` is the desk's address's."""

    parameter: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Overview:
    """All that is not solved in view of one function: the whole city's, or one organisation's own part."""

    issues: int
    late: int
    unrouted: int
    groups: list[Group]


@dataclass(frozen=True)
class _Read:
    districts: dict[int, int | None]
    """The district of each issue at work."""
    parts: list[tuple[int, int, str, int]]
    """(issue, organisation, executor, key) of each part at work."""
    late: dict[int, set[str]]
    """Clauses that each part has missed."""


def overview(organisation: Organisation, function: Function, now: datetime) -> Overview:
    """Read in seven queries, whatever the number of issues."""
    read = _read(organisation, function, now)
    late = {issue for issue, _organisation, _executor, key in read.parts if key in read.late}
    with_somebody = {issue for issue, *_rest in read.parts}
    groups = [_by_executor(read), _by_clause(read), _by_category(read, late), _by_district(organisation, read, late)]
    if function != Function.WORK:
        groups.insert(0, _by_organisation(organisation, read))
    return Overview(
        issues=len(read.districts),
        late=len(late),
        unrouted=len(read.districts.keys() - with_somebody),
        groups=[group for group in groups if group.lines],
    )


def _read(organisation: Organisation, function: Function, now: datetime) -> _Read:
    own = organisation if function == Function.WORK else None
    parts = Assignment.objects.filter(state__in=ACTIVE_ASSIGNMENTS)
    issues = sets.of_city(organisation).filter(status__in=UNSOLVED)
    if own is not None:
        parts = parts.filter(organisation=own)
        issues = sets.own(own, state__in=ACTIVE_ASSIGNMENTS)
    districts = dict(issues.order_by().values_list("pk", "district_id"))
    late: dict[int, set[str]] = defaultdict(set)
    for key, clause in sets.missed(now, own).order_by().values_list("assignment_id", "clause"):
        late[key].add(clause)
    rows = parts.order_by().values_list("issue_id", "organisation_id", "executor", "pk")
    return _Read(districts, [row for row in rows if row[0] in districts], late)


def _lines(entries: Iterable[tuple[Any, int, bool]], named: Callable[[Any], tuple[str, str]]) -> list[Line]:
    """From (key, issue, is late) to lines, those with the most overdue first."""
    lines: dict[Any, Line] = {}
    for key, issue, is_late in entries:
        line = lines.setdefault(key, Line(*named(key)))
        line.issues.add(issue)
        if is_late:
            line.late.add(issue)
    return sorted(lines.values(), key=lambda line: (-line.late_count, -line.count, line.name))


def _by_organisation(organisation: Organisation, read: _Read) -> Group:
    known = {one.pk: one for one in Organisation.objects.filter(city_id=organisation.city_id)}
    entries = ((of, issue, key in read.late) for issue, of, _executor, key in read.parts)
    lines = _lines(entries, lambda key: (known[key].slug, known[key].name))
    return Group("organisation", _("By organisation"), lines)


def _by_executor(read: _Read) -> Group:
    entries = ((executor, issue, key in read.late) for issue, _of, executor, key in read.parts if executor)
    return Group("executor", _("By executor"), _lines(entries, lambda name: (name, name))[:EXECUTORS_AT_MOST])


def _by_clause(read: _Read) -> Group:
    entries = ((clause, issue, True) for issue, _of, _executor, key in read.parts for clause in read.late.get(key, ()))

    def named(clause: str) -> tuple[str, str]:
        words = _("cl. %(clause)s: %(what)s") % {"clause": clause, "what": DEADLINES[clause].what}
        return clause, words

    return Group("late", _("By missed clause"), sorted(_lines(entries, named), key=lambda line: line.value))


def _by_category(read: _Read, late: set[int]) -> Group:
    """Categories of the first level; what lies below them is counted with them."""
    categories = list(Category.objects.all())
    top = {one.pk: one.code.split(".")[0] for one in categories}
    by_code = {one.code: one for one in categories}
    rows = IssueCategory.objects.filter(issue__status__in=UNSOLVED).order_by().values_list("category_id", "issue_id")
    entries = ((top[category], issue, issue in late) for category, issue in rows if issue in read.districts)
    lines = _lines(entries, lambda code: (code, f"{code}. {by_code[code].name}" if code in by_code else code))
    return Group("category", _("By category"), lines)


def _by_district(organisation: Organisation, read: _Read, late: set[int]) -> Group:
    known = {one.pk: one.name for one in District.objects.filter(city_id=organisation.city_id)}
    entries = ((district, issue, issue in late) for issue, district in read.districts.items())
    lines = _lines(entries, lambda key: (str(key), known[key]) if key in known else (NOWHERE, _("Without a district")))
    return Group("district", _("By district"), lines)
