"""A city's own categories from a table (2.10): a tree of up to three levels, a parent's row anywhere in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.plan import (
    Outcome,
    Plan,
    State,
    check_fields,
    outcome,
    planned,
    set_values,
    yes_or_no,
)
from opencity_issues.actions.keep_statistics import count_all_later
from opencity_issues.models import Category, IssueIndexPage
from opencity_issues.models.category import code_order
from opencity_issues.models.map_cell import recount
from opencity_issues.tables.read_table import Column, Row, Table, read_table

BATCH = 500

COLUMNS = (
    Column("code", ("код", "номер"), required=True),
    Column("name_uk", ("назва", "назва українською", "name", "name in ukrainian"), required=True),
    Column("name_en", ("назва англійською", "name in english")),
    Column("parent", ("батьківська", "вища категорія", "напрям")),
    Column("icon", ("значок", "піктограма")),
    Column("words", ("слова", "повсякденні слова", "everyday words")),
    Column("is_active", ("діє", "active", "пропонується")),
)
WRITTEN = ("name_uk", "name_en", "icon", "words", "is_active", "parent")


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """Categories by their codes; with `replace` those that the table leaves out are offered to citizens no more."""
    table = read_table(content, COLUMNS)
    made = planned(table)
    known = {one.code: one for one in Category.objects.all()}
    parents = {one.code: one.parent_id for one in known.values()}
    records: dict[str, Category] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        code = row.get("code").rstrip(".")
        if code in records:
            said = {"value": code, "line": lines[code]}
            table.fault(row.line, "code", _("“%(value)s” is on line %(line)d already") % said)
            continue
        records[code] = known.get(code) or Category(code=code, order=code_order(code))
        lines[code] = row.line
    for row in table.rows:
        code = row.get("code").rstrip(".")
        if lines[code] == row.line:
            made.outcomes.append(_take(row, records[code], {**known, **records}, table))
    gone = [one for one in known.values() if replace and one.is_active and one.code not in records]
    made.outcomes += [Outcome(0, str(one), State.REMOVED) for one in gone]
    made.write = lambda: _write(list(records.values()), gone, parents)
    return made


def _take(row: Row, record: Category, everyone: dict[str, Category], table: Table) -> Outcome:
    values: dict[str, Any] = {name: row.get(name) for name in ("name_uk", "name_en", "icon", "words") if row.get(name)}
    if row.get("is_active"):
        values["is_active"] = yes_or_no(row.get("is_active"))
        if values["is_active"] is None:
            table.fault(row.line, "is_active", _("write yes or no"))
    changes = set_values(record, values)
    parent = row.get("parent").rstrip(".") or record.code.rpartition(".")[0]
    if parent and parent not in everyone:
        table.fault(row.line, "parent", _("there is no category “%(code)s”") % {"code": parent})
    elif parent and (record.parent_id is None or record.parent_id != everyone[parent].pk):
        changes += [f"parent: {parent}"] if record.pk else []
        record.parent = everyone[parent]
    check_fields(record, row.line, table, exclude=["parent", "order"])
    return outcome(row.line, record, changes, name=f"{record.code} {record.name_uk}")


def _write(records: list[Category], gone: list[Category], parents: dict[str, int | None]) -> None:
    """Level by level, so that a parent has its key before its children are written."""
    for level in range(1, Category.MAX_DEPTH + 1):
        some = [one for one in records if one.depth == level]
        for one in some:
            one.parent_id = one.parent.pk if one.parent else None
        Category.objects.bulk_create([one for one in some if one.pk is None], batch_size=BATCH)
    stay = [one for one in records if one.code in parents]
    Category.objects.bulk_update(stay, WRITTEN, batch_size=BATCH)
    for one in gone:
        one.is_active = False
    Category.objects.bulk_update(gone, ["is_active"], batch_size=BATCH)
    if any(one.parent_id != parents[one.code] for one in stay):
        # Map and statistics count whole branches.
        for city in IssueIndexPage.objects.all():
            recount(city)
            count_all_later(city)
