"""A long list as a workbook, written row by row: words as words, never as formulas (trust, 9); figures and days as such."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_SIGNS = 32_000
"""What a cell of a workbook holds."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | float | date | datetime | None


def list_as_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[int] = ()) -> bytes:
    """One sheet with a head that stays in sight. Moments are written as they stand: without a time zone."""
    book = Workbook(write_only=True)
    book.properties.title = title
    sheet = book.create_sheet("".join("-" if sign in "[]:*?/\\" else sign for sign in title)[:31])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}1"
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([_cell(sheet, words, bold=True) for words in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Cell | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return cell
    words = ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_SIGNS]
    cell = WriteOnlyCell(sheet, words)
    cell.data_type = "s"
    if words.startswith(FORMULA_STARTS):
        # Some programs read a leading sign as a formula when the cell is edited; the mark of a text spares that.
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
