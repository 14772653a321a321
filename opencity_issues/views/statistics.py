"""The first page of figures: what there was in a period, where it stands, and how long answers take."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.statistics import Statistics, statistics_of
from opencity_issues.views.filter_panel import kept_query
from opencity_issues.views.visit import city_of

KEPT_SECONDS = 300
"""Figures of a whole city cost more than a page: they may be five minutes old, and the page says of when they are."""


@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Counts and medians of a period of registration, all time where none is given."""
    city = city_of(request)
    filters = IssueFilter({name: request.GET.get(name, "") for name in ("from", "to")}, city=city)
    figures, counted_at = _figures(city.pk, filters)
    period = {name: [day.isoformat()] for name, day in filters.chosen.items()}
    context: dict[str, Any] = {
        "figures": figures,
        "counted_at": counted_at,
        "errors": filters.errors,
        "first_day": (period.get("from") or [""])[0],
        "last_day": (period.get("to") or [""])[0],
        "period": kept_query(
            request.GET, **{**dict.fromkeys(("status", "category", "organisation", "bbox", "zoom")), **period}
        ),
    }
    return render(request, "opencity_issues/statistics/statistics.html", context)


def _figures(city_id: int, filters: IssueFilter) -> tuple[Statistics, Any]:
    """Kept for some minutes for each period and language: names of categories and organisations are in them."""
    chosen = ":".join(f"{name}{day:%Y%m%d}" for name, day in sorted(filters.chosen.items()))
    key = f"opencity-statistics:{city_id}:{get_language()}:{chosen}"
    kept = cache.get(key)
    if kept is None:
        now = timezone.now()
        kept = (statistics_of(filters.qs, now), now)
        cache.set(key, kept, KEPT_SECONDS)
    return kept
