"""What a paper consists of, in one language and free of any look: headings, tables, plots and texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats

EMPTY = "—"


@dataclass(frozen=True)
class Share:
    """A part of a whole, 0 to 1, shown in per cent; None where there is no whole."""

    value: float | None

    @classmethod
    def of(cls, part: int, whole: int) -> "Share":
        return cls(part / whole if whole else None)


@dataclass(frozen=True)
class Link:
    """Words or a number that lead to an address; an empty address leads nowhere."""

    words: str | int
    url: str


Cell = str | int | float | date | Share | Link | None


@dataclass(frozen=True)
class Row:
    """`level` 1 stands under a row of level 0; `strong` is a sum or a heading of its own."""

    cells: tuple[Cell, ...]
    level: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """The first column holds words, the others figures, unless `text_columns` says otherwise.

    `widths`: relative widths of the columns; `sheet`: the name of its sheet in a workbook.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str
    widths: tuple[float, ...] = ()
    text_columns: frozenset[int] = frozenset({0})
    only_in_workbook: bool = False


@dataclass(frozen=True)
class Series:
    """One row of values of a plot; `tone` is its look: "main", "before" or "late"."""

    name: str
    values: tuple[float, ...]
    tone: str


@dataclass(frozen=True)
class Plot:
    """Columns side by side (`columns`), bars in pairs (`pairs`), or bars whose series follow each other (`bars`)."""

    title: str
    description: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    form: str = "columns"

    @property
    def is_empty(self) -> bool:
        return not any(any(series.values) for series in self.series)


@dataclass(frozen=True)
class Text:
    """Paragraphs; `small` ones are notes."""

    paragraphs: tuple[str, ...]
    small: bool = False


@dataclass(frozen=True)
class Definitions:
    """What each figure means: (term, meaning)."""

    items: tuple[tuple[str, str], ...]


Block = Table | Plot | Text | Definitions


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]
    slug: str = ""


@dataclass(frozen=True)
class Signature:
    """The place for a signature by hand: what is known stands on the lines, and under each line what belongs there."""

    position: str
    name: str
    labels: tuple[str, str, str]
    """Under the lines of position, signature and name."""
    date_line: str
    stamp: str
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole paper. `title` is in capitals on the sheet, `subtitle` and `period` under it, `facts` are (what, who)."""

    language: str
    title: str
    subtitle: str
    period: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signature: Signature | None = None
    mark: str = ""
    """A word over a paper that is not final."""
    author: str = ""
    page_words: str = "%(page)s / %(pages)s"
    continued: str = ""
    """Beside the caption of a table that goes on on the next page."""
    highlights: tuple[tuple[Cell, str], ...] = field(default_factory=tuple)
    """The few figures that stand in big type, with what they mean."""

    def tables(self) -> Sequence[Table]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]


def shown(cell: Cell) -> str:
    """A cell as people of the active language read it: grouped figures, a decimal comma, a dash for nothing."""
    if cell is None or cell == "":
        return EMPTY
    if isinstance(cell, Link):
        return str(cell.words)
    if isinstance(cell, date):
        return str(formats.date_format(cell, "d.m.Y"))
    if isinstance(cell, Share):
        return EMPTY if cell.value is None else f"{_figure(100 * cell.value, 0)}\N{NO-BREAK SPACE}%"
    if isinstance(cell, bool | str):
        return str(cell)
    return _figure(cell, 0 if isinstance(cell, int) else 1)


def _figure(value: float, places: int) -> str:
    # Django groups only where a locale's file says by how many digits, and the Ukrainian one does not.
    plain = f"{abs(value):,.{places}f}"
    sign = "\N{MINUS SIGN}" if value < 0 and plain.strip("0.,") else ""
    marks = {",": formats.get_format("THOUSAND_SEPARATOR"), ".": formats.get_format("DECIMAL_SEPARATOR")}
    return sign + "".join(marks.get(one, one) for one in plain)
