"""The responsibility matrix of a city (3.6) from a table: `category;organisation`, codes and short names."""

import csv
import io
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from opencity_issues.actions.city.change_matrix import write_changes
from opencity_issues.models import Category, IssueIndexPage, Organisation
from opencity_issues.queries.matrix.matrix import Changes, Matrix, Pair, read_matrix

COLUMNS = ("category", "organisation")
BYTES_AT_MOST = 1024 * 1024
LINES_AT_MOST = 20_000


@dataclass
class MatrixTable:
    """What a table says: its rows, each once, and its faults by line."""

    rows: list[Pair] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def changes(self, matrix: Matrix, *, replace: bool) -> Changes:
        """What the table adds to a matrix; with `replace` also the rows of the matrix that it leaves out."""
        rows = frozenset(self.rows)
        return matrix.possible(Changes(added=rows, removed=matrix.rows - rows if replace else frozenset()))


@dataclass
class MatrixImport:
    """What came of a table: rows added, rows that were there already, and faults by line."""

    added: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)


def decode_table(content: bytes) -> str:
    """The text of a table as spreadsheets save it: UTF-8 with or without its mark, or Windows-1251."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def import_matrix(city: IssueIndexPage, content: bytes, *, dry_run: bool = False) -> MatrixImport:
    """Add the rows of a table to a city's matrix: all of them, or none where a line has a fault."""
    table = read_table(city, content)
    if table.faults:
        return MatrixImport(faults=table.faults)
    changes = table.changes(read_matrix(city), replace=False)
    if not dry_run:
        with transaction.atomic():
            write_changes(changes)
    return MatrixImport(added=len(changes.added), known=len(table.rows) - len(changes.added))


def read_table(city: IssueIndexPage, content: bytes) -> MatrixTable:
    """A table's rows and faults; nothing is written. Columns for people, as `category_name`, are passed over."""
    table = MatrixTable()
    if len(content) > BYTES_AT_MOST:
        table.faults.append(_("The table is larger than 1 MB."))
        return table
    text = decode_table(content)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or []]
        if _has_columns(names, table):
            reader.fieldnames = names
            _read_rows(city, reader, table)
    except csv.Error:
        table.faults.append(_("Line %(line)d: this is no line of a table.") % {"line": reader.line_num})
    return table


def _has_columns(names: list[str], table: MatrixTable) -> bool:
    for name in COLUMNS:
        if name not in names:
            table.faults.append(_("Line 1: the column “%(name)s” is missing.") % {"name": name})
        elif names.count(name) > 1:
            table.faults.append(_("Line 1: the column “%(name)s” is there twice.") % {"name": name})
    return not table.faults


def _read_rows(city: IssueIndexPage, reader: "csv.DictReader[str]", table: MatrixTable) -> None:
    """Ids of category and organisation, line by line, each pair once; what is not known goes to the faults."""
    categories = dict(Category.objects.values_list("code", "pk"))
    organisations = dict(Organisation.objects.filter(city=city).values_list("slug", "pk"))
    rows: dict[Pair, None] = {}
    for row in reader:
        if reader.line_num > LINES_AT_MOST:
            table.faults.append(_("The table has more than %(count)d lines.") % {"count": LINES_AT_MOST})
            break
        code, slug = (_key(row.get(name)) for name in COLUMNS)
        if not code and not slug:
            continue
        faults = []
        if None in row:
            faults.append(_("there are more cells than columns"))
        if code not in categories:
            faults.append(_("there is no category “%(code)s”") % {"code": code})
        if slug not in organisations:
            faults.append(_("there is no organisation “%(slug)s” in this city") % {"slug": slug})
        if faults:
            said = {"line": reader.line_num, "faults": "; ".join(faults)}
            table.faults.append(_("Line %(line)d: %(faults)s.") % said)
        else:
            rows[categories[code], organisations[slug]] = None
    table.rows = list(rows)


def _key(cell: str | None) -> str:
    """A code or short name, without the apostrophe that keeps a spreadsheet from running it."""
    return (cell or "").strip().removeprefix("'")
