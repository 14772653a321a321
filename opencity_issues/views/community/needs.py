"""Needs of the community (1.1): the list with its map, one need with its issues, and the figures as files."""

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.forms.community import NeedsFilter
from opencity_issues.models import Category
from opencity_issues.paper.list_xlsx import FORMULA_STARTS, list_as_xlsx
from opencity_issues.queries.community import need_tables, needs, projects
from opencity_issues.queries.community.needs import Need
from opencity_issues.queries.issue_rows import ROWS_ON_PAGE, issue_rows, with_row_parts
from opencity_issues.views.visit import city_of, roles_of

NEEDS_ON_PAGE = 24
MARKS_AT_MOST = 200
"""Signs on the map, the weightiest needs first."""

KEPT_SECONDS = 60


@require_safe
def needs_page(request: HttpRequest) -> HttpResponse:
    """Map and list of the needs, the weightiest first."""
    city, now = city_of(request), timezone.now()
    form = NeedsFilter(request.GET, city=city)
    found = _found(request, form)
    page = Paginator(found, NEEDS_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "needs": needs.with_photos(list(page.object_list)),
        "figures": needs.figures_of(found),
        "marks": [_mark(one) for one in found[:MARKS_AT_MOST] if one.centre is not None],
        "config": city.config,
        "projects": projects.under_way(city)[:3],
        "query": form.query,
        "now": now,
    }
    return render(request, "opencity_issues/community/needs.html", context)


@require_safe
def need(request: HttpRequest) -> HttpResponse:
    """One need: its figures, its issues, those with most voices first, and who may take it up. Http404: no such place or kind."""
    city, now = city_of(request), timezone.now()
    category = get_object_or_404(Category.objects.active(), code=request.GET.get("category", "")[:20])
    area = request.GET.get("area", "")
    if not needs.is_area(area):
        raise Http404
    issues = needs.issues_of(city, category, area)
    page = Paginator(issues, ROWS_ON_PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    shown = needs.need_of(city, now, category, area)
    context = {
        "need": shown,
        "page": page,
        "rows": issue_rows(with_row_parts(issues.filter(pk__in=[one.pk for one in page.object_list])), now),
        "projects": projects.of_need(city, category, shown.district),
        "own": [one for one in roles_of(request).organisations if one.city_id == city.pk],
        "config": city.config,
        "trail": [{"text": _("Needs of the community"), "url": reverse("opencity_issues:needs")}],
    }
    return render(request, "opencity_issues/community/need.html", context)


@require_safe
def needs_csv(request: HttpRequest) -> HttpResponse:
    """The figures in UTF-8 with a mark that table programs know it by."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([str(words) for words in need_tables.COLUMNS])
    for row in _rows(request):
        writer.writerow([f"'{one}" if isinstance(one, str) and one.startswith(FORMULA_STARTS) else one for one in row])
    return _file(out.getvalue().encode(), "text/csv; charset=utf-8", "needs.csv")


@require_safe
def needs_xlsx(request: HttpRequest) -> HttpResponse:
    """The figures as a workbook."""
    head = [str(words) for words in need_tables.COLUMNS]
    book = list_as_xlsx(_("Needs of the community"), head, _rows(request), need_tables.WIDTHS)
    return _file(book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "needs.xlsx")


@require_safe
def needs_geojson(request: HttpRequest) -> HttpResponse:
    """The figures for maps."""
    base = request.build_absolute_uri("/").rstrip("/")
    features = need_tables.features_of(_asked(request), timezone.now(), base)
    answer = JsonResponse(features, json_dumps_params={"ensure_ascii": False}, content_type="application/geo+json")
    patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    return answer


def _asked(request: HttpRequest) -> list[Need]:
    return _found(request, NeedsFilter(request.GET, city=city_of(request)))


def _found(request: HttpRequest, form: NeedsFilter) -> list[Need]:
    return needs.needs_of(city_of(request), timezone.now(), category=form.code, district=form.area)


def _rows(request: HttpRequest) -> list[Any]:
    return list(need_tables.rows_of(_asked(request), timezone.now(), request.build_absolute_uri("/").rstrip("/")))


def _mark(one: Need) -> dict[str, Any]:
    """A need on the map."""
    lng, lat = one.centre or (0.0, 0.0)
    return {
        "lng": round(lng, 6),
        "lat": round(lat, 6),
        "count": one.counted.issues,
        "title": f"{one.category.name}, {one.place}",
        "url": one.url,
    }


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    return answer
