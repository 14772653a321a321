"""What the map shows of a view: single issues where they are few, counted groups where they are many.

The work is bound by the screen: groups are about 64 px wide and at most MOST_GROUPS, whatever is asked for, and come
from kept counts (`MapCell`) where the filter allows; other filters count rows within the view, a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Sum

from opencity_issues.enums import Status
from opencity_issues.models import Deadline, IssueIndexPage, IssuePage, MapCell
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.map_cell import LATE, LEAST_ZOOM
from opencity_issues.models.place import CELL_ZOOM, GRID_ZOOM, cell_centre
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.issue_filter import IssueFilter, KeptCount
from opencity_issues.queries.viewport import Viewport

SINGLE_AT_MOST = 300
"""Up to so many issues in a view are shown one by one; the browser may still fan out those on one spot."""

MOST_GROUPS = 750
"""So that an answer stays within 40 KB: a group takes at most 54 bytes, and a screen of 1280 × 800 has 260."""

COUNTED_AT_MOST = 10_000
"""Where no kept counts answer, so many of the newest issues are counted and no more; the answer says so."""

UNRECORDED_AT_ONCE = 1_000
"""So many terms that have just run out are looked up by their keys; more are there only after the worker was away."""

AGAIN, OVERDUE = 1, 2
"""Bits of an issue's flags."""

Group = list[float | int]
Single = list[float | int | str]
Groups = dict[tuple[int, int], Group]
"""By the cell of the grid."""


def map_data(
    city: IssueIndexPage, view: Viewport, zoom: int, filters: IssueFilter, now: datetime
) -> dict[str, int | list[Group] | list[Single]]:
    """{"total", "clusters": [[lng, lat, count, open, accepted, closed, archived, overdue]],
    "issues": [[number, lng, lat, status, flags]]}, and "more": 1 where only the newest were counted.

    `zoom` is the map's (256 px tiles). Groups count whole cells of the grid that the view touches, singles lie within it.
    At most four queries.
    """
    grid = _grid_zoom(view, zoom)
    kept = filters.kept
    if kept:
        groups = _kept_groups(city, view, grid, filters, now)
    else:
        groups = _counted_groups(_newest(_rows(view, filters)), grid, now)
    total = _total(groups)
    if total <= SINGLE_AT_MOST:
        issues = _singles(_rows(view, filters), now) if total else []
        return {"total": len(issues), "clusters": [], "issues": issues}
    if kept and grid > CELL_ZOOM + 1:
        # Nearer than zoom 17 the kept cells are too wide to be groups, and the view is small enough to count its rows.
        groups = _counted_groups(_rows(view, filters), grid, now)
        total = _total(groups)
    more = {} if kept or total < COUNTED_AT_MOST else {"more": 1}
    return {"total": total, "clusters": list(groups.values()), "issues": [], **more}


def _rows(view: Viewport, filters: IssueFilter) -> IssueQuerySet:
    issues: IssueQuerySet = filters.qs
    return issues if "bbox" in filters.chosen else filters.in_view(issues, "bbox", view)


def _total(groups: Groups) -> int:
    return sum(int(group[2]) for group in groups.values())


def _grid_zoom(view: Viewport, zoom: int) -> int:
    """Zoom of the grid whose cells are 64 px wide at the map's zoom; coarser where the view would have too many of them."""
    grid = min(zoom + 2, GRID_ZOOM - 1)
    while grid > 0:
        left, top, right, bottom = view.cells(grid)
        if (right - left + 1) * (bottom - top + 1) <= MOST_GROUPS:
            break
        grid -= 1
    return grid


