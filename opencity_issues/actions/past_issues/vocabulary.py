"""How another system's words are this city's: categories, statuses and organisations, by a small table and by their own names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.enums import Status
from opencity_issues.models import Category, IssueIndexPage, Organisation
from opencity_issues.tables.read_table import Column, Row, Table, read_table

COLUMNS = (
    Column("kind", ("вид", "що"), required=True),
    Column("foreign", ("чуже", "їхнє"), required=True),
    Column("ours", ("наше",), required=True),
)
KINDS = {
    "category": "category",
    "категорія": "category",
    "status": "status",
    "статус": "status",
    "organisation": "organisation",
    "організація": "organisation",
}
STATUSES = {
    "open": Status.OPEN,
    "відкрита": Status.OPEN,
    "accepted": Status.ACCEPTED,
    "прийнята": Status.ACCEPTED,
    "closed": Status.CLOSED,
    "закрита": Status.CLOSED,
    "archived": Status.CLOSED,
    "архівна": Status.CLOSED,
}
"""This System's own words and Open311's. What was archived is closed, and archived by 4.6."""


class Vocabulary:
    """Looks words up, however they are spaced or capitalised."""

    def __init__(self, city: IssueIndexPage) -> None:
        self.words: dict[str, dict[str, Any]] = {"category": {}, "status": dict(STATUSES), "organisation": {}}
        for category in Category.objects.all():
            for name in (category.name_en, category.name_uk, category.code):
                self._add("category", name, category)
        for organisation in Organisation.objects.filter(city=city):
            for name in (organisation.name_en, organisation.name_uk, organisation.slug):
                self._add("organisation", name, organisation)

    def _add(self, kind: str, word: str, ours: Any) -> None:
        if word:
            self.words[kind][_plain(word)] = ours

    def find(self, kind: str, word: str) -> Any:
        """The category, status or organisation that a word means, or None."""
        return self.words[kind].get(_plain(word))

    def learn(self, content: bytes) -> Table:
        """Take the words of a table with kind, foreign, ours; returns it with its faults."""
        table = read_table(content, COLUMNS)
        for row in table.rows:
            self._learn(row, table)
        return table

    def _learn(self, row: Row, table: Table) -> None:
        kind = KINDS.get(_plain(row.get("kind")))
        if kind is None:
            said = {"value": row.get("kind"), "names": ", ".join(KINDS)}
            table.fault(row.line, "kind", _("“%(value)s” is none of %(names)s") % said)
            return
        ours = self.find(kind, row.get("ours"))
        if ours is None:
            table.fault(row.line, "ours", _("there is no “%(value)s” in this city") % {"value": row.get("ours")})
        else:
            self._add(kind, row.get("foreign"), ours)


def _plain(word: str) -> str:
    return " ".join(word.lower().replace("’", "'").split())
