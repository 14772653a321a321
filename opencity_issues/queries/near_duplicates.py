"""Which published issues may report the same thing: of the same branch of categories, a short walk away."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from opencity_issues.enums import MediaKind, Publication, Status
from opencity_issues.models import Category, IssuePage
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.place import GRID_ZOOM
from opencity_issues.queries.card.shown_media import ShownMedia

NEAR_METRES = 150.0
ARCHIVED_FOR = timedelta(days=60)
"""Who reports again what was archived earlier than this reports something new."""
AT_MOST = 8
SQUARES_HOLD = 200
"""Of more issues on one spot the latest are looked at."""
EARTH_METRES = 40_075_016.686
"""The equator, which the grid's tiles of one zoom share out."""


@dataclass(frozen=True)
class Near:
    """An issue that may be the same. `metres` is None where it was named by its number and one of the two has no place."""

    issue: IssuePage
    metres: int | None
    photo: ShownMedia | None
    same_author: bool = False


def near_duplicates(issue: IssuePage, now: datetime) -> list[Near]:
    """The likeliest first: unsolved before solved, then by distance. Empty for an issue without a place; a constant number of queries."""
    if issue.location is None or issue.mx is None or issue.my is None:
        return []
    found = _described(_around(issue, now))
    near = [_near(issue, one) for one in found]
    near = [one for one in near if one.metres is not None and one.metres <= NEAR_METRES]
    near.sort(key=lambda one: (one.issue.status == Status.ARCHIVED, one.metres, -one.issue.number))
    return near[:AT_MOST]


def count_near(issue: IssuePage, now: datetime) -> int:
    """How many there are about: by the grid's squares, hence now and then one in a corner more. Three queries."""
    return _around(issue, now).count() if issue.location is not None and issue.mx is not None else 0


def named(issue: IssuePage, number: int) -> Near | None:
    """A published issue of the same city by its number, however far away; None where there is none."""
    found = _described(IssuePage.objects.filter(city_id=issue.city_id, number=number).exclude(pk=issue.pk).published())
    return _near(issue, found[0]) if found else None


def distance(place: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places, (lng, lat) in WGS 84 degrees, on a ball as large as the earth."""
    lng, lat, other_lng, other_lat = map(math.radians, (*place, *other))
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lng - lng) / 2) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))


def branches(codes: Iterable[str]) -> Q:
    """The categories of the same branches: `3` for `3.8` and `3.8.1`."""
    found = Q(pk__in=[])
    for root in {code.partition(".")[0] for code in codes}:
        found |= Q(code=root) | Q(code__startswith=f"{root}.")
    return found


def _around(issue: IssuePage, now: datetime) -> IssueQuerySet:
    lat = issue.lat or 0.0
    cells = math.ceil(NEAR_METRES / (EARTH_METRES * math.cos(math.radians(lat)) / (1 << GRID_ZOOM)))
    same_branch = Category.objects.filter(branches(one.code for one in issue.categories.all()))
    through = IssuePage.categories.through.objects.filter(category__in=same_branch)
    mx, my = issue.mx or 0, issue.my or 0
    recent = ~Q(status=Status.ARCHIVED) | Q(archived_at__gte=now - ARCHIVED_FOR)
    # Read apart: a database that knows the city and the publication as well would begin with all of the city.
    here = IssuePage.objects.filter(mx__range=(mx - cells, mx + cells), my__range=(my - cells, my + cells))
    same_kind = through.filter(issue__in=here.order_by().values("pk")).exclude(issue=issue)
    keys = list(same_kind.order_by("-issue").values_list("issue_id", flat=True).distinct()[:SQUARES_HOLD])
    return IssuePage.objects.filter(  # type: ignore[no-any-return] # Wagtail's queryset is untyped
        recent, city_id=issue.city_id, publication=Publication.PUBLISHED, pk__in=keys
    )


def _described(issues: IssueQuerySet) -> list[IssuePage]:
    return list(issues.prefetch_related("media", "categories", "assignments__organisation")[:100])


def _near(issue: IssuePage, other: IssuePage) -> Near:
    metres = round(distance(issue.location, other.location)) if issue.location and other.location else None
    photos = (
        one
        for one in other.media.all()
        if one.kind == MediaKind.PHOTO and one.contribution_id is None and one.hidden_at is None
    )
    photo = next(photos, None)
    return Near(
        other,
        metres,
        ShownMedia.of(photo) if photo else None,
        same_author=issue.author_id is not None and issue.author_id == other.author_id,
    )
