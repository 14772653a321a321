"""The statistics in words, in the active language: each plot with the table that says the same, for page and downloads."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from opencity_issues.enums import Status
from opencity_issues.paper.structure import Paper, Plot, Row, Section, Series, Table
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.reports.paper import days_words, month_or_days
from opencity_issues.queries.statistics.figures import Line, Statistics, Step

MOST_BARS = 12


def titles() -> dict[str, str]:
    """Headings of the tables, by name."""
    return {
        "period": _("Over time"),
        "status": _("By status"),
        "category": _("By category"),
        "district": _("By district"),
        "organisation": _("By organisation"),
    }


def step_words(step: Step, kind: str) -> str:
    """A day, week or month as a label: `12.03`, `09–15.03`, `березень 2026`."""
    if kind == "month":
        return month_or_days(Period(step.first, step.last))
    if kind == "week" and step.first != step.last:
        return f"{_day_and_month(step.first)}–{_day_and_month(step.last)}"
    return _day_and_month(step.first)


def period_words(statistics: Statistics) -> str:
    """The period that is told."""
    if statistics.first is None or statistics.last is None:
        return ""
    return days_words(Period(statistics.first, statistics.last))


def tables_of(statistics: Statistics) -> dict[str, Table]:
    """By name; those without rows are left out."""
    names = titles()
    steps = Table(
        names["period"],
        (pgettext("statistics", "Period"), pgettext("statistics", "Registered"), pgettext("statistics", "Solved")),
        tuple(Row((step_words(one, statistics.step), one.registered, one.solved)) for one in statistics.steps),
        names["period"],
        widths=(4, 2, 2),
    )
    statuses = Table(
        names["status"],
        (_("Status"), _("Issues")),
        tuple(Row((str(status.label), count)) for status, count in statistics.statuses),
        names["status"],
        widths=(4, 2),
    )
    found = {"period": steps, "status": statuses}
    for kind, lines in statistics.lines.items():
        found[kind] = _of_parts(names[kind], kind, lines)
    return {name: table for name, table in found.items() if table.rows}


def _of_parts(title: str, kind: str, lines: list[Line]) -> Table:
    head = {"category": _("Category"), "district": _("District"), "organisation": _("Organisation")}[kind]
    rows = tuple(
        Row(
            (
                line.name,
                line.total,
                line.solved,
                line.unsolved,
                line.overdue,
                line.to_acceptance.days,
                line.to_acceptance.cases,
                line.to_closing.days,
                line.to_closing.cases,
            )
        )
        for line in lines
    )
    return Table(
        title,
        (
            head,
            pgettext("statistics", "Registered"),
            pgettext("statistics", "Solved"),
            _("Not solved yet"),
            _("Overdue"),
            _("Days to acceptance (half of the cases)"),
            _("Cases of acceptance"),
            _("Days to solution (half of the cases)"),
            _("Cases of solution"),
        ),
        rows,
        title,
        widths=(5, 2, 2, 2, 2, 2, 2, 2, 2),
    )


def plots_of(statistics: Statistics) -> dict[str, Plot]:
    """By the name of the table that says the same; those that show nothing are left out."""
    steps = statistics.steps
    plots = {
        "period": Plot(
            _("Registered and solved"),
            {
                "day": _("For each day, how many issues were registered, and how many solved."),
                "week": _("For each week, how many issues were registered, and how many solved."),
                "month": _("For each month, how many issues were registered, and how many solved."),
            }[statistics.step],
            tuple(_short(one, statistics.step) for one in steps),
            (
                Series(pgettext("statistics", "Registered"), tuple(one.registered for one in steps), "before"),
                Series(pgettext("statistics", "Solved"), tuple(one.solved for one in steps), "main"),
            ),
        )
    }
    for kind, lines in statistics.lines.items():
        plots[kind] = _plot_of_parts(kind, lines[:MOST_BARS])
    return {name: plot for name, plot in plots.items() if plot.labels and not plot.is_empty}


def _plot_of_parts(kind: str, lines: list[Line]) -> Plot:
    description = {
        "category": _("For each category, how many issues are solved, how many wait in time, how many are overdue."),
        "district": _("For each district, how many issues are solved, how many wait in time, how many are overdue."),
        "organisation": _(
            "For each organisation, how many issues are solved, how many wait in time, how many are overdue."
        ),
    }[kind]
    return Plot(
        _("Solved, waiting and overdue"),
        description,
        tuple(line.name for line in lines),
        (
            Series(pgettext("statistics", "Solved"), tuple(line.solved for line in lines), "main"),
            Series(pgettext("statistics", "In time"), tuple(line.in_time for line in lines), "before"),
            Series(_("Overdue"), tuple(line.overdue for line in lines), "late"),
        ),
        form="bars",
    )


def paper_of(statistics: Statistics, city_name: str, names: set[str] | None = None) -> Paper:
    """All tables, or those of these names, as a paper for a workbook."""
    tables = tables_of(statistics)
    return Paper(
        language=get_language() or "uk",
        title=_("Statistics"),
        subtitle=", ".join(filter(None, (city_name, statistics.whole.name))),
        period=period_words(statistics),
        facts=(),
        sections=tuple(
            Section(table.caption, (table,), name) for name, table in tables.items() if names is None or name in names
        ),
        author=city_name,
    )


def status_line(statistics: Statistics) -> list[tuple[Status, int, int]]:
    """Each status with its count and its share of the longest, in per cent."""
    longest = max((count for _status, count in statistics.statuses), default=0) or 1
    return [(status, count, round(100 * count / longest)) for status, count in statistics.statuses]


def _short(step: Step, kind: str) -> str:
    if kind == "month":
        return str(formats.date_format(step.first, "m.y"))
    return _day_and_month(step.first)


def _day_and_month(day: date) -> str:
    return str(formats.date_format(day, "d.m"))
