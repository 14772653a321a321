"""A table as CSV in UTF-8, with the mark that table programs know it by; no cell runs as a formula (trust, 9)."""

import csv
import io
from typing import Any

from opencity_issues.paper.list_xlsx import FORMULA_STARTS
from opencity_issues.paper.structure import Cell, Link, Share, Table

TYPE = "text/csv; charset=utf-8"
MARK = "\ufeff"


def as_csv(table: Table) -> str:
    """Head and rows; figures with a point, as programs read them."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out)
    writer.writerow([safe(words) for words in table.head])
    writer.writerows([safe(_value(cell)) for cell in row.cells] for row in table.rows)
    return out.getvalue()


def safe(value: Any) -> Any:
    """A cell that no table program runs as a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def _value(cell: Cell) -> Any:
    if isinstance(cell, Link):
        return cell.words
    return cell.value if isinstance(cell, Share) else cell
