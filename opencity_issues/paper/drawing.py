"""Plots as boxes, rules and words in units of their own, for a screen and a sheet alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log10

from opencity_issues.paper.structure import Plot, shown

TEXT = 12.0
"""Height of the words, in units."""
CHARACTER = 0.56 * TEXT
SMALL = 0.48 * TEXT
"""What a letter takes at most on a screen, and on a sheet, where the letters are smaller."""
LEGEND = 26.0
HEIGHT = 170.0
BROAD = 500.0


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True)
class Words:
    """`y` is the line that letters stand on; `anchor`: "start", "middle" or "end" of the words is at `x`."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    quiet: bool = False


@dataclass(frozen=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float


Shape = Box | Words | Rule


@dataclass(frozen=True)
class Drawing:
    plot: Plot
    width: float
    height: float
    shapes: tuple[Shape, ...]

    @property
    def boxes(self) -> list[Box]:
        return [shape for shape in self.shapes if isinstance(shape, Box)]

    @property
    def words(self) -> list[Words]:
        return [shape for shape in self.shapes if isinstance(shape, Words)]

    @property
    def rules(self) -> list[Rule]:
        return [shape for shape in self.shapes if isinstance(shape, Rule)]


def draw(plot: Plot, width: float) -> Drawing:
    """The plot in `width` units; its height follows from what it shows."""
    bottom, shapes = {"columns": _columns, "pairs": _pairs, "bars": _bars}[plot.form](plot, width)
    return Drawing(plot, width, bottom, (*_legend(plot, width), *shapes))


def _legend(plot: Plot, width: float) -> Iterator[Shape]:
    x = 0.0
    for series in plot.series:
        yield Box(x, 3, 12, 12, series.tone)
        yield Words(x + 17, 13, series.name)
        x += 17 + CHARACTER * len(series.name) + 16


def _columns(plot: Plot, width: float) -> tuple[float, list[Shape]]:
    top = _round_top(max((max(series.values, default=0) for series in plot.series), default=0))
    left = 10 + CHARACTER * len(shown(int(top)))
    inner, floor = width - left, LEGEND + 14 + HEIGHT
    shapes: list[Shape] = []
    for part in (0, 0.5, 1) if top > 1 else (0, 1):
        y = floor - HEIGHT * part
        value = top * part
        shapes += [
            Rule(left, y, width, y),
            Words(left - 6, y + 4, shown(int(value) if value == int(value) else value), "end", quiet=True),
        ]
    group = inner / len(plot.labels)
    bar = min(26.0, group * 0.8 / len(plot.series))
    step = ceil(len(plot.labels) * CHARACTER * 6.5 / inner)
    for place, label in enumerate(plot.labels):
        x = left + group * (place + 0.5) - bar * len(plot.series) / 2
        for series in plot.series:
            height = HEIGHT * series.values[place] / top
            if height:
                shapes.append(Box(x, floor - height, max(bar - 1, 1), height, series.tone))
                if bar >= SMALL * len(shown(series.values[place])):
                    shapes.append(Words(x + bar / 2, floor - height - 4, shown(series.values[place]), "middle"))
            x += bar
        if place % step == 0:
            middle = left + group * (place + 0.5)
            # The last label stays within the drawing.
            half = CHARACTER * len(label) / 2
            shapes.append(Words(min(middle, width - half), floor + 16, label, "middle", quiet=True))
    return floor + 22, shapes


def _pairs(plot: Plot, width: float) -> tuple[float, list[Shape]]:
    left = _label_room(plot, width)
    top, room = _top_and_room(width - left, [max(values) for values in zip(*_values(plot), strict=True)])
    y = LEGEND + 4
    shapes: list[Shape] = []
    for place, label in enumerate(plot.labels):
        y += _label(shapes, label, left, y + 3 if left else y, width)
        for series in plot.series:
            length = max(room * series.values[place] / top, 1)
            shapes.append(Box(left, y, length, 11, series.tone))
            shapes.append(Words(left + length + 6, y + 10, shown(series.values[place])))
            y += 13
        y += 7
    return y, shapes


def _bars(plot: Plot, width: float) -> tuple[float, list[Shape]]:
    left = _label_room(plot, width)
    sums = [sum(values) for values in zip(*_values(plot), strict=True)]
    top, room = _top_and_room(width - left, sums, places=len(plot.series))
    y = LEGEND + 4
    shapes: list[Shape] = []
    for place, label in enumerate(plot.labels):
        y += _label(shapes, label, left, y, width)
        x = left
        for series in plot.series:
            length = room * series.values[place] / top
            if length:
                shapes.append(Box(x, y, length, 16, series.tone))
            x += length
        parts = " + ".join(shown(series.values[place]) for series in plot.series)
        shapes.append(Words(x + 6, y + 12, parts))
        y += 23
    return y, shapes


def _label_room(plot: Plot, width: float) -> float:
    """Beside the bars on a broad drawing; on a narrow one labels stand above their bars."""
    if width < BROAD:
        return 0
    return min(0.42 * width, SMALL * max(len(label) for label in plot.labels) + 12)


def _label(shapes: list[Shape], label: str, left: float, y: float, width: float) -> float:
    """Write the label of a bar; returns how far it moves the bar down."""
    if left:
        shapes.append(Words(0, y + TEXT, _cut(label, left - 8, SMALL)))
        return 0
    shapes.append(Words(0, y + TEXT, _cut(label, width)))
    return TEXT + 7


def _values(plot: Plot) -> list[tuple[float, ...]]:
    return [series.values for series in plot.series]


def _top_and_room(width: float, lengths: list[float], places: int = 1) -> tuple[float, float]:
    """The longest bar's value, and its length, so that its figures still stand beside it."""
    top = max(lengths, default=0) or 1
    return top, width - 10 - CHARACTER * (len(shown(top)) * places + 3 * (places - 1) + 1)


def _round_top(value: float) -> float:
    """The next of 1, 2, 4, 6, 8, 10, 20, 40…: a scale whose half is a whole number too."""
    if value <= 2:
        return max(value, 1)
    size = 10 ** int(log10(value))
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= value)


def _cut(text: str, width: float, character: float = CHARACTER) -> str:
    most = int(width / character)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
