"""A piece of the city's own scheme around a place, as shapes for paper and for pages without scripts. No tiles from anywhere."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapely
from django.utils.translation import get_language
from shapely.geometry import shape

from opencity_issues.models import CityScheme, IssueIndexPage

METRES_PER_DEGREE = 111_320
"""Of latitude; of longitude at the equator."""

Point = tuple[float, float]

_ORDER = {"outline": 0, "block": 1, "forest": 2, "green": 2, "water": 3, "building": 4, "rail": 5, "street": 6}
_RANKS = {"local": 0, "secondary": 1, "main": 2}
_STREET_METRES = {"main": 15.0, "secondary": 11.0, "local": 8.0}
_RAIL_METRES = 3.0
_LETTER = 0.55
"""Width of a letter to its height, about."""


@dataclass(frozen=True)
class Shape:
    """One thing of the scheme, cut at the piece's edges. `look` is its kind, or of a street "street-main" and the like.

    `width` of a line is in the piece's units; 0 for an area. `parts` are rings or lines.
    """

    look: str
    closed: bool
    width: float
    parts: Sequence[Sequence[Point]]


@dataclass(frozen=True)
class Label:
    """A name: where its middle stands and how it is turned, in degrees against the clock."""

    text: str
    at: Point
    angle: float
    is_landmark: bool = False


@dataclass(frozen=True)
class MapPiece:
    """A drawing of `width` by `height` units with the place at `mark`; the origin is the upper left corner."""

    width: float
    height: float
    mark: Point
    shapes: Sequence[Shape]
    labels: Sequence[Label]
    metre: float
    """How many units a metre takes."""


def map_piece(
    city: IssueIndexPage, place: Point, *, width: float, height: float, across: float = 600, letter: float = 3
) -> MapPiece | None:
    """The scheme `across` metres wide with a place (lng, lat in WGS 84 degrees) in its middle; None without a scheme.

    `width` and `height` are the drawing's size in units of its own, `letter` the height of its letters.
    """
    scheme = read_scheme(city)
    return scheme.piece(place, width=width, height=height, across=across, letter=letter) if scheme else None


def read_scheme(city: IssueIndexPage) -> "Scheme | None":
    """The city's scheme, read once for several pieces; None where it has none."""
    found = CityScheme.objects.filter(city=city).values_list("features", flat=True).first()
    return Scheme(found.get("features", [])) if found else None


class Scheme:
    """The features of a scheme with the box that each lies in, so that a piece looks at those near by alone."""

    def __init__(self, features: Iterable[dict[str, Any]]) -> None:
        self.features = [(one.get("properties", {}), shape(one["geometry"])) for one in features]

    def piece(self, place: Point, *, width: float, height: float, across: float, letter: float) -> MapPiece:
        """A piece around a place; the sizes are those of `map_piece`."""
        cut = _Cut(place, width, height, across, letter)
        near = shapely.box(*cut.bounds())
        return cut.piece((said, geometry) for said, geometry in self.features if geometry.intersects(near))


