"""Needs of the community (1.1): open issues of one kind in one part of the city, taken together and weighed.

A need is a category of the second level (with what lies below it) in a district; where the city has no districts, in a
square of the map of about a kilometre and a half. The whole table of a city is counted by one statement that walks
through its unsolved issues alone, and kept for some minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from opencity_issues.enums import UNSOLVED, MediaKind, Publication
from opencity_issues.models import Category, District, IssueCategory, IssueIndexPage, IssuePage, Media
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.place import GRID_ZOOM, cell_centre
from opencity_issues.procedure.deadlines import MISSABLE

LEAST = 2
"""So many issues make a need: one alone is itself."""

KEPT_SECONDS = 300
AREA_ZOOM = 14
AREA = 1 << (GRID_ZOOM - AREA_ZOOM)
"""Cells of the map's grid along the side of a square."""

MARGIN = 0.002
"""Degrees around the issues of a need when the map shows them."""

NOWHERE = "none"
"""The area of issues without a place, or outside every district."""

_PACK = 1 << 32
_SQUARE = ("NULL", f"i.mx / {AREA}", f"i.my / {AREA}")


@dataclass(frozen=True)
class Counted:
    """One row of the kept table: ids alone, so that it serves every language."""

    category_id: int
    area: str
    issues: int
    supports: int
    overdue: int
    oldest: datetime
    strongest: int | None
    """The issue with the most supports that has a photo."""
    bounds: tuple[float, float, float, float] | None

    @property
    def weight(self) -> int:
        """Issues and voices together: what troubles most people comes first."""
        return self.issues + self.supports


@dataclass(frozen=True)
class Need:
    """A need as it is shown."""

    category: Category
    area: str
    place: str
    district: District | None
    counted: Counted
    photo: str = ""

    @property
    def query(self) -> str:
        """The need's name in an address."""
        return f"category={self.category.code}&area={self.area}"

    @property
    def url(self) -> str:
        return f"{reverse('opencity_issues:need')}?{self.query}"

    @property
    def centre(self) -> tuple[float, float] | None:
        """The middle of its issues that have a place, (lng, lat)."""
        bounds = self.counted.bounds
        return ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2) if bounds else None

    @property
    def filter_query(self) -> str:
        """The same for map and list: its category's unsolved issues in its district, or in its bounds."""
        said = [f"category={self.category.code}", *(f"status={status}" for status in sorted(UNSOLVED))]
        if self.district is not None:
            said.append(f"district={self.district.pk}")
        elif self.counted.bounds is not None:
            west, south, east, north = self.counted.bounds
            box = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
            said.append("bbox=" + ",".join(f"{side:.5f}" for side in box))
        return "&".join(said)


@dataclass(frozen=True)
class Figures:
    """The sums over needs; an issue of two kinds counts in both."""

    needs: int
    issues: int
    supports: int
    overdue: int


def needs_of(city: IssueIndexPage, now: datetime, *, category: str = "", district: str = "") -> list[Need]:
    """All needs of a city, the weightiest first: of a branch (its code) and a district (its key, or "none"), if asked for."""
    table = _table(city, now)
    categories = {one.pk: one for one in Category.objects.all()}
    districts = _districts(city)
    name = _naming(districts)
    found = [
        Need(categories[row.category_id], row.area, name(row.area), districts.get(row.area), row)
        for row in table
        if row.category_id in categories and row.issues >= LEAST
    ]
    if category:
        found = [one for one in found if f"{one.category.code}.".startswith(f"{category}.")]
    if district:
        found = [one for one in found if one.area == district]
    return found


def need_of(city: IssueIndexPage, now: datetime, category: Category, area: str) -> Need:
    """One need with its figures, which are nothing where nobody has reported such things there."""
    districts = _districts(city)
    own = (row for row in _table(city, now) if row.category_id == category.pk and row.area == area)
    counted = next(own, Counted(category.pk, area, 0, 0, 0, now, None, None))
    return Need(category, area, _naming(districts)(area), districts.get(area), counted)


def figures_of(needs: list[Need]) -> Figures:
    """What the needs come to together."""
    rows = [one.counted for one in needs]
    return Figures(
        needs=len(rows),
        issues=sum(one.issues for one in rows),
        supports=sum(one.supports for one in rows),
        overdue=sum(one.overdue for one in rows),
    )


def with_photos(needs: list[Need]) -> list[Need]:
    """The same needs with a photo of the strongest issue of each; one query."""
    wanted = [one.counted.strongest for one in needs if one.counted.strongest]
    photos = Media.objects.filter(issue_id__in=wanted, kind=MediaKind.PHOTO, contribution=None, hidden_at=None)
    first: dict[int, Media] = {}
    for photo in photos.filter(issue__publication=Publication.PUBLISHED).order_by("-pk"):
        first[photo.issue_id or 0] = photo
    return [
        Need(
            one.category,
            one.area,
            one.place,
            one.district,
            one.counted,
            first[one.counted.strongest].url("medium") if one.counted.strongest in first else "",
        )
        for one in needs
    ]


def issues_of(city: IssueIndexPage, category: Category, area: str) -> IssueQuerySet:
    """The unsolved issues of one need, those with most voices first."""
    branch = Q(category=category) | Q(category__parent=category) if category.depth >= 2 else Q(category=category)
    issues = IssuePage.objects.in_city(city).published().filter(status__in=UNSOLVED)
    issues = issues.filter(pk__in=IssueCategory.objects.filter(branch).values("issue_id"))
    return _in_area(issues, city, area).order_by("-support_count", "-number")  # type: ignore[no-any-return]


