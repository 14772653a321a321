"""Organisations of a city from a table: who they are, what they do, where letters reach them (2.3, 3.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.plan import (
    Plan,
    check_fields,
    number,
    outcome,
    planned,
    set_values,
    yes_or_no,
)
from opencity_issues.models import IssueIndexPage, Organisation
from opencity_issues.models.place import format_point
from opencity_issues.tables.read_table import Column, Row, Table, read_table

BATCH = 500

COLUMNS = (
    Column("slug", ("коротка назва", "short name", "код"), required=True),
    Column("name_uk", ("назва", "назва українською", "name", "name in ukrainian", "організація"), required=True),
    Column("name_en", ("назва англійською", "name in english")),
    Column("functions", ("функції", "функція", "function")),
    Column("mailbox", ("скринька", "електронна скринька", "e-mail", "email", "пошта")),
    Column("phone", ("телефон", "telephone")),
    Column("address", ("адреса",)),
    Column("lng", ("довгота", "longitude")),
    Column("lat", ("широта", "latitude")),
    Column("head_position", ("керівник", "head", "head_position_uk", "посада керівника")),
    Column("head_email", ("пошта керівника", "e-mail керівника", "head: e-mail")),
    Column("language", ("мова", "мова листів")),
    Column("is_active", ("діє", "active", "активна")),
)

FUNCTIONS = {
    "executor": "is_executor",
    "виконавець": "is_executor",
    "control": "is_control_body",
    "control body": "is_control_body",
    "контроль": "is_control_body",
    "орган контролю": "is_control_body",
    "moderator": "is_moderator",
    "модератор": "is_moderator",
}
TEXTS = ("name_uk", "name_en", "mailbox", "phone", "address", "head_position", "head_email", "language")
WRITTEN = (*TEXTS, "is_executor", "is_control_body", "is_moderator", "location", "is_active")
LANGUAGES = ("uk", "en")


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """Organisations by their short names. An empty cell leaves what the city has; none is ever taken out."""
    table = read_table(content, COLUMNS)
    made = planned(table)
    known = {one.slug: one for one in Organisation.objects.filter(city=city)}
    mailboxes = {one.mailbox.lower(): one.name_uk for one in known.values() if one.mailbox}
    slugs: dict[str, int] = {}
    boxes: dict[str, int] = {}
    fresh: list[Organisation] = []
    changed: list[Organisation] = []
    for row in table.rows:
        slug = row.get("slug").lower()
        record = known.get(slug) or Organisation(city=city, slug=slug)
        if slug in slugs:
            table.fault(row.line, "slug", _("“%(value)s” is on line %(line)d already") % _at(slug, slugs[slug]))
        slugs.setdefault(slug, row.line)
        own = record.mailbox.lower()
        changes = set_values(record, _values(row, table))
        _check_mailbox(row, record, own, mailboxes, boxes, table)
        check_fields(record, row.line, table, exclude=["city"])
        made.outcomes.append(outcome(row.line, record, changes, name=record.name_uk or slug))
        if record.pk is None:
            fresh.append(record)
        elif changes:
            changed.append(record)

    def write() -> None:
        Organisation.objects.bulk_create(fresh, batch_size=BATCH)
        Organisation.objects.bulk_update(changed, WRITTEN, batch_size=BATCH)

    made.write = write
    return made


def _values(row: Row, table: Table) -> dict[str, Any]:
    values: dict[str, Any] = {name: row.get(name) for name in TEXTS if row.get(name)}
    if values.get("language") and values["language"] not in LANGUAGES:
        table.fault(row.line, "language", _("this is none of %(names)s") % {"names": ", ".join(LANGUAGES)})
    if row.get("functions"):
        values |= _functions(row, table)
    if row.get("is_active"):
        active = yes_or_no(row.get("is_active"))
        if active is None:
            table.fault(row.line, "is_active", _("write yes or no"))
        else:
            values["is_active"] = active
    if row.get("lng") or row.get("lat"):
        lng, lat = number(row.get("lng")), number(row.get("lat"))
        if lng is None or lat is None or abs(lng) > 180 or abs(lat) > 85:
            table.fault(row.line, "lng", _("the place is not two numbers in degrees"))
        else:
            values["location"] = format_point(lng, lat)
    return values


def _functions(row: Row, table: Table) -> dict[str, bool]:
    said = {"is_executor": False, "is_control_body": False, "is_moderator": False}
    for word in row.get("functions").lower().replace(";", ",").split(","):
        name = " ".join(word.split())
        if name in FUNCTIONS:
            said[FUNCTIONS[name]] = True
        # An organisation that only carries out projects has no function in the procedure.
        elif name not in ("", "none", "community", "немає", "громада"):
            known = "executor, control, moderator; виконавець, контроль, модератор"
            table.fault(row.line, "functions", _("“%(value)s” is none of %(names)s") % {"value": name, "names": known})
    return said


def _check_mailbox(
    row: Row, record: Organisation, own: str, mailboxes: dict[str, str], boxes: dict[str, int], table: Table
) -> None:
    """Each message is one organisation's (3.4), so two never share a mailbox."""
    box = row.get("mailbox").lower()
    if not box:
        return
    if box in boxes:
        table.fault(row.line, "mailbox", _("“%(value)s” is on line %(line)d already") % _at(box, boxes[box]))
    elif box != own and box in mailboxes:
        said = {"value": box, "name": mailboxes[box]}
        table.fault(row.line, "mailbox", _("“%(value)s” is the mailbox of %(name)s already") % said)
    boxes.setdefault(box, row.line)


def _at(value: str, line: int) -> dict[str, Any]:
    return {"value": value, "line": line}
