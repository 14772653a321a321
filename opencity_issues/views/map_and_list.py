"""Map and list: two views of the same filter, at addresses that differ in nothing else."""

import json
from hashlib import sha256
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from opencity_issues.enums import Status
from opencity_issues.models import CityScheme, CitySettings, District
from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.issue_rows import BoundedPaginator, issue_rows
from opencity_issues.queries.map import map_data
from opencity_issues.queries.viewport import Viewport
from opencity_issues.views.filter_panel import FilterPanel, read_filter
from opencity_issues.views.visit import city_of

FRESH_SECONDS = 10
"""How long an answer of the map may be told to others: a whole town may look at once after a letter or a storm."""

SCHEME_SECONDS = 24 * 3600
PARTS = ("base", "houses")
DEEPEST_ZOOM = 22


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Map beside list. Without scripts the list alone, with the same filters."""
    filters = read_filter(request)
    return render(
        request,
        "opencity_issues/map/map.html",
        {
            **_found(request, filters),
            "panel": FilterPanel(request, filters),
            "config": filters.city.config,
            "words": _words(),
            "addresses": {
                "data": reverse("opencity_issues:map_data"),
                "rows": reverse("opencity_issues:map_rows"),
                "list": reverse("opencity_issues:issue_list"),
                "preview": reverse("opencity_issues:card_preview", args=[0]),
                "district": reverse("opencity_issues:map_district", args=[0]),
            },
        },
    )


@require_safe
def map_rows(request: HttpRequest) -> HttpResponse:
    """The list beside the map for one view, as a fragment of HTML."""
    filters = read_filter(request)
    response = render(
        request,
        "opencity_issues/map/rows.html",
        {
            **_found(request, filters),
            "panel": FilterPanel(request, filters),
        },
    )
    return _for_some_seconds(request, response)


@require_safe
def map_points(request: HttpRequest) -> HttpResponseBase:
    """Counted groups or single issues of a view as compact JSON, see `queries.map.map_data`."""
    filters = read_filter(request)
    city = filters.city
    faults = dict(filters.errors)
    zoom = _zoom(request, city.config.zoom)
    if zoom is None:
        faults["zoom"] = [_("The zoom of the map is a whole number from 0 to %(most)d.") % {"most": DEEPEST_ZOOM}]
    if faults:
        return problem(_("The map cannot be drawn for this address."), faults)
    view = filters.chosen.get("bbox") or Viewport.of(city.config.bounds)
    data = map_data(city, view, zoom or 0, filters, timezone.now())
    response = HttpResponse(json.dumps(data, separators=(",", ":")), content_type="application/json")
    return _for_some_seconds(request, response)


@require_safe
def map_scheme(request: HttpRequest) -> HttpResponseBase:
    """The city's own base map as GeoJSON; where the city has none, the frame of its bounds.

    `?part=base` leaves out the houses and `?part=houses` all else: half of the weight is theirs, and they are drawn only
    near by.
    """
    city, part = city_of(request), request.GET.get("part", "")
    schemes = CityScheme.objects.filter(city=city)
    drawn_at = schemes.values_list("updated_at", flat=True).first()
    etag = quote_etag(
        f"scheme-{part if part in PARTS else ''}-{drawn_at.timestamp()}"
        if drawn_at
        else f"frame-{city.config.bounds}".replace(" ", "")
    )
    response = get_conditional_response(request, etag=etag)
    if response is None:
        scheme = schemes.values_list("features", flat=True).first() or _frame(city.config)
        text = json.dumps(_part_of(scheme, part), ensure_ascii=False, separators=(",", ":"))
        response = HttpResponse(text, content_type="application/geo+json")
        response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=SCHEME_SECONDS)
    return response


def _part_of(scheme: dict[str, Any], part: str) -> dict[str, Any]:
    if part not in PARTS:
        return scheme
    features = [
        one
        for one in scheme.get("features", [])
        if ((one.get("properties") or {}).get("kind") == "building") == (part == "houses")
    ]
    return {**scheme, "features": features}


@require_safe
def map_district(request: HttpRequest, pk: int) -> HttpResponse:
    """The outline of one of the city's districts, as GeoJSON."""
    district = get_object_or_404(District, pk=pk, city=city_of(request))
    feature = {"type": "Feature", "properties": {"name": district.name_uk}, "geometry": district.outline}
    response = JsonResponse(feature, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=SCHEME_SECONDS)
    return response


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """The map's equal in words: everything the map shows, and the issues without a place."""
    filters = read_filter(request)
    return render(
        request,
        "opencity_issues/list/list.html",
        {
            **_found(request, filters),
            "panel": FilterPanel(request, filters),
        },
    )


def problem(title: str, faults: dict[str, Any]) -> JsonResponse:
    """RFC 9457: what is wrong with which parameter."""
    errors = {name: [str(message) for message in messages] for name, messages in faults.items()}
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": 400, "errors": errors},
        status=400,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _found(request: HttpRequest, filters: IssueFilter) -> dict[str, Any]:
    """The wished page of what the filter finds. Raises Http404 for a page that there is not."""
    paginator = BoundedPaginator(filters.qs)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 6 and 1 <= int(number) <= paginator.num_pages):
        raise Http404
    page: Page[Any] = paginator.page(int(number))
    return {"page": page, "rows": issue_rows(page.object_list, filters.now), "found": paginator}


def _zoom(request: HttpRequest, otherwise: int) -> int | None:
    text = request.GET.get("zoom", "")
    if not text:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= DEEPEST_ZOOM else None


def _for_some_seconds(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Let caches keep an answer that is the same for all; what is one's own is for oneself."""
    response["ETag"] = _etag(response)
    if request.GET.get("author"):
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _etag(response: HttpResponse) -> str:
    return quote_etag(sha256(response.content).hexdigest()[:32])


def _frame(config: CitySettings) -> dict[str, Any]:
    west, south, east, north = config.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {
        "type": "Feature",
        "properties": {"kind": "outline"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return {"type": "FeatureCollection", "bbox": [west, south, east, north], "features": [outline]}


def _words() -> dict[str, Any]:
    """What the map's script says, in the reader's language."""
    return {
        "statuses": {status.value: str(status.label) for status in Status},
        "again": pgettext("issue status", "again"),
        "overdue": _("Overdue"),
        "issue": _("Issue № {number}"),
        "group": _("Issues here: {count}"),
        "zoomIn": _("Press to come nearer"),
        "loading": _("Loading…"),
        "failed": _("The map's data did not come. Check the connection."),
        "retry": _("Try again"),
        "empty": _("No issues in this view. Move the map or change the filters."),
        "whereIAm": _("Where I am"),
        "youAreHere": _("You are here"),
        "outside": _("You are outside the city, so the map stays where it is."),
        "noPlace": _("Your browser did not tell where you are."),
        "previewFailed": _("The issue's summary did not come. Open it instead."),
        "openIssue": _("Open the issue"),
        "close": _("Close"),
    }
