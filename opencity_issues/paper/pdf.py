"""A paper as an A4 PDF: text that can be searched and copied, tables whose head returns on each page, plots as vectors.

The same paper gives the same bytes: the moment of creation is the paper's own. Read in black and white as well as in colour.
"""

from collections.abc import Sequence
from datetime import datetime

import font_roboto
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from opencity_issues.paper.drawing import Box, Drawing, Rule, draw
from opencity_issues.paper.structure import (
    EMPTY,
    Cell,
    Definitions,
    Paper,
    Plot,
    Row,
    Section,
    Signature,
    Table,
    Text,
    shown,
)

LEFT, TOP, RIGHT, BOTTOM = 25.0, 18.0, 12.0, 20.0
"""Margins in mm: the left one leaves room for the file."""
WIDTH = 210 - LEFT - RIGHT
PLOT_UNITS = 620.0
PAGES = "{pages}"
LINE_HEIGHT = 4.0
PADDING = (0.5, 1.0, 0.5, 1.0)
SIGNATURE_HEIGHT = 56.0
LEAST_TORN = 90.0
"""A table that is lower than this (mm) is moved to the next page and not torn."""
INK, QUIET, LINE, SHADE = (20, 24, 28), (84, 92, 100), (150, 156, 162), (238, 238, 236)
TONES = {"main": (11, 94, 94), "before": (196, 202, 206), "late": (255, 255, 255)}
LOCALES = {"uk": "uk-UA", "en": "en-GB"}