def is_area(text: str) -> bool:
    """Whether it names an area: a district's key, a square of the map, or NOWHERE."""
    parts = text.split("x")
    return text == NOWHERE or (
        len(parts) in (1, 2) and all(one.isascii() and one.isdigit() and len(one) < 10 for one in parts)
    )


def place_of(city: IssueIndexPage, area: str) -> str:
    """The words for an area."""
    return _naming(_districts(city))(area)


def _districts(city: IssueIndexPage) -> dict[str, District]:
    return {str(one.pk): one for one in District.objects.filter(city=city).defer("outline")}


def _naming(districts: dict[str, District]) -> Callable[[str], str]:
    def name(area: str) -> str:
        if area == NOWHERE:
            return _("Outside the districts") if districts else _("No exact place")
        if area in districts:
            return districts[area].name
        if "x" in area:
            across, down = (int(part) for part in area.split("x"))
            lng, lat = cell_centre(across + 0.5, down + 0.5, AREA_ZOOM)
            return _("Around %(lat)s, %(lng)s") % {"lat": f"{lat:.3f}", "lng": f"{lng:.3f}"}
        return area

    return name


def _in_area(issues: Any, city: IssueIndexPage, area: str) -> Any:
    if "x" in area:
        across, down = (int(part) for part in area.split("x"))
        return issues.filter(
            mx__gte=across * AREA, mx__lt=(across + 1) * AREA, my__gte=down * AREA, my__lt=(down + 1) * AREA
        )
    if area != NOWHERE:
        return issues.filter(district_id=int(area))
    return issues.filter(district=None) if _has_districts(city) else issues.filter(mx=None)


def _has_districts(city: IssueIndexPage) -> bool:
    return District.objects.filter(city=city).exists()


def _table(city: IssueIndexPage, now: datetime) -> list[Counted]:
    key = f"opencity-needs:{city.pk}"
    kept = cache.get(key)
    if kept is None:
        kept = count_needs(city, now)
        cache.set(key, kept, KEPT_SECONDS)
    return kept  # type: ignore[no-any-return]


def count_needs(city: IssueIndexPage, now: datetime) -> list[Counted]:
    """Count the needs of a city anew: one statement, whose cost goes with the unsolved issues and not with all there are."""
    area, across, down = ("i.district_id", "NULL", "NULL") if _has_districts(city) else _SQUARE
    statuses = ", ".join(["%s"] * len(UNSOLVED))
    clauses = ", ".join(["%s"] * len(MISSABLE))
    # A category of the third level counts for the second; an issue of two categories of one branch counts once. What is
    # late and what has a photo is looked up for the unsolved issues alone, by the indexes of their own rows.
    statement = f"""
        SELECT one.branch, one.area, one.across, one.down, COUNT(*), SUM(one.support_count),
               SUM(CASE WHEN EXISTS (
                   SELECT 1 FROM opencity_issues_deadline late
                   WHERE late.issue_id = one.pk AND late.met_at IS NULL AND late.cancelled_at IS NULL
                     AND late.clause IN ({clauses}) AND late.due_at <= %s
               ) THEN 1 ELSE 0 END),
               MIN(one.submitted_at),
               MAX(CASE WHEN EXISTS (
                   SELECT 1 FROM opencity_issues_media photo
                   WHERE photo.issue_id = one.pk AND photo.kind = %s AND photo.contribution_id IS NULL
                     AND photo.hidden_at IS NULL
               ) THEN one.support_count * {_PACK} + one.pk END),
               MIN(one.lng), MIN(one.lat), MAX(one.lng), MAX(one.lat)
        FROM (
            SELECT DISTINCT i.page_ptr_id AS pk, CAST(i.support_count AS bigint) AS support_count, i.submitted_at,
                   i.lng, i.lat, {area} AS area, {across} AS across, {down} AS down,
                   CASE WHEN parent.parent_id IS NULL THEN k.id ELSE parent.id END AS branch
            FROM opencity_issues_issuepage i
            JOIN opencity_issues_issuecategory c ON c.issue_id = i.page_ptr_id
            JOIN opencity_issues_category k ON k.id = c.category_id
            LEFT JOIN opencity_issues_category parent ON parent.id = k.parent_id
            WHERE i.city_id = %s AND i.publication = %s AND i.status IN ({statuses})
        ) one
        GROUP BY one.branch, one.area, one.across, one.down
    """  # noqa: S608 -- what is put in are names of columns and numbers of this module
    moment = connection.ops.adapt_datetimefield_value(now)
    values = [*MISSABLE, moment, MediaKind.PHOTO, city.pk, Publication.PUBLISHED, *sorted(UNSOLVED)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [_counted(row) for row in cursor.fetchall()]
    rows.sort(key=lambda one: (-one.weight, one.oldest, one.category_id))
    return rows


def _counted(row: tuple[Any, ...]) -> Counted:
    branch, area, across, down, issues, supports, overdue, oldest, strongest, west, south, east, north = row
    where = str(area) if area is not None else NOWHERE if across is None else f"{across}x{down}"
    return Counted(
        category_id=branch,
        area=where,
        issues=issues,
        supports=int(supports or 0),
        overdue=overdue,
        oldest=_instant(oldest),
        strongest=int(strongest) % _PACK if strongest is not None else None,
        bounds=(west, south, east, north) if west is not None else None,
    )


def _instant(value: Any) -> datetime:
    """SQLite gives a moment back as text, without the zone, which is UTC."""
    moment = value if isinstance(value, datetime) else parse_datetime(str(value))
    assert moment is not None  # noqa: S101 -- the column holds moments; for the type checker
    return make_aware(moment, connection.timezone) if is_naive(moment) else moment
