"""Every import of a city goes this way: the file is planned whole, then written whole in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from opencity_issues.actions.city.imports import categories, districts, gazetteer, matrix, organisations, people
from opencity_issues.actions.city.imports.plan import Plan
from opencity_issues.models import CitySettings, IssueIndexPage
from opencity_issues.tables.read_table import Column

LOG_ACTION = "opencity.import"


@dataclass(frozen=True)
class Kind:
    """One kind of file. `replaces` says what becomes of what the file leaves out, "" where nothing ever does."""

    label: Any
    plan: Callable[..., Plan]
    columns: tuple[Column, ...] = ()
    replaces: Any = ""


KINDS = {
    "categories": Kind(
        _("Categories"),
        categories.plan,
        categories.COLUMNS,
        _("categories that the table leaves out are offered to citizens no more"),
    ),
    "organisations": Kind(_("Organisations"), organisations.plan, organisations.COLUMNS),
    "people": Kind(pgettext_lazy("import", "People of the organisations"), people.plan, people.COLUMNS),
    "matrix": Kind(_("Responsibility matrix"), matrix.plan, matrix.COLUMNS[:2], _("rows that the table leaves out go")),
    "districts": Kind(
        pgettext_lazy("import", "Districts (GeoJSON)"), districts.plan, (), _("districts that the file leaves out go")
    ),
    "gazetteer": Kind(
        pgettext_lazy("import", "Gazetteer (table or GeoJSON)"),
        gazetteer.plan,
        gazetteer.COLUMNS,
        _("places that the file leaves out go"),
    ),
}
"""In the order in which a new city is filled: each builds on those before it."""


def run_import(
    kind: str,
    city: IssueIndexPage,
    content: bytes,
    *,
    replace: bool = False,
    dry_run: bool = False,
    actor: Any = None,
) -> Plan:
    """Plan a file of one of KINDS and, unless it has faults or is only tried, write it; returns what it did or would do.

    What was written leaves a line in the history of the city's settings, under `actor` where a person did it.
    """
    with transaction.atomic():
        # Two imports at once follow one another: each is planned on what the other has written.
        settings = CitySettings.objects.select_for_update().filter(city=city).first()
        made = KINDS[kind].plan(city, content, replace=replace)
        if not made.faults and not dry_run:
            made.write()
            if settings is not None:
                counts = {str(state.value): count for state, count in made.counts.items()}
                log(instance=settings, action=LOG_ACTION, user=actor, data={"kind": kind, "counts": counts})
    return made
