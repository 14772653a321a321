"""What the map shows of a view: single issues where they are few, counted groups where they are many.

The work is bound by the screen: groups are about 64 px wide and at most MOST_GROUPS, whatever is asked for, and come
from kept counts (`MapCell`) where the filter allows; other filters count rows by the grid's index within the view.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Avg, Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from opencity_issues.enums import Status
from opencity_issues.models import IssueIndexPage, MapCell
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.place import CELL_ZOOM, GRID_ZOOM, cell_centre
from opencity_issues.queries.issue_filter import IssueFilter, KeptCount
from opencity_issues.queries.viewport import Viewport

SINGLE_AT_MOST = 300
"""Up to so many issues in a view are shown one by one; the browser may still fan out those on one spot."""

MOST_GROUPS = 800
"""So that an answer stays within 40 KB: a group takes at most 46 bytes, and a screen of 1280 × 800 has 260."""

AGAIN, OVERDUE = 1, 2
"""Bits of an issue's flags."""

Group = list[float | int]
Single = list[float | int | str]


def map_data(
    city: IssueIndexPage, view: Viewport, zoom: int, filters: IssueFilter, now: datetime
) -> dict[str, int | list[Group] | list[Single]]:
    """{"total", "clusters": [[lng, lat, count, open, accepted, closed, archived]], "issues": [[number, lng, lat, status, flags]]}.

    `zoom` is the map's (256 px tiles). Groups count whole cells of the grid that the view touches, singles lie within it.
    At most two queries.
    """
    grid = _grid_zoom(view, zoom)
    rows = filters.qs if "bbox" in filters.chosen else filters.in_view(filters.qs, "bbox", view)
    groups = _kept_groups(city, view, grid, filters.kept) if filters.kept else _counted_groups(rows, grid)
    total = sum(int(group[2]) for group in groups)
    if total <= SINGLE_AT_MOST:
        issues = _singles(rows, now) if total else []
        return {"total": len(issues), "clusters": [], "issues": issues}
    if filters.kept and grid > CELL_ZOOM + 1:
        # Nearer than zoom 17 the kept cells are too wide to be groups, and the view is small enough to count its rows.
        groups = _counted_groups(rows, grid)
        total = sum(int(group[2]) for group in groups)
    return {"total": total, "clusters": groups, "issues": []}


def _grid_zoom(view: Viewport, zoom: int) -> int:
    """Zoom of the grid whose cells are 64 px wide at the map's zoom; coarser where the view would have too many of them."""
    grid = min(zoom + 2, GRID_ZOOM - 1)
    while grid > 0:
        left, top, right, bottom = view.cells(grid)
        if (right - left + 1) * (bottom - top + 1) <= MOST_GROUPS:
            break
        grid -= 1
    return grid


def _kept_groups(city: IssueIndexPage, view: Viewport, grid: int, kept: KeptCount) -> list[Group]:
    """Groups of the grid from the kept counts: at their own zoom where the grid is finer."""
    shift = max(0, CELL_ZOOM - grid)
    left, top, right, bottom = view.cells(CELL_ZOOM - shift)
    last = (1 << shift) - 1
    cells = MapCell.objects.filter(
        city=city,
        category_id=kept.category_id,
        count__gt=0,
        cx__range=(left << shift, (right << shift) + last),
        cy__range=(top << shift, (bottom << shift) + last),
    )
    if kept.statuses:
        cells = cells.filter(status__in=kept.statuses)
    rows = (
        cells.values(gx=F("cx").bitrightshift(shift), gy=F("cy").bitrightshift(shift))
        .annotate(
            total=Sum("count"),
            x=Sum(Cast("cx", FloatField()) * F("count")) / Sum("count"),
            y=Sum(Cast("cy", FloatField()) * F("count")) / Sum("count"),
            **{f"in_{status}": Sum("count", filter=Q(status=status), default=0) for status in Status.values},
        )
        .order_by()
        .values_list("x", "y", "total", *(f"in_{status}" for status in Status.values))
    )
    return [_group(*cell_centre(x + 0.5, y + 0.5, CELL_ZOOM), counts) for x, y, *counts in rows]


def _counted_groups(rows: IssueQuerySet, grid: int) -> list[Group]:
    """Groups of the grid counted from the issues themselves."""
    shift = GRID_ZOOM - grid
    found = (
        rows.order_by()
        .values(gx=F("mx").bitrightshift(shift), gy=F("my").bitrightshift(shift))
        .annotate(
            total=Count("number"),
            x=Avg("lng"),
            y=Avg("lat"),
            **{f"in_{status}": Count("number", filter=Q(status=status)) for status in Status.values},
        )
        .values_list("x", "y", "total", *(f"in_{status}" for status in Status.values))
    )
    return [_group(lng, lat, counts) for lng, lat, *counts in found]


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