def as_pdf(paper: Paper, created: datetime) -> bytes:
    """The paper's pages; `created` is written into the file as its moment of creation."""
    sheet = _Sheet(paper)
    sheet.set_creation_date(created)
    sheet.add_page()
    sheet.write_head()
    for section in paper.sections:
        # A signature does not stand on a page of its own.
        last = section is paper.sections[-1] and paper.signature is not None
        sheet.write_section(section, SIGNATURE_HEIGHT if last else 0)
    if paper.signature:
        sheet.write_signature(paper.signature)
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, paper: Paper) -> None:
        super().__init__("portrait", "mm", "A4")
        self.paper = paper
        self.add_font("Roboto", "", font_roboto.Roboto)
        self.add_font("Roboto", "B", font_roboto.RobotoBold)
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        self.set_lang(LOCALES.get(paper.language, paper.language))
        self.set_title(f"{paper.title} {paper.period}")
        self.set_author(paper.author)
        self.set_creator("Open City")
        self.set_producer("Open City")
        self.alias_nb_pages(PAGES)
        self.c_margin = 0

    # Called by FPDF on each page.
    def header(self) -> None:
        if self.paper.mark:
            self._font(9, bold=True, ink=QUIET)
            self.set_y(8)
            self.cell(WIDTH, 4, self.paper.mark.upper(), align="R")
            self.set_y(TOP)

    def footer(self) -> None:
        self.set_xy(LEFT, -13)
        self._font(8, ink=QUIET)
        self.cell(WIDTH * 0.75, 4, f"{self.paper.title} {self.paper.period}")
        words = self.paper.page_words % {"page": self.page_no(), "pages": PAGES}
        # Aligned by the width of a figure, not of the placeholder that stands for it.
        shift = self.get_string_width(PAGES) - self.get_string_width("0")
        self.set_x(LEFT + WIDTH * 0.75 + shift)
        self.cell(WIDTH * 0.25, 4, words, align="R")

    def write_head(self) -> None:
        paper = self.paper
        self.ln(4)
        self._font(16, bold=True)
        self._centred(paper.title.upper(), 7.5)
        self.ln(1)
        self._font(11)
        self.set_x(LEFT + 12)
        self.multi_cell(WIDTH - 24, 5.2, paper.subtitle, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.5)
        self._font(12, bold=True)
        self._centred(paper.period, 6)
        self.ln(4)
        for what, who in paper.facts:
            self._fact(what, who)
        self.ln(3)
        self._highlights()

    def _fact(self, what: str, who: str) -> None:
        y = self.get_y()
        self._font(9.5, ink=QUIET)
        self.multi_cell(40, 5, what, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        bottom = self.get_y()
        self._font(9.5)
        self.set_xy(LEFT + 42, y)
        self.multi_cell(WIDTH - 42, 5, who, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(bottom, self.get_y()))

    def _highlights(self) -> None:
        """The few figures that a hurried reader takes along."""
        figures = self.paper.highlights
        if not figures:
            return
        width = WIDTH / len(figures)
        top = self.get_y()
        self.set_draw_color(*LINE)
        self.line(LEFT, top, LEFT + WIDTH, top)
        bottom = top
        for place, (value, words) in enumerate(figures):
            self.set_xy(LEFT + width * place, top + 2)
            self._font(19, bold=True)
            self.cell(width, 9, shown(value))
            self.set_xy(LEFT + width * place, top + 11)
            self._font(8.5, ink=QUIET)
            self.multi_cell(width - 3, 3.8, words, align="L")
            bottom = max(bottom, self.get_y())
        self.set_y(bottom + 2)
        self.line(LEFT, bottom + 2, LEFT + WIDTH, bottom + 2)
        self.ln(3)

    def write_section(self, section: Section, reserve: float = 0) -> None:
        """`reserve`: mm to be left under its last lines, on the same page."""
        blocks = [block for block in section.blocks if not (isinstance(block, Table) and block.only_in_workbook)]
        if not blocks:
            return
        self._keep_together(12 + self._least_height(blocks[0]))
        self.ln(4)
        self._font(12.5, bold=True)
        self.multi_cell(WIDTH, 6.5, section.heading, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)
        captions = sum(isinstance(block, Table | Plot) for block in blocks) > 1
        for block in blocks:
            match block:
                case Table():
                    self._table(block, with_caption=captions)
                case Plot():
                    self._plot(block, with_caption=captions)
                case Text():
                    self._text(block, reserve)
                case Definitions():
                    self._definitions(block, reserve)

    def _least_height(self, block: Table | Plot | Text | Definitions) -> float:
        """How much of a block must stand below its heading on the same page."""
        if isinstance(block, Plot):
            return draw(block, PLOT_UNITS).height * WIDTH / PLOT_UNITS + 10
        if isinstance(block, Table):
            widths = block.widths or (1.0,) * len(block.head)
            heights = [self._row_height(row.cells, widths, row.level) for row in block.rows]
            head = self._row_height(block.head, widths, 0, size=7.5) + 6
            return head + sum(heights if head + sum(heights) <= LEAST_TORN else heights[:4])
        return 14

    def _keep_together(self, height: float) -> None:
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()

    # --- tables ---------------------------------------------------------------------------------------------------------

    def _table(self, table: Table, *, with_caption: bool) -> None:
        """In pieces that fit their pages, each under the head; no piece has a single row unless the table has."""
        widths = table.widths or (1.0,) * len(table.head)
        heights = [self._row_height(row.cells, widths, row.level) for row in table.rows]
        head = self._row_height(table.head, widths, 0, size=7.5) + (5 if with_caption else 0) + 1
        self._keep_together(self._least_height(table))
        if with_caption:
            self._caption(table.caption)
        rows, heights = list(table.rows), list(heights)
        while rows:
            fitting = _fitting(heights, self.page_break_trigger - self.get_y() - head)
            self._piece(table, rows[:fitting])
            rows, heights = rows[fitting:], heights[fitting:]
            if rows:
                self.add_page()
                if with_caption:
                    self._caption(
                        f"{table.caption} ({self.paper.continued})" if self.paper.continued else table.caption
                    )
        self.ln(4)

    def _piece(self, table: Table, rows: Sequence[Row]) -> None:
        self._font(8.5)
        self.set_draw_color(*LINE)
        self.set_fill_color(255, 255, 255)
        self.set_line_width(0.2)
        aligns = ["LEFT" if place in table.text_columns else "RIGHT" for place in range(len(table.head))]
        with self.table(
            width=WIDTH,
            align="LEFT",
            col_widths=table.widths or None,
            text_align=tuple(aligns),
            line_height=LINE_HEIGHT,
            padding=PADDING,
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=SHADE, size_pt=7.5),
        ) as made:
            head = made.row()
            for words in table.head:
                head.cell(words)
            for row in rows:
                line = made.row(style=FontFace(emphasis="BOLD") if row.strong else None)
                for place, cell in enumerate(row.cells):
                    line.cell(shown(cell), padding=(*PADDING[:3], _indent(row.level)) if place == 0 else None)

    def _row_height(self, cells: Sequence[Cell], widths: Sequence[float], level: int, size: float = 8.5) -> float:
        """What a row will take, with its longest cell broken into lines."""
        self._font(size, bold=True)
        lines = 1
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            room = WIDTH * width / sum(widths) - PADDING[1] - (_indent(level) if place == 0 else PADDING[3])
            words = shown(cell)
            # Measuring is quick, breaking is not.
            if self.get_string_width(words) > room:
                lines = max(lines, len(self.multi_cell(room, 4, words, align="L", dry_run=True, output="LINES")))
        return lines * LINE_HEIGHT + PADDING[0] + PADDING[2]

    def _caption(self, words: str) -> None:
        self._font(9, bold=True, ink=QUIET)
        self.multi_cell(WIDTH, 5, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    # --- plots ----------------------------------------------------------------------------------------------------------

    def _plot(self, plot: Plot, *, with_caption: bool) -> None:
        drawing = draw(plot, PLOT_UNITS)
        scale = WIDTH / PLOT_UNITS
        self._keep_together(drawing.height * scale + 10)
        if with_caption:
            self._caption(plot.title)
        top = self.get_y() + 1
        for rule in drawing.rules:
            self._rule(rule, top, scale)
        for box in drawing.boxes:
            self._box(box, top, scale)
        self._words(drawing, top, scale)
        self.set_xy(LEFT, top + drawing.height * scale + 3)

    def _rule(self, rule: Rule, top: float, scale: float) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.15)
        self.line(LEFT + rule.x1 * scale, top + rule.y1 * scale, LEFT + rule.x2 * scale, top + rule.y2 * scale)

    def _box(self, box: Box, top: float, scale: float) -> None:
        """Dark, light, or hatched: told apart without colour too."""
        x, y, width, height = LEFT + box.x * scale, top + box.y * scale, box.width * scale, box.height * scale
        self.set_draw_color(*INK)
        self.set_line_width(0.15)
        self.set_fill_color(*TONES[box.tone])
        self.rect(x, y, width, height, style="DF")
        if box.tone == "late":
            with self.rect_clip(x, y, width, height):
                step, reach = 1.1, width + height
                for number in range(int(reach / step) + 1):
                    self.line(x + number * step - height, y + height, x + number * step, y)

    def _words(self, drawing: Drawing, top: float, scale: float) -> None:
        for words in drawing.words:
            self._font(8.5, ink=QUIET if words.quiet else INK)
            width = self.get_string_width(words.text)
            shift = {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
            self.text(LEFT + words.x * scale - shift, top + words.y * scale, words.text)

    # --- words ----------------------------------------------------------------------------------------------------------

    def _text(self, text: Text, reserve: float) -> None:
        size, line = (8.5, 4.4) if text.small else (10.5, 5.4)
        for place, paragraph in enumerate(text.paragraphs, 1):
            self._font(size, ink=QUIET if text.small else INK)
            if place == len(text.paragraphs) and reserve:
                height = float(self.multi_cell(WIDTH, line, paragraph, align="L", dry_run=True, output="HEIGHT"))
                self._keep_together(min(height, LEAST_TORN) + reserve)
            self.multi_cell(WIDTH, line, paragraph, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(1.6)

    def _definitions(self, definitions: Definitions, reserve: float) -> None:
        self._font(8.5)
        items = [f"**{_plain(term)}.** {_plain(meaning)}" for term, meaning in definitions.items]
        heights = [
            float(self.multi_cell(WIDTH, 4.3, words, align="L", markdown=True, dry_run=True, output="HEIGHT")) + 1.2
            for words in items
        ]
        for place, words in enumerate(items):
            last = place == len(items) - 2
            self._keep_together(sum(heights[place:]) + reserve if last else heights[place])
            self._font(8.5)
            self.multi_cell(WIDTH, 4.3, words, align="L", markdown=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(1.2)

    def write_signature(self, signature: Signature) -> None:
        self._keep_together(SIGNATURE_HEIGHT)
        self.ln(9)
        widths, gap = (66.0, 40.0, 57.0), 5.0
        top = self.get_y()
        x, bottom = LEFT, top
        self._font(10)
        lines = [
            self.multi_cell(width, 5, words, align="C", dry_run=True, output="LINES") if words else []
            for width, words in zip(widths, (signature.position, "", signature.name), strict=True)
        ]
        base = top + 5 * max(1, *[len(one) for one in lines])
        self.set_draw_color(*INK)
        self.set_line_width(0.2)
        for width, words, label in zip(widths, lines, signature.labels, strict=True):
            self._font(10)
            self.set_xy(x, base - 5 * len(words))
            if words:
                self.multi_cell(width, 5, "\n".join(words), align="C")
            self.line(x, base + 0.6, x + width, base + 0.6)
            self._font(8, ink=QUIET)
            self.set_xy(x, base + 1.4)
            self.cell(width, 4, label, align="C")
            x += width + gap
            bottom = max(bottom, self.get_y())
        self.set_xy(LEFT, bottom + 9)
        self._font(10)
        self.cell(WIDTH / 2, 5, signature.date_line)
        self._font(9, ink=QUIET)
        self.cell(WIDTH / 2, 5, signature.stamp, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if signature.note:
            self.ln(4)
            self.multi_cell(WIDTH, 4.4, signature.note, align="L")

    def _centred(self, words: str, height: float) -> None:
        self.multi_cell(WIDTH, height, words, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _font(self, size: float, *, bold: bool = False, ink: Sequence[int] = INK) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*ink)


def _fitting(heights: Sequence[float], room: float) -> int:
    """How many of the next rows stand on this page, so that the following page gets no single one."""
    count = 0
    while count < len(heights) and (room := room - heights[count]) >= 0:
        count += 1
    left_over = len(heights) - count
    if 0 < left_over < 3 and count > 3:
        count -= 3 - left_over
    return max(count, 1)


def _indent(level: int) -> float:
    return PADDING[3] + 4 * level


def _plain(words: str) -> str:
    """Words without what the two marks of bold would be taken for."""
    return words.replace("**", EMPTY).replace("__", "_").replace("--", EMPTY)
