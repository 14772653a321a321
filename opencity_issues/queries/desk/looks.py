"""Who has not looked into the cabinet on this working day (4.1): for the control body, with the ways to reach them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, AssignmentState
from opencity_issues.models import Assignment, Look, Organisation
from opencity_issues.queries.desk.sets import today_at

LONGEST_SEARCH = 30


@dataclass(frozen=True)
class Watched:
    """An organisation with issues at work. `unseen`: sent and not looked at yet; `last_look`: a day of the city's calendar."""

    organisation: Organisation
    active: int
    unseen: int
    last_look: date | None
    has_looked: bool


@dataclass(frozen=True)
class Looks:
    """`day`: the working day that is asked about: today, or on a day off the last one before it."""

    day: date
    is_today: bool
    absent: list[Watched]
    present: list[Watched]


def looks(organisation: Organisation, now: datetime) -> Looks:
    """Everybody with issues at work, those first that nobody has looked for, the longest silent ahead. Two queries."""
    today = today_at(organisation, now)
    calendar = organisation.city.config.calendar()
    earlier = (today - timedelta(days=back) for back in range(LONGEST_SEARCH))
    day = next((one for one in earlier if calendar.is_working(one)), today)
    watched = [
        Watched(one, one.active, one.unseen, one.last_look, one.last_look is not None and one.last_look >= day)
        for one in _with_work(organisation)
    ]
    absent = [one for one in watched if not one.has_looked]
    absent.sort(key=lambda one: (one.last_look or date.min, -one.unseen))
    return Looks(day, day == today, absent, [one for one in watched if one.has_looked])


def _with_work(organisation: Organisation) -> list[Organisation]:
    parts = Assignment.objects.filter(organisation=OuterRef("pk"), state__in=ACTIVE_ASSIGNMENTS).order_by()
    counted = parts.values("organisation").annotate(
        active=Count("pk"), unseen=Count("pk", filter=Q(state=AssignmentState.SENT, seen_at=None))
    )
    last = Look.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation").annotate(day=Max("day"))
    return list(
        Organisation.objects.active()
        .filter(city_id=organisation.city_id)
        .annotate(
            active=Subquery(counted.values("active")),
            unseen=Subquery(counted.values("unseen")),
            last_look=Subquery(last.values("day")),
        )
        .filter(active__gt=0)
        .order_by("name_uk")
    )
