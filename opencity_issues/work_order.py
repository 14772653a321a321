"""The work order (наряд) as a printable A4 PDF: what, where with a map, by when, by whom, and room for notes and a signature.

Drawn with fpdf2 and the Roboto of the package; nothing is fetched from anywhere.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import font_roboto
import segno
from django.utils import formats
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import PathPaintRule
from PIL import Image, UnidentifiedImageError

from opencity_issues.queries.desk.work_orders import WorkOrder
from opencity_issues.queries.map_piece import Label, MapPiece, Shape

MARGIN = 16.0
WIDTH = 210.0 - 2 * MARGIN
FOOT = 16.0
QR = 30.0
PHOTO_HEIGHT = 52.0
SIGNED = 46.0
"""Room that notes and signature take at least, in millimetres."""

INK, FAINT, LINE = (27, 33, 38), (77, 87, 95), (190, 184, 172)
COLOURS = {
    "ground": "#f1eee6",
    "outline": "#faf8f3",
    "block": "#ede6da",
    "works": "#e6e2de",
    "green": "#d3e8c4",
    "forest": "#cbdfbd",
    "water": "#a9d0e6",
    "building": "#d9cebd",
    "rail": "#9a948a",
    "street-main": "#fbe3a6",
    "street-secondary": "#fff6da",
    "street-local": "#ffffff",
    "case": "#c9bda8",
    "mark": "#0b6e6e",
}


def draw(orders: Sequence[WorkOrder]) -> bytes:
    """One file with a sheet or more for each order, each beginning on a page of its own."""
    paper = _Paper()
    for order in orders:
        _Sheet(paper, order).draw()
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4", unit="mm")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=FOOT)
        self.add_font("Roboto", "", font_roboto.Roboto)
        self.add_font("Roboto", "B", font_roboto.RobotoBold)
        self.set_title(_("Work orders"))
        self.foot_words = ""

    def footer(self) -> None:
        self.set_y(-FOOT + 4)
        self.face(8, FAINT)
        self.cell(WIDTH, 4, self.foot_words, align="L")

    def face(self, size: float, colour: tuple[int, int, int] = INK, style: str = "") -> None:
        self.set_font("Roboto", style, size)
        self.set_text_color(*colour)


class _Sheet:
    def __init__(self, paper: _Paper, order: WorkOrder) -> None:
        self.paper, self.order = paper, order

    def draw(self) -> None:
        paper, order = self.paper, self.order
        # Opening a page writes the foot of the one before.
        paper.add_page()
        paper.foot_words = _("Issue No. %(number)s · printed on %(day)s · %(city)s, the System “Open City”") % {
            "number": order.number,
            "day": _day(order.printed),
            "city": order.city,
        }
        self._head()
        self._facts()
        self._words()
        self._photos()
        self._map()
        self._signature()

    def _head(self) -> None:
        paper, order = self.paper, self.order
        top = paper.get_y()
        code = segno.make(order.way_in, error="m")
        self._code(code, MARGIN + WIDTH - QR, top)
        words = WIDTH - QR - 6
        paper.face(10, FAINT)
        paper.multi_cell(words, 5, order.organisation, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.face(18, style="B")
        title = _("Work order for issue No. %(number)s") % {"number": order.number}
        paper.multi_cell(words, 8, title, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.face(13, style="B")
        paper.multi_cell(words, 6.2, order.title, align="L", new_x="LMARGIN", new_y="NEXT")
        said = _("Executor's page: ask, report done") if order.is_private else _("The issue's page")
        after = max(paper.get_y(), top + QR + 1)
        paper.set_xy(MARGIN + WIDTH - QR - 8, top + QR + 1)
        paper.face(7.5, FAINT)
        paper.multi_cell(QR + 8, 3.4, said, align="R", new_x="LMARGIN", new_y="NEXT")
        paper.set_y(max(after, paper.get_y()) + 2)

    def _code(self, code: Any, x: float, y: float) -> None:
        """The code as squares, sharp at any size."""
        rows = list(code.matrix_iter(border=0))
        side = QR / len(rows)
        self.paper.set_fill_color(0, 0, 0)
        for row, line in enumerate(rows):
            for column, dark in enumerate(line):
                if dark:
                    # A little over, so that no hairline shows between neighbours.
                    self.paper.rect(x + column * side, y + row * side, side + 0.02, side + 0.02, style="F")

    def _facts(self) -> None:
        order = self.order
        place = order.address or (_("Shown on the map") if order.location else _("No exact place"))
        if order.location:
            place += "\n" + _coordinates(order.location)
        facts = [
            (_("Executor"), order.executor or "—"),
            (_("Answer due"), _("%(day)s (cl. 4.4)") % {"day": _day(order.due)} if order.due else "—"),
            (_("Planned date"), _day(order.planned) if order.planned else "_______________"),
            (_("Place"), place),
            (_("Categories"), ", ".join(order.categories)),
            (_("Registered"), _day(order.registered)),
        ]
        for name, value in facts:
            self._fact(name, value)
        self.paper.ln(2)

    def _fact(self, name: str, value: str) -> None:
        paper, left = self.paper, 36.0
        self._room_for(6)
        top = paper.get_y()
        paper.face(9.5, FAINT)
        paper.cell(left, 5.2, name)
        paper.set_xy(MARGIN + left, top)
        paper.face(10.5)
        paper.multi_cell(WIDTH - left, 5.2, value, align="L", new_x="LMARGIN", new_y="NEXT")

    def _words(self) -> None:
        self.paper.face(11)
        self.paper.multi_cell(WIDTH, 5.6, self.order.text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.paper.ln(3)

    def _photos(self) -> None:
        pictures = [one for one in map(_picture, self.order.photos) if one is not None]
        if not pictures:
            return
        gap = 4.0
        room = (WIDTH - gap * (len(pictures) - 1)) / len(pictures)
        sizes = [_fitted(one.size, room, PHOTO_HEIGHT) for one in pictures]
        height = max(high for _wide, high in sizes)
        self._room_for(height + 3)
        x, y = MARGIN, self.paper.get_y()
        for picture, (wide, high) in zip(pictures, sizes, strict=True):
            self.paper.image(picture, x=x, y=y, w=wide, h=high)
            x += wide + gap
        self.paper.set_y(y + height + 3)

    def _map(self) -> None:
        piece = self.order.piece
        if piece is None:
            return
        self._room_for(piece.height + 3)
        top = self.paper.get_y()
        _Drawing(self.paper, piece, MARGIN, top).draw()
        self.paper.set_y(top + piece.height + 4)

    def _signature(self) -> None:
        """Lines for notes fill what is left of the page, then the signature."""
        paper = self.paper
        self._room_for(SIGNED)
        paper.face(9.5, FAINT)
        paper.cell(WIDTH, 5, _("Notes: what was done, materials, what is left"), new_x="LMARGIN", new_y="NEXT")
        bottom = paper.h - FOOT
        signature = bottom - 15
        paper.set_draw_color(*LINE)
        paper.set_line_width(0.2)
        y = paper.get_y() + 7
        while y < signature - 4:
            paper.line(MARGIN, y, MARGIN + WIDTH, y)
            y += 8
        thirds = [(_("Date"), 34.0), (_("Signature"), 50.0), (_("Executor: name"), WIDTH - 34 - 50 - 12)]
        x = MARGIN
        for words, wide in thirds:
            paper.line(x, signature + 6, x + wide, signature + 6)
            paper.set_xy(x, signature + 6.5)
            paper.face(8, FAINT)
            paper.cell(wide, 4, words)
            x += wide + 6

    def _room_for(self, height: float) -> None:
        if self.paper.get_y() + height > self.paper.h - FOOT:
            self.paper.add_page()


class _Drawing:
    """A piece of the map at a place of the page, in millimetres."""

    def __init__(self, paper: _Paper, piece: MapPiece, left: float, top: float) -> None:
        self.paper, self.piece, self.left, self.top = paper, piece, left, top

    def draw(self) -> None:
        paper, piece = self.paper, self.piece
        with paper.rect_clip(self.left, self.top, piece.width, piece.height):
            paper.set_fill_color(COLOURS["ground"])
            paper.rect(self.left, self.top, piece.width, piece.height, style="F")
            for shape in piece.shapes:
                if shape.closed:
                    self._path(shape, fill=COLOURS[shape.look])
            streets = [one for one in piece.shapes if one.look.startswith("street")]
            for shape in streets:
                self._path(shape, stroke=COLOURS["case"], width=shape.width + 0.5)
            for shape in piece.shapes:
                if not shape.closed:
                    self._path(shape, stroke=COLOURS[shape.look], width=shape.width)
            for label in piece.labels:
                self._word(label)
            self._mark()
            self._bar()
        paper.set_draw_color(*LINE)
        paper.set_line_width(0.2)
        paper.rect(self.left, self.top, piece.width, piece.height)

    def _path(self, shape: Shape, *, fill: str = "", stroke: str = "", width: float = 0) -> None:
        with self.paper.new_path() as path:
            self._look(path, fill, stroke, width)
            for part in shape.parts:
                for number, (x, y, *_height) in enumerate(part):
                    go: Callable[[float, float], Any] = path.line_to if number else path.move_to
                    go(self.left + x, self.top + y)
                if shape.closed:
                    path.close()

    @staticmethod
    def _look(path: PaintedPath, fill: str, stroke: str, width: float) -> None:
        path.style.fill_color = fill or None
        path.style.stroke_color = stroke or None
        path.style.stroke_width = width or None
        path.style.stroke_cap_style = "round"
        path.style.stroke_join_style = "round"
        path.style.auto_close = False
        path.style.paint_rule = PathPaintRule.FILL_EVENODD if fill else PathPaintRule.STROKE

    def _word(self, label: Label) -> None:
        paper = self.paper
        x, y = self.left + label.at[0], self.top + label.at[1]
        paper.face(7.5)
        wide = paper.get_string_width(label.text)
        if label.is_landmark:
            paper.set_fill_color(*INK)
            paper.ellipse(x - 0.7, y - 0.7, 1.4, 1.4, style="F")
            paper.text(x - wide / 2, y + 3.6, label.text)
            return
        with paper.rotation(label.angle, x, y):
            paper.text(x - wide / 2, y + 0.9, label.text)

    def _mark(self) -> None:
        """The place: a drop whose point stands on it."""
        x, y = self.left + self.piece.mark[0], self.top + self.piece.mark[1]
        radius = 2.6
        with self.paper.new_path() as path:
            self._look(path, COLOURS["mark"], "#ffffff", 0.4)
            path.style.paint_rule = PathPaintRule.STROKE_FILL_NONZERO
            path.move_to(x, y)
            path.curve_to(x - 0.8, y - 2.6, x - radius, y - 3.2, x - radius, y - 5.4)
            path.curve_to(x - radius, y - 9, x + radius, y - 9, x + radius, y - 5.4)
            path.curve_to(x + radius, y - 3.2, x + 0.8, y - 2.6, x, y)
            path.close()
        self.paper.set_fill_color(255, 255, 255)
        self.paper.ellipse(x - 0.9, y - 6.3, 1.8, 1.8, style="F")

    def _bar(self) -> None:
        """A hundred metres, to scale."""
        paper, length = self.paper, 100 * self.piece.metre
        x, y = self.left + self.piece.width - length - 4, self.top + self.piece.height - 4
        paper.set_draw_color(*INK)
        paper.set_line_width(0.4)
        paper.line(x, y, x + length, y)
        paper.face(7)
        words = _("%(count)d m") % {"count": 100}
        paper.text(x + length / 2 - paper.get_string_width(words) / 2, y - 1, words)


def _picture(data: bytes) -> Image.Image | None:
    try:
        picture = Image.open(BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError):
        return None
    return picture


def _fitted(size: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    scale = min(width / size[0], height / size[1])
    return size[0] * scale, size[1] * scale


def _coordinates(place: tuple[float, float]) -> str:
    """Decimal degrees, latitude first as people type them into a navigator."""
    lng, lat = place
    return f"{lat:.5f}, {lng:.5f}" if math.isfinite(lat) and math.isfinite(lng) else ""


def _day(value: date) -> str:
    return formats.date_format(value, "j E Y")
