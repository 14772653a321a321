"""A piece of the map as the paths of an SVG, which shows without scripts and asks nobody for tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opencity_issues.queries.map_piece import Label, MapPiece, Shape


@dataclass(frozen=True)
class Path:
    """One element to draw: `look` names its class, `width` its stroke (0: filled)."""

    look: str
    d: str
    width: str


@dataclass(frozen=True)
class Word:
    text: str
    x: str
    y: str
    turn: str
    is_landmark: bool


def paths(piece: MapPiece) -> list[Path]:
    """All shapes in the order they are drawn, the edges of all streets under all streets."""
    return [*_areas(piece.shapes), *_casings(piece), *_lines(piece.shapes)]


def words(labels: Sequence[Label]) -> list[Word]:
    return [
        Word(one.text, _number(one.at[0]), _number(one.at[1]), _number(-one.angle), one.is_landmark) for one in labels
    ]


def _areas(shapes: Sequence[Shape]) -> Iterator[Path]:
    return (Path(one.look, _d(one), "") for one in shapes if one.closed)


def _casings(piece: MapPiece) -> Iterator[Path]:
    edge = 2 * piece.metre
    for one in piece.shapes:
        if one.look.startswith("street"):
            yield Path(f"{one.look}-case", _d(one), _number(one.width + edge))


def _lines(shapes: Sequence[Shape]) -> Iterator[Path]:
    return (Path(one.look, _d(one), _number(one.width)) for one in shapes if not one.closed)


def _d(shape: Shape) -> str:
    end = "Z" if shape.closed else ""
    return "".join(
        "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in (point[:2] for point in part)) + end
        for part in shape.parts
        if len(part) > 1
    )


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
