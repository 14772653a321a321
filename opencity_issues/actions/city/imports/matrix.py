"""The responsibility matrix of a city (3.6) from a table: `category;organisation`, codes and short names."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from opencity_issues.actions.city.change_matrix import write_changes
from opencity_issues.actions.city.imports.plan import Outcome, Plan, State
from opencity_issues.models import Category, IssueIndexPage, Organisation
from opencity_issues.queries.matrix.matrix import Changes, Matrix, Pair, read_matrix
from opencity_issues.tables.fault import Fault
from opencity_issues.tables.read_table import Column, Row, Table, read_table

COLUMNS = (
    Column("category", ("категорія", "код категорії", "код"), required=True),
    Column("organisation", ("організація", "коротка назва", "коротка назва організації"), required=True),
    # For people, as the exported table has them.
    Column("category_name", ("назва категорії",)),
    Column("organisation_name", ("назва організації",)),
)
BYTES_AT_MOST = 1024 * 1024
LINES_AT_MOST = 20_000


@dataclass
class MatrixTable:
    """What a table says: its rows, each once with its line, and its faults."""

    lines: dict[Pair, Row] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def changes(self, matrix: Matrix, *, replace: bool) -> Changes:
        """What the table adds to a matrix; with `replace` also the rows of the matrix that it leaves out."""
        rows = frozenset(self.lines)
        return matrix.possible(Changes(added=rows, removed=matrix.rows - rows if replace else frozenset()))


def read_matrix_table(city: IssueIndexPage, content: bytes) -> MatrixTable:
    """A table's rows and faults; nothing is written."""
    table = read_table(content, COLUMNS, bytes_at_most=BYTES_AT_MOST, rows_at_most=LINES_AT_MOST)
    categories = dict(Category.objects.values_list("code", "pk"))
    organisations = dict(Organisation.objects.filter(city=city).values_list("slug", "pk"))
    rows: dict[Pair, Row] = {}
    for row in table.rows:
        category, organisation = _key(row, categories, table), _organisation(row, organisations, table)
        if category is not None and organisation is not None:
            rows.setdefault((category, organisation), row)
    return MatrixTable(rows, table.faults, table.notes)


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """The rows that a table adds to the matrix; with `replace` it becomes the whole matrix."""
    table = read_matrix_table(city, content)
    matrix = read_matrix(city)
    changes = table.changes(matrix, replace=replace)
    outcomes = [
        Outcome(row.line, _name(row), State.NEW if pair in changes.added else State.SAME)
        for pair, row in table.lines.items()
    ]
    words = {one.pk: str(one) for one in matrix.categories} if changes.removed else {}
    names = {one.pk: one.slug for one in matrix.organisations}
    outcomes += [
        Outcome(0, f"{words.get(category, '')} → {names.get(organisation, '')}", State.REMOVED)
        for category, organisation in sorted(changes.removed)
    ]
    return Plan(outcomes, table.faults, table.notes, lambda: write_changes(changes))


def _key(row: Row, categories: dict[str, int], table: Table) -> int | None:
    code = row.get("category").rstrip(".")
    if code not in categories:
        table.fault(row.line, "category", _("there is no category “%(code)s”") % {"code": code})
    return categories.get(code)


def _organisation(row: Row, organisations: dict[str, int], table: Table) -> int | None:
    slug = row.get("organisation")
    if slug not in organisations:
        said = {"value": slug}
        table.fault(row.line, "organisation", _("there is no organisation “%(value)s” in this city") % said)
    return organisations.get(slug)


def _name(row: Row) -> str:
    return f"{row.get('category')} → {row.get('organisation')}"
