"""The part of the world that a screen shows, checked once: every number in it is finite and on the globe."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from opencity_issues.models.place import GRID_ZOOM, grid_cell

FARTHEST_LNG = 720.0
"""Maps that were dragged around the globe count on beyond 180°; two turns are believed, then it is an error."""


@dataclass(frozen=True)
class Viewport:
    """Sides in WGS 84 degrees, west < east, south < north."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Viewport:
        """From `west,south,east,north` in degrees; what lies beyond the grid's edges is cut off. Raises ValueError in words."""
        try:
            sides = [float(part) for part in text.split(",")] if len(text) <= 200 else []
        except ValueError:
            sides = []
        if len(sides) != 4 or not all(math.isfinite(side) for side in sides):
            raise ValueError(_("The view of the map is four numbers in degrees: west,south,east,north."))
        west, south, east, north = sides
        if not (west < east and south < north):
            raise ValueError(
                _("The view of the map is turned round: west lies west of east, south lies south of north.")
            )
        if max(abs(west), abs(east)) > FARTHEST_LNG or max(abs(south), abs(north)) > 90:
            raise ValueError(_("The view of the map lies beyond the globe."))
        return cls(_within(west, 180), _within(south, 85.05), _within(east, 180), _within(north, 85.05))

    @classmethod
    def of(cls, bounds: tuple[float, float, float, float]) -> Viewport:
        return cls(*bounds)

    def covers(self, bounds: tuple[float, float, float, float]) -> bool:
        west, south, east, north = bounds
        return self.west <= west and self.south <= south and self.east >= east and self.north >= north

    def cells(self, zoom: int) -> tuple[int, int, int, int]:
        """First x, first y, last x, last y of the grid's cells of a zoom that the view touches."""
        left, top = grid_cell(self.west, self.north, zoom)
        right, bottom = grid_cell(self.east, self.south, zoom)
        return left, top, right, bottom

    def share_of(self, bounds: tuple[float, float, float, float]) -> float:
        """How much of a rectangle the view shows, from 0 to 1."""
        west, south, east, north = bounds
        width = min(self.east, east) - max(self.west, west)
        height = min(self.north, north) - max(self.south, south)
        return max(0.0, width) * max(0.0, height) / ((east - west) * (north - south))

    def holds_place(self, x: str = "mx", y: str = "my") -> Q:
        """Condition for issues whose place lies in the view, to a cell of the grid (about 6 m)."""
        left, top, right, bottom = self.cells(GRID_ZOOM)
        return Q(**{f"{x}__range": (left, right), f"{y}__range": (top, bottom)})

    def __str__(self) -> str:
        return ",".join(f"{side:.5f}" for side in (self.west, self.south, self.east, self.north))


def _within(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
