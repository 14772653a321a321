"""“Where would this go?”: the receivers of an issue that is not there, the row that decides each, and their terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from opencity_issues.models import Category, District, Organisation
from opencity_issues.procedure.deadlines import DEADLINES, ON_RECEIPT, DeadlineRule, due_at
from opencity_issues.queries.matrix.matrix import Matrix


@dataclass(frozen=True)
class Way:
    """One chosen category, the category whose rows decide for it, and who receives by them."""

    category: Category
    decider: Category | None
    organisations: list[Organisation]

    @property
    def is_inherited(self) -> bool:
        return self.decider is not None and self.decider.pk != self.category.pk


@dataclass(frozen=True)
class Term:
    """A deadline that would run: its clause, what is to be done, and the last day for it."""

    clause: str
    rule: DeadlineRule
    due_at: datetime
    last_day: date


@dataclass(frozen=True)
class Route:
    """All that would happen to an issue with these categories, reported at this moment."""

    ways: list[Way]
    organisations: list[Organisation]
    terms: list[Term]
    district: District | None
    is_outside: bool
    """A place was given, and it lies outside the city's bounds."""


def where_to(
    matrix: Matrix, categories: Iterable[Category], now: datetime, location: tuple[float, float] | None = None
) -> Route:
    """The route of an issue reported at `now`; `location` (lng, lat in degrees) tells the district and moves nobody."""
    config = matrix.city.config
    calendar = config.calendar()
    ways = [Way(one, matrix.decider(one.pk), matrix.receivers(one.pk)) for one in categories]
    receiving = {organisation.pk for way in ways for organisation in way.organisations}
    terms = []
    for clause in ON_RECEIPT:
        due = due_at(clause, now, calendar)
        terms.append(Term(clause, DEADLINES[clause], due, calendar.last_day(due)))
    return Route(
        ways=ways,
        organisations=[one for one in matrix.organisations if one.pk in receiving],
        terms=terms,
        district=District.objects.at(matrix.city, location),
        is_outside=location is not None and not config.contains(*location),
    )
