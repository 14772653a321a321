"""Statistics for everyone: figures of a period as sentences, plots with their tables, and files."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.enums import UNSOLVED
from opencity_issues.paper.csv_table import TYPE as CSV_TYPE
from opencity_issues.paper.csv_table import as_csv
from opencity_issues.paper.drawing import draw
from opencity_issues.paper.xlsx import TYPE as XLSX_TYPE
from opencity_issues.paper.xlsx import as_xlsx
from opencity_issues.queries.statistics.asked import PARTS, Asked, read_asked
from opencity_issues.queries.statistics.figures import Statistics, statistics_of
from opencity_issues.queries.statistics.medians import MEDIAN_FROM
from opencity_issues.queries.statistics.tables import (
    paper_of,
    period_words,
    plots_of,
    status_line,
    step_words,
    tables_of,
    titles,
)
from opencity_issues.views.visit import city_of

SCREEN_UNITS = 360.0
"""Width of a plot, so that its words can be read on a telephone."""

EVERYTHING = "all"
"""Instead of a table's name: all of them, in one workbook."""


@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Of a period of registration, all time where none is given; of the city, or of one part of it."""
    figures = _read(request)
    asked = figures.asked
    tables, plots = tables_of(figures), plots_of(figures)
    sections = [
        {
            "name": name,
            "title": title,
            "table": tables[name],
            "drawing": draw(plots[name], SCREEN_UNITS) if name in plots else None,
            "lines": figures.lines.get(name, []),
        }
        for name, title in titles().items()
        if name in tables
    ]
    context: dict[str, Any] = {
        "figures": figures,
        "asked": asked,
        "errors": asked.errors,
        "period": period_words(figures),
        "presets": _presets(asked),
        "sections": sections,
        "statuses": status_line(figures),
        "steps": [(step_words(one, figures.step), one) for one in figures.steps],
        "unsolved": ",".join(sorted(UNSOLVED)),
        "median_from": MEDIAN_FROM,
        "period_query": _query(asked, part=False),
        "query": _query(asked),
    }
    return render(request, "opencity_issues/statistics/statistics.html", context)


@require_safe
def statistics_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page."""
    tables = tables_of(_read_whole(request))
    if table not in tables:
        raise Http404
    return _file(as_csv(tables[table]).encode(), CSV_TYPE, f"statistics-{table}.csv")


@require_safe
def statistics_xlsx(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page as a workbook, or all of them."""
    figures = _read_whole(request)
    if table != EVERYTHING and table not in tables_of(figures):
        raise Http404
    paper = paper_of(figures, city_of(request).config.city_name, None if table == EVERYTHING else {table})
    content = as_xlsx(paper, figures.counted_at or timezone.now())
    return _file(content, XLSX_TYPE, f"statistics-{table}.xlsx")


def _read(request: HttpRequest) -> Statistics:
    given = QueryDict(mutable=True)
    for name in ("from", "to", *PARTS):
        given.setlist(name, request.GET.getlist(name))
    return statistics_of(read_asked(given, city_of(request)), timezone.now())


def _read_whole(request: HttpRequest) -> Statistics:
    """A file tells no faults: a bad address has none."""
    figures = _read(request)
    if figures.asked.errors:
        raise Http404
    return figures


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, public=True, max_age=60)
    return response


def _presets(asked: Asked) -> list[dict[str, Any]]:
    """Periods by a name, each a link."""
    today = timezone.now().astimezone(asked.city.config.zone).date()
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    rows: list[tuple[str, date | None, date | None]] = [
        (_("All time"), None, None),
        (_("30 days"), today - timedelta(days=29), today),
        (_("This month"), month, today),
        (_("Last month"), last_month, month - timedelta(days=1)),
        (_("This year"), year, today),
        (_("Last year"), year.replace(year=year.year - 1), year - timedelta(days=1)),
    ]
    return [
        {
            "name": name,
            "query": _query(asked, first=first, last=last),
            "chosen": (first, last) == (asked.first, asked.last),
        }
        for name, first, last in rows
    ]


_SAME = object()


def _query(asked: Asked, *, first: Any = _SAME, last: Any = _SAME, part: bool = True) -> str:
    """The address's query with another period, or without the part."""
    query = QueryDict(mutable=True)
    for name, day in (
        ("from", asked.first if first is _SAME else first),
        ("to", asked.last if last is _SAME else last),
    ):
        if day:
            query[name] = day.isoformat()
    if part and asked.kind:
        query[asked.kind] = asked.key
    return query.urlencode()
