"""Who follows what an event is about: the issue, its category or one above, an organisation that has it, the place around."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from opencity_issues.enums import NOT_THEIRS, LetterChoice
from opencity_issues.models import Assignment, Category, Event, Follow, IssuePage
from opencity_issues.queries.circle import METRES_AT_MOST, Circle
from opencity_issues.queries.near_duplicates import distance

_ORDER = {LetterChoice.AT_ONCE: 0, LetterChoice.DAILY: 1, LetterChoice.WEEKLY: 2}


@dataclass(frozen=True)
class Follower:
    """`kind` 0 to 3: the issue itself, a circle, an organisation, a category; of several the soonest and nearest counts."""

    follow_id: int
    user_id: int
    how: str
    since: datetime
    kind: int

    @property
    def rank(self) -> tuple[int, int, int]:
        return _ORDER.get(LetterChoice(self.how), 3), self.kind, self.follow_id


Found = Iterator[tuple[int, Follower]]


def followers_of(told: Sequence[tuple[Event, bool]]) -> dict[int, list[Follower]]:
    """Each event's followers, every person once; the flag says whether those hear it who follow more than the issue.

    Who began to follow after the event is not told. Categories and settings of the issues' cities are read before.
    A constant number of queries.
    """
    issues = {event.issue_id: event.issue for event, _broad in told}
    broad = {event.issue_id: event.issue for event, is_broad in told if is_broad}
    own, wide = _by_issue(_of_issues(issues)), _by_issue(_around(broad)) if broad else {}
    found: dict[int, list[Follower]] = {}
    for event, is_broad in told:
        candidates = [*own.get(event.issue_id, ()), *(wide.get(event.issue_id, ()) if is_broad else ())]
        chosen: dict[int, Follower] = {}
        for one in sorted(candidates, key=lambda one: one.rank):
            if one.since <= event.recorded_at:
                chosen.setdefault(one.user_id, one)
        found[event.pk] = list(chosen.values())
    return found


def _by_issue(found: Iterable[tuple[int, Follower]]) -> dict[int, list[Follower]]:
    gathered: dict[int, list[Follower]] = defaultdict(list)
    for issue_id, follower in found:
        gathered[issue_id].append(follower)
    return gathered


def _of_issues(issues: dict[int, IssuePage]) -> Found:
    for row in _rows(Q(issue__in=list(issues)), "issue_id"):
        yield row[-1], Follower(*row[:4], kind=0)


def _around(issues: dict[int, IssuePage]) -> Found:
    yield from _in_circles(issues)
    yield from _of_organisations(issues)
    yield from _of_categories(issues)


def _of_categories(issues: dict[int, IssuePage]) -> Found:
    lineages = {line[0]: line for line in Category.objects.all().lineages()}
    concerned: dict[tuple[int, int], set[int]] = defaultdict(set)
    for issue in issues.values():
        for category in issue.categories.all():
            for pk in lineages[category.pk]:
                concerned[issue.city_id, pk].add(issue.pk)
    wanted = Q(city__in={city for city, _pk in concerned}, category__in={pk for _city, pk in concerned})
    for *row, city_id, category_id in _rows(wanted, "city_id", "category_id"):
        for issue_id in concerned.get((city_id, category_id), ()):
            yield issue_id, Follower(*row, kind=3)


def _of_organisations(issues: dict[int, IssuePage]) -> Found:
    theirs: dict[int, list[int]] = defaultdict(list)
    assigned = Assignment.objects.filter(issue__in=list(issues)).exclude(state__in=NOT_THEIRS)
    for organisation_id, issue_id in assigned.order_by().values_list("organisation_id", "issue_id"):
        theirs[organisation_id].append(issue_id)
    for *row, organisation_id in _rows(Q(organisation__in=list(theirs)), "organisation_id"):
        for issue_id in theirs[organisation_id]:
            yield issue_id, Follower(*row, kind=2)


def _in_circles(issues: dict[int, IssuePage]) -> Found:
    """By the index of places first, within the reach of the largest circle, then by the true distance."""
    placed = [issue for issue in issues.values() if issue.location is not None]
    wanted = Q(pk__in=[])
    for issue in placed:
        box = Circle(*(issue.location or (0.0, 0.0)), METRES_AT_MOST).box
        wanted |= Q(
            city=issue.city_id,
            radius__isnull=False,
            lat__range=(box.south, box.north),
            lng__range=(box.west, box.east),
        )
    for *row, city_id, lng, lat, radius in _rows(wanted, "city_id", "lng", "lat", "radius") if placed else ():
        for issue in placed:
            if issue.city_id == city_id and distance(issue.location, (lng, lat)) <= radius:  # type: ignore[arg-type]
                yield issue.pk, Follower(*row, kind=1)


def _rows(wanted: Q, *columns: str) -> "QuerySet[Follow, tuple]":
    """The first four columns are those of `Follower`."""
    return (
        Follow.objects.filter(wanted, user__is_active=True)
        .exclude(how=LetterChoice.NONE)
        .order_by()
        .values_list("pk", "user_id", "how", "created_at", *columns)
    )
