"""A city's responsibility matrix as a table that spreadsheets open, and `actions/city/imports/matrix.py` reads back unchanged."""

import csv
import io

from opencity_issues.queries.matrix.matrix import Matrix

MARK = "\ufeff"
"""By it spreadsheets know UTF-8."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def matrix_table(matrix: Matrix) -> str:
    """One line a row: code and short name, by which it is read back, each with the words for people beside it.

    Semicolons, because a spreadsheet in Ukrainian takes the comma for decimals.
    """
    out = io.StringIO()
    out.write(MARK)
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(("category", "category_name", "organisation", "organisation_name"))
    for category in matrix.categories:
        for organisation in matrix.organisations:
            if (category.pk, organisation.pk) in matrix.rows:
                cells = (category.code, category.name, organisation.slug, organisation.name)
                table.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