class _Cut:
    def __init__(self, place: Point, width: float, height: float, across: float, letter: float) -> None:
        self.place, self.width, self.height, self.letter = place, width, height, letter
        self.metre = width / across
        self.narrowing = math.cos(math.radians(place[1]))

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the piece and a little around it, in degrees."""
        lng, lat = self.place
        high = self.height / self.metre / METRES_PER_DEGREE
        wide = self.width / self.metre / METRES_PER_DEGREE / self.narrowing
        return lng - wide, lat - high, lng + wide, lat + high

    def piece(self, features: Iterable[tuple[dict[str, Any], Any]]) -> MapPiece:
        shapes: list[tuple[int, int, Shape]] = []
        names: list[tuple[int, float, Label]] = []
        for said, whole in features:
            kind, geometry = said.get("kind", ""), self._drawn(whole)
            if geometry.is_empty:
                continue
            if kind == "landmark":
                names.append((3, 0, Label(_name(said), (geometry.x, geometry.y), 0, is_landmark=True)))
            elif kind in _ORDER:
                rank = _RANKS.get(said.get("rank", ""), 0)
                shapes.append((_ORDER[kind], rank, self._shape(kind, said, geometry)))
                if kind == "street" and _name(said):
                    names += [(rank, length, label) for length, label in self._along(geometry, _name(said))]
        shapes.sort(key=lambda one: one[:2])
        names.sort(key=lambda one: one[:2], reverse=True)
        return MapPiece(
            self.width,
            self.height,
            (self.width / 2, self.height / 2),
            [one for _order, _rank, one in shapes],
            self._apart(label for _rank, _length, label in names),
            self.metre,
        )

    def _drawn(self, geometry: Any) -> Any:
        """A geometry in the piece's units, cut at its edges (a little beyond, so that no edge is drawn as a line)."""
        lng, lat = self.place
        scale = METRES_PER_DEGREE * self.metre

        def to_units(points: Any) -> Any:
            points = points.copy()
            points[:, 0] = self.width / 2 + (points[:, 0] - lng) * self.narrowing * scale
            points[:, 1] = self.height / 2 - (points[:, 1] - lat) * scale
            return points

        moved = shapely.transform(geometry, to_units)
        edge = 0 if geometry.geom_type == "Point" else self.letter
        return shapely.clip_by_rect(moved, -edge, -edge, self.width + edge, self.height + edge)

    def _shape(self, kind: str, said: dict[str, Any], geometry: Any) -> Shape:
        closed = geometry.geom_type in ("Polygon", "MultiPolygon")
        look, metres = kind, 0.0
        if kind == "street":
            look = f"street-{said.get('rank', 'local')}"
            metres = _STREET_METRES.get(said.get("rank", ""), _STREET_METRES["local"])
        elif kind == "block" and said.get("use") in ("works", "park"):
            look = "works" if said["use"] == "works" else "green"
        elif not closed:
            metres = _RAIL_METRES
        return Shape(look, closed, metres * self.metre, [list(part) for part in _parts(geometry)])

    def _along(self, geometry: Any, name: str) -> Iterator[tuple[float, Label]]:
        """The name on each straight stretch that holds it, in the middle and towards both ends; one of them is kept."""
        needed = len(name) * self.letter * _LETTER
        for part in _parts(geometry):
            simple = list(shapely.LineString(part).simplify(self.letter / 2).coords)
            for start, end in pairwise(simple):
                length = math.dist(start, end)
                if length < needed:
                    continue
                angle = -math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
                angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
                for worth, share in enumerate((0.75, 0.25, 0.5)):
                    at = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
                    yield length + worth, Label(name, at, angle)

    def _apart(self, labels: Iterable[Label]) -> list[Label]:
        """Names that neither cross each other nor the mark, nor leave the drawing; each once."""
        kept: list[tuple[Label, Any]] = []
        inside = shapely.box(0, 0, self.width, self.height)
        taken = shapely.Point(self.width / 2, self.height / 2).buffer(self.letter * 1.5)
        for label in labels:
            room = self._room(label)
            if not inside.contains(room) or room.intersects(taken) or any(label.text == one.text for one, _ in kept):
                continue
            if not any(room.intersects(other) for _one, other in kept):
                kept.append((label, room))
        return [label for label, _room in kept]

    def _room(self, label: Label) -> Any:
        half = len(label.text) * self.letter * _LETTER / 2 + self.letter * 0.3
        x, y = label.at
        if label.is_landmark:
            return shapely.box(x - half, y - self.letter, x + half, y + 1.8 * self.letter)
        flat = shapely.box(x - half, y - self.letter * 0.7, x + half, y + self.letter * 0.7)
        return shapely.affinity.rotate(flat, -label.angle, origin=(x, y))


def _name(said: dict[str, Any]) -> str:
    return str(said.get(f"name_{get_language()}") or said.get("name") or "")


def _parts(geometry: Any) -> Iterator[Sequence[Point]]:
    """All rings or lines of a geometry."""
    match geometry.geom_type:
        case "LineString":
            yield geometry.coords
        case "Polygon":
            yield geometry.exterior.coords
            yield from (ring.coords for ring in geometry.interiors)
        case "MultiPolygon" | "MultiLineString" | "GeometryCollection":
            for one in geometry.geoms:
                yield from _parts(one)
