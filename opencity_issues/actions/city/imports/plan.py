"""What a file would do to a city: line by line new, changed or the same, with every fault, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from opencity_issues.tables.fault import Fault
from opencity_issues.tables.read_table import Table

YES = frozenset({"yes", "true", "1", "+", "так", "y"})
NO = frozenset({"no", "false", "0", "-", "ні", "n"})
CHANGES_TOLD = 5


class State(models.TextChoices):
    """What becomes of a line, or of a row that the file leaves out."""

    NEW = "new", pgettext_lazy("import", "new")
    CHANGED = "changed", pgettext_lazy("import", "changed")
    SAME = "same", pgettext_lazy("import", "the same")
    REMOVED = "removed", pgettext_lazy("import", "taken out")


@dataclass(frozen=True)
class Outcome:
    """What becomes of one line; `line` is 0 for what the file leaves out."""

    line: int
    name: str
    state: State
    detail: str = ""


@dataclass
class Plan:
    """All that a file would do. `write` does it, inside the caller's transaction."""

    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    write: Callable[[], object] = field(default=lambda: None)

    def count(self, state: State) -> int:
        """How many lines have this outcome."""
        return sum(one.state == state for one in self.outcomes)

    @property
    def counts(self) -> dict[State, int]:
        """The summary: every state with its number, those that do not occur left out."""
        return {state: count for state in State if (count := self.count(state))}


def planned(table: Table) -> Plan:
    """An empty plan that shares its faults and notes with the table it is made from."""
    return Plan(faults=table.faults, notes=table.notes)


def set_values(record: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; returns it in words, field by field, for people to look at."""
    told = []
    for name, value in values.items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            label = record._meta.get_field(name).verbose_name  # type: ignore[union-attr] # no values of relations come here
            told.append(f"{label}: {_shown(before)} → {_shown(value)}")
    return told


def outcome(line: int, record: models.Model, changes: Sequence[str], *, name: str) -> Outcome:
    """The outcome of a line whose record has been compared."""
    if record.pk is None:
        return Outcome(line, name, State.NEW)
    more = len(changes) - CHANGES_TOLD
    told = "; ".join(changes[:CHANGES_TOLD]) + (" …" if more > 0 else "")
    return Outcome(line, name, State.CHANGED if changes else State.SAME, told)


def check_fields(record: models.Model, line: int, table: Table, *, exclude: Sequence[str] = ()) -> bool:
    """Whether the record's own checks find nothing; what they find goes to the table's faults by column."""
    try:
        record.clean_fields(exclude=exclude)
        record.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            column = "" if name == "__all__" else name
            table.fault(line, column, " ".join(messages).rstrip("."))
        return False
    return True


def yes_or_no(words: str) -> bool | None:
    """What a cell says, or None where it says neither."""
    word = words.strip().lower()
    return True if word in YES else False if word in NO else None


def number(words: str) -> float | None:
    """A number with a point or a comma, or None."""
    try:
        value = float(words.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
