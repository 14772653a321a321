"""Places: wagtailgeowidget's text form at its panel, two numbers everywhere else, and the grid of the map."""

import math
import re

GRID_ZOOM = 22
"""Zoom of the Web-Mercator tile grid that `mx` and `my` count in: a cell is about 6 m wide in Ukraine."""

CELL_ZOOM = 18
"""The finest zoom of the kept counts: about 95 m, 64 px at zoom 16."""

_POINT = re.compile(r"^(?:SRID=\d+;)?\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)$", re.IGNORECASE)


def parse_point(text: str | None) -> tuple[float, float] | None:
    """(lng, lat) in WGS 84 degrees from `SRID=4326;POINT(lng lat)`, or None where there is no such point."""
    match = _POINT.match((text or "").strip())
    if not match:
        return None
    lng, lat = float(match[1]), float(match[2])
    return (lng, lat) if -180 <= lng <= 180 and -85.05 <= lat <= 85.05 else None


def format_point(lng: float, lat: float) -> str:
    """The form that wagtailgeowidget's panel reads and writes."""
    return f"SRID=4326;POINT({lng} {lat})"


def grid_cell(lng: float, lat: float, zoom: int = GRID_ZOOM) -> tuple[int, int]:
    """(x, y) of the Web-Mercator tile at a zoom that a place in WGS 84 degrees lies in."""
    size = 1 << zoom
    lat = max(-85.05, min(85.05, lat))
    x = (lng + 180) / 360 * size
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size
    return min(size - 1, max(0, int(x))), min(size - 1, max(0, int(y)))


def cell_centre(x: float, y: float, zoom: int) -> tuple[float, float]:
    """(lng, lat) in WGS 84 degrees of a position in the grid of a zoom; whole numbers are a tile's north-west corner."""
    size = 1 << zoom
    return x / size * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / size))))
