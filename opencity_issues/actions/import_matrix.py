"""The responsibility matrix of a city (3.6) from a table: `category,organisation`, codes and short names."""

import csv
import io
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from opencity_issues.models import Category, IssueIndexPage, Organisation, Responsibility

COLUMNS = ("category", "organisation")


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
    result = MatrixImport()
    text = decode_table(content)
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        result.faults.append(_("Line 1: the column “%(name)s” is missing.") % {"name": missing[0]})
        return result
    reader.fieldnames = names
    rows = _rows(city, reader, result)
    if result.faults:
        return result
    present = set(Responsibility.objects.filter(organisation__city=city).values_list("category_id", "organisation_id"))
    new = [row for row in rows if row not in present]
    result.added, result.known = len(new), len(rows) - len(new)
    if not dry_run:
        with transaction.atomic():
            Responsibility.objects.bulk_create(
                [Responsibility(category_id=category, organisation_id=organisation) for category, organisation in new],
                ignore_conflicts=True,
            )
    return result


def _rows(city: IssueIndexPage, reader: "csv.DictReader[str]", result: MatrixImport) -> list[tuple[int, int]]:
    """Ids of category and organisation, line by line, each pair once; what is not known goes to the faults."""
    categories = dict(Category.objects.values_list("code", "pk"))
    organisations = dict(Organisation.objects.filter(city=city).values_list("slug", "pk"))
    rows: dict[tuple[int, int], None] = {}
    for row in reader:
        code, slug = ((row.get(name) or "").strip() for name in COLUMNS)
        if not code and not slug:
            continue
        faults = []
        if code not in categories:
            faults.append(_("there is no category “%(code)s”") % {"code": code})
        if slug not in organisations:
            faults.append(_("there is no organisation “%(slug)s” in this city") % {"slug": slug})
        if faults:
            result.faults.append(
                _("Line %(line)d: %(faults)s.") % {"line": reader.line_num, "faults": "; ".join(faults)}
            )
        else:
            rows[categories[code], organisations[slug]] = None
    return list(rows)