def _kept_groups(city: IssueIndexPage, view: Viewport, grid: int, filters: IssueFilter, now: datetime) -> Groups:
    """Groups of the grid from the kept counts, at the nearest zoom that is kept."""
    kept = filters.kept or KeptCount()
    zoom = min(max(grid, LEAST_ZOOM), CELL_ZOOM)
    left, top, right, bottom = view.cells(zoom)
    cells = MapCell.objects.filter(
        city=city,
        category_id=kept.category_id,
        zoom=zoom,
        count__gt=0,
        cx__range=(left, right),
        cy__range=(top, bottom),
    )
    late = [LATE + status for status in Status.values]
    counted = {status: LATE + status if kept.late else status for status in kept.statuses or Status.values}
    if kept.statuses or kept.late:
        cells = cells.filter(status__in={*counted.values(), *(LATE + status for status in counted)})
    whole = Q(status__in=counted.values())
    rows = (
        cells.values("cx", "cy")
        .annotate(
            total=Sum("count", filter=whole, default=0),
            x=Sum("sum_x", filter=whole),
            y=Sum("sum_y", filter=whole),
            **{f"in_{one}": Sum("count", filter=Q(status=counted.get(one, "")), default=0) for one in Status.values},
            late=Sum("count", filter=Q(status__in=late), default=0),
        )
        .order_by()
        .values_list("cx", "cy", "x", "y", "total", *(f"in_{status}" for status in Status.values), "late")
    )
    groups = {
        (cx, cy): _group(*cell_centre(float(x) / total + 0.5, float(y) / total + 0.5, CELL_ZOOM), [total, *counts])
        for cx, cy, x, y, total, *counts in rows
        if total
    }
    _add_unrecorded(groups, filters, view, zoom, now)
    return groups


def _add_unrecorded(groups: Groups, filters: IssueFilter, view: Viewport, grid: int, now: datetime) -> None:
    """Add the issues whose term has run out since the worker looked last: their miss is not recorded yet."""
    # In the order of its index, which leads PostgreSQL to it: it takes what is rare for frequent, and would walk through all.
    passed = Deadline.objects.unrecorded(now).order_by("due_at").values_list("issue_id", flat=True)
    few = list(passed[: UNRECORDED_AT_ONCE + 1])
    if not few:
        return
    kept = filters.kept or KeptCount()
    recorded = Deadline.objects.running().filter(issue_id=OuterRef("pk"), clause__in=MISSABLE, missed_at__isnull=False)
    late = few if len(few) <= UNRECORDED_AT_ONCE else passed.order_by()
    rows = filters.without_overdue().filter(~Exists(recorded), pk__in=late)
    left, top, right, bottom = view.cells(grid)
    for (gx, gy), found in _counted_groups(rows, grid, now).items():
        if not (left <= gx <= right and top <= gy <= bottom):
            continue
        group = groups.get((gx, gy))
        if not kept.late:
            if group is not None:
                group[7] += found[2]
        elif group is None:
            groups[gx, gy] = found
        else:
            group[2:] = [one + other for one, other in zip(group[2:], found[2:], strict=True)]


def _newest(rows: IssueQuerySet) -> IssueQuerySet:
    return IssuePage.objects.filter(pk__in=rows.order_by("-number").values("pk")[:COUNTED_AT_MOST])


def _counted_groups(rows: IssueQuerySet, grid: int, now: datetime) -> Groups:
    """Groups of the grid counted from the issues themselves."""
    shift = GRID_ZOOM - grid
    found = (
        rows.with_overdue(now)
        .order_by()
        .values(gx=F("mx").bitrightshift(shift), gy=F("my").bitrightshift(shift))
        .annotate(
            total=Count("number"),
            x=Avg("lng"),
            y=Avg("lat"),
            **{f"in_{status}": Count("number", filter=Q(status=status)) for status in Status.values},
            late=Count("number", filter=Q(is_overdue=True)),
        )
        .values_list("gx", "gy", "x", "y", "total", *(f"in_{status}" for status in Status.values), "late")
    )
    return {(gx, gy): _group(lng, lat, counts) for gx, gy, lng, lat, *counts in found}


def _group(lng: float, lat: float, counts: Iterable[int]) -> Group:
    return [round(lng, 5), round(lat, 5), *counts]


def _singles(rows: IssueQuerySet, now: datetime) -> list[Single]:
    """Issues one by one, the newest first."""
    # Sorted here: asked for in order, SQLite would walk through the whole city from its newest issue on.
    found = rows.with_overdue(now).order_by().values_list("number", "lng", "lat", "status", "again", "is_overdue")
    return [
        [number, round(lng, 5), round(lat, 5), status, AGAIN * again | OVERDUE * overdue]
        for number, lng, lat, status, again, overdue in sorted(found, reverse=True)
    ]
