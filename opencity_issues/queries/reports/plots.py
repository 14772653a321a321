"""The plots of a report on effectiveness, out of its kept figures, in the active language."""

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opencity_issues.paper.structure import Plot, Series
from opencity_issues.queries.reports.tables import name_of

MOST_BARS = 12


def by_day(figures: dict[str, Any]) -> Plot | None:
    """Received and closed by day, week or month; None where nothing was."""
    rows = figures["days"]
    plot = Plot(
        _("Received and closed over the period"),
        _("For each day, or for each week or month of a longer period, how many issues were received and closed."),
        tuple(formats.date_format(date.fromisoformat(first), "d.m") for first, _received, _closed in rows),
        (
            Series(pgettext("report", "Received"), tuple(row[1] for row in rows), "main"),
            Series(pgettext("report", "Closed"), tuple(row[2] for row in rows), "before"),
        ),
    )
    return None if plot.is_empty else plot


def by_category(figures: dict[str, Any]) -> Plot | None:
    """Received by branch, beside the period before; the branches with most."""
    branches = [one for one in figures["categories"] if one["level"] == 0 and any(one["received"])]
    branches = sorted(branches, key=lambda one: (-one["received"][0], one["code"]))[:MOST_BARS]
    plot = Plot(
        _("Received by branch of the categories"),
        _("How many issues of each branch were received, in this period and in the one before."),
        tuple(name_of(one) for one in branches),
        (
            Series(pgettext("report", "This period"), tuple(one["received"][0] for one in branches), "main"),
            Series(_("The period before"), tuple(one["received"][1] for one in branches), "before"),
        ),
        form="pairs",
    )
    return None if plot.is_empty else plot


def by_organisation(figures: dict[str, Any]) -> Plot | None:
    """How the organisations kept 4.4: in time, late, overdue; those with most to do."""
    bodies = [(one, one["terms"]["4.4"][0]) for one in figures["organisations"]]
    bodies = [(one, kept) for one, kept in bodies if kept["in_time"] + kept["late"] + kept["overdue"]]
    bodies.sort(key=lambda pair: -(pair[1]["in_time"] + pair[1]["late"] + pair[1]["overdue"]))
    bodies = bodies[:MOST_BARS]
    plot = Plot(
        _("Solved or answered by organisation (cl. 4.4)"),
        _("For each organisation, how many issues were solved or answered in time, late, and how many are overdue."),
        tuple(name_of(one) for one, _kept in bodies),
        (
            Series(pgettext("report", "In time"), tuple(kept["in_time"] for _one, kept in bodies), "main"),
            Series(pgettext("report", "Late"), tuple(kept["late"] for _one, kept in bodies), "before"),
            Series(pgettext("report", "Overdue"), tuple(kept["overdue"] for _one, kept in bodies), "late"),
        ),
        form="bars",
    )
    return None if plot.is_empty else plot
