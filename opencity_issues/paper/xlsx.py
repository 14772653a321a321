"""A paper's tables as a workbook: figures as figures, words as words, never as formulas (trust, 9)."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from opencity_issues.paper.structure import Cell, Definitions, Link, Paper, Share, Table, Text

SHADE = PatternFill("solid", fgColor="EEEEEC")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_xlsx(paper: Paper, created: datetime) -> bytes:
    """One sheet for each `sheet` that the paper's tables name, in their order; texts come at the end of the first."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = f"{paper.title} {paper.period}"
    book.properties.creator = paper.author
    book.properties.language = paper.language
    book.properties.created = created.astimezone(UTC).replace(tzinfo=None)
    for table in paper.tables():
        if table.sheet not in book.sheetnames:
            _begin(book.create_sheet(_sheet_name(table.sheet)), paper)
        _write_table(book[_sheet_name(table.sheet)], table)
    if not book.sheetnames:
        _begin(book.create_sheet(_sheet_name(paper.title)), paper)
    _write_texts(book.worksheets[0], paper)
    _write_definitions(book, paper)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(words: str) -> str:
    """A name that a workbook takes: at most 31 characters, without some signs."""
    return "".join("-" if sign in "[]:*?/\\" else sign for sign in words)[:31]


def _begin(sheet: Worksheet, paper: Paper) -> None:
    for words, bold in ((paper.title, True), (paper.subtitle, False), (paper.period, True)):
        sheet.append([""])
        _put(sheet.cell(sheet.max_row, 1), words, bold=bold)
    for what, who in paper.facts if not sheet.parent.index(sheet) else ():
        row = sheet.max_row + 1
        _put(sheet.cell(row, 1), what)
        _put(sheet.cell(row, 2), who)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_table(sheet: Worksheet, table: Table) -> None:
    row = sheet.max_row + 2
    _put(sheet.cell(row, 1), table.caption, bold=True)
    for column, words in enumerate(table.head, 1):
        cell = sheet.cell(row + 1, column)
        _put(cell, words, bold=True)
        cell.fill, cell.alignment = SHADE, Alignment(wrap_text=True, vertical="top")
    for place, line in enumerate(table.rows, row + 2):
        for column, value in enumerate(line.cells, 1):
            cell = sheet.cell(place, column)
            _put(cell, value, bold=line.strong)
            if column == 1 and line.level:
                cell.alignment = Alignment(indent=2 * line.level)
    for column, width in enumerate(table.widths or (4,) * len(table.head), 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = max(dimension.width or 0, 7 * width)
    if table.only_in_workbook:
        sheet.freeze_panes = sheet.cell(row + 2, 1)
        sheet.auto_filter.ref = f"A{row + 1}:{get_column_letter(len(table.head))}{row + 1 + len(table.rows)}"


def _write_texts(sheet: Worksheet, paper: Paper) -> None:
    for section in paper.sections:
        paragraphs = [words for block in section.blocks if isinstance(block, Text) for words in block.paragraphs]
        if paragraphs:
            row = sheet.max_row + 2
            _put(sheet.cell(row, 1), section.heading, bold=True)
            for place, words in enumerate(paragraphs, row + 1):
                _put(sheet.cell(place, 1), words)


def _write_definitions(book: Workbook, paper: Paper) -> None:
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Definitions):
                sheet = book.create_sheet(_sheet_name(section.heading))
                sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 100
                for row, (term, meaning) in enumerate(block.items, 1):
                    _put(sheet.cell(row, 1), term, bold=True)
                    _put(sheet.cell(row, 2), meaning)
                    sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")


def _put(cell: SheetCell, value: Cell, *, bold: bool = False) -> None:
    """Write one value with its type said: a text that begins like a formula stays a text."""
    if isinstance(value, Share):
        cell.value = None if value.value is None else round(value.value, 4)
        cell.number_format = "0%"
    elif isinstance(value, Link):
        _put(cell, value.words)
        if value.url:
            cell.hyperlink, cell.style = value.url, "Hyperlink"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "dd.mm.yyyy"
    elif isinstance(value, int | float):
        cell.value = value
    elif value is not None:
        _put_words(cell, value)
    if bold:
        cell.font = Font(bold=True)


def _put_words(cell: Any, words: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)[:32_000]
    cell.data_type = "s"
    # Some programs read a leading sign as a formula when the cell is edited; the mark of a text spares that.
    cell.quotePrefix = words[:1] in {"=", "+", "-", "@"}
