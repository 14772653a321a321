"""One reader for every table that comes in: CSV with `;`, `,` or tabs in any usual encoding, or an XLSX workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from opencity_issues.tables import workbook
from opencity_issues.tables.decode import UTF8, decode, is_mangled
from opencity_issues.tables.fault import Fault

BYTES_AT_MOST = 20 * 1024 * 1024
ROWS_AT_MOST = 100_000
FAULTS_AT_MOST = 200
"""Whoever has more to mend begins with these."""

DELIMITERS = ";,\t"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Column:
    """A column by its name and the other headings that it is known by, in small letters."""

    name: str
    also: tuple[str, ...] = ()
    required: bool = False

    @property
    def label(self) -> str:
        """Both names, as faults tell them."""
        return f"{self.name} ({self.also[0]})" if self.also else self.name


@dataclass(frozen=True)
class Row:
    """A line's cells by the columns' names; a column that the table has not is not in it."""

    line: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """A cell, "" where it is empty or the table has no such column."""
        return self.cells.get(name, "")


@dataclass
class Table:
    """What was read. `notes` say what a person should know though it is no fault."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    """By a column's name, how the table itself calls it."""

    def fault(self, line: int, column: str, words: str) -> None:
        """Add a fault, under the heading that the reader sees in the table."""
        if len(self.faults) < FAULTS_AT_MOST:
            self.faults.append(Fault(line, self.headings.get(column, column), words))


def read_table(
    content: bytes, columns: Sequence[Column], *, bytes_at_most: int = BYTES_AT_MOST, rows_at_most: int = ROWS_AT_MOST
) -> Table:
    """Read a whole table; never raises. Empty lines are passed over, unknown columns are told in the notes."""
    table = Table()
    if len(content) > bytes_at_most:
        size = {"size": max(1, bytes_at_most // 1024 // 1024)}
        table.fault(0, "", _("it is larger than %(size)d MB") % size)
        return table
    lines = _lines(content, columns, table)
    if table.faults:
        return table
    head = next(lines, (1, []))[1]
    places = _places(head, columns, table)
    if not table.faults:
        _read_rows(lines, places, len(head), rows_at_most, table)
    return table


def _lines(content: bytes, columns: Sequence[Column], table: Table) -> Iterator[Line]:
    if content.startswith(OLD_WORKBOOK):
        table.fault(0, "", _("this is an old Excel workbook (.xls): save it as .xlsx or as CSV"))
        return iter(())
    if workbook.is_workbook(content):
        return workbook.lines(content, table.faults)
    read = decode(content)
    table.faults += read.faults
    if read.encoding != UTF8:
        said = {"encoding": read.encoding}
        table.notes.append(_("The file is in the encoding %(encoding)s and was read so.") % said)
    text = read.text.replace("\0", "").lstrip("\ufeff")
    return _csv_lines(text, _delimiter(text, columns), table)


def _csv_lines(text: str, delimiter: str, table: Table) -> Iterator[Line]:
    """Each record with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error:
            table.fault(begins, "", _("this is no line of a table: perhaps a quotation mark is not closed"))
            return


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """The one that parts the head into the most columns that are known, else the most frequent one."""
    head = text.partition("\n")[0]
    known = _by_heading(columns)
    return max(
        DELIMITERS,
        key=lambda sign: (sum(_heading(cell) in known for cell in head.split(sign)), head.count(sign)),
    )


def _by_heading(columns: Iterable[Column]) -> dict[str, Column]:
    return {heading: column for column in columns for heading in (column.name, *column.also)}


def _heading(cell: str) -> str:
    return " ".join(cell.strip().strip('"').replace("’", "'").replace("ʼ", "'").lower().split())


def _places(head: Sequence[str], columns: Sequence[Column], table: Table) -> dict[int, str]:
    """Which column stands where; faults for what is missing or there twice."""
    known = _by_heading(columns)
    places: dict[int, str] = {}
    unknown = []
    for place, cell in enumerate(head):
        column = known.get(_heading(cell))
        if column is None:
            unknown += [cell.strip()] if cell.strip() else []
        elif column.name in places.values():
            table.fault(1, cell.strip(), _("this column is there twice"))
        else:
            places[place] = column.name
            table.headings[column.name] = cell.strip()
    for column in columns:
        if column.required and column.name not in places.values():
            table.fault(1, "", _("the column “%(name)s” is missing") % {"name": column.label})
    names = ", ".join(_("“%(name)s”") % {"name": name} for name in unknown[:20])
    if table.faults and unknown:
        table.fault(1, "", _("these columns are not known: %(names)s") % {"names": names})
    elif unknown:
        table.notes.append(_("Columns that were passed over: %(names)s.") % {"names": names})
    return places


def _read_rows(lines: Iterator[Line], places: dict[int, str], width: int, at_most: int, table: Table) -> None:
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) == at_most:
            table.fault(0, "", _("it has more than %(count)d lines") % {"count": at_most})
            return
        if any(cell.strip() for cell in cells[width:]):
            table.fault(line, "", _("there are more cells than columns"))
        said = {name: _cell(cells[place]) if place < len(cells) else "" for place, name in places.items()}
        for name, words in said.items():
            if is_mangled(words):
                table.fault(line, name, _("the letters are mangled: the file was saved in a wrong encoding once"))
        table.rows.append(Row(line, said))


def _cell(cell: str) -> str:
    """A cell's words, without the apostrophe that keeps a spreadsheet from running them."""
    return cell.strip().removeprefix("'")
