"""Search for a place by the city's gazetteer, for people and for scripts, and what a point of the map is near."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.actions.city.ask_geocoder import geocoded
from opencity_issues.models import IssueIndexPage, PlaceKind
from opencity_issues.queries.circle import Circle
from opencity_issues.queries.gazetteer import FoundPlace, find_places, near_what
from opencity_issues.views.map_and_list import problem
from opencity_issues.views.visit import city_of

KEPT_SECONDS = 300
LETTERS_AT_MOST = 120
AROUND_METRES = 300
"""What counts as near a place that was searched for."""

ICONS = {
    PlaceKind.STREET: "route",
    PlaceKind.HOUSE: "house",
    PlaceKind.DISTRICT: "map",
    PlaceKind.LANDMARK: "landmark",
}
CLOSE = {PlaceKind.STREET: 16, PlaceKind.HOUSE: 17, PlaceKind.DISTRICT: 15, PlaceKind.LANDMARK: 17}
"""Zoom at which a place fills the map."""


@require_safe
def places(request: HttpRequest) -> HttpResponseBase:
    """`?q=` words; `?near=lng,lat` what is there. JSON for scripts (`format=json`), a page with links for everybody else."""
    city = city_of(request)
    if "near" in request.GET:
        return _what_is_near(city, request.GET["near"])
    text = request.GET.get("q", "").replace("\x00", "")[:LETTERS_AT_MOST]
    found = find_places(city, text) or geocoded(city, text)
    if request.GET.get("format") == "json" or "text/html" not in request.headers.get("Accept", "text/html"):
        return _kept(JsonResponse({"places": [_described(one) for one in found]}))
    shown = [{**_described(one), **links_of(one)} for one in found]
    context = {"text": text, "encoded": urlencode({"q": text})[2:], "places": shown, "asked": bool(text.strip())}
    return render(request, "opencity_issues/map/places.html", context)


def _what_is_near(city: IssueIndexPage, text: str) -> HttpResponse:
    try:
        circle = Circle.parse(text)
    except ValueError as error:
        return problem(_("This is no place."), {"near": [str(error)]})
    return _kept(JsonResponse({"address": near_what(city, circle.lng, circle.lat)}))


def _described(place: FoundPlace) -> dict[str, Any]:
    return {
        "kind": place.kind.value,
        "kind_name": str(place.kind.label),
        "icon": ICONS[place.kind],
        "name": place.name,
        "address": place.address,
        "was": place.was,
        "lng": round(place.lng, 6),
        "lat": round(place.lat, 6),
        "exact": place.is_exact,
        "zoom": CLOSE[place.kind],
    }


def links_of(place: FoundPlace) -> dict[str, str]:
    """Where to go on from a place without the map's scripts: the issues around it, the map there, a report of it."""
    at = f"{place.lng:.5f},{place.lat:.5f}"
    view = Circle(place.lng, place.lat, AROUND_METRES).box
    report = f"{reverse('opencity_issues:report')}?lng={place.lng:.6f}&lat={place.lat:.6f}"
    return {
        "issues_url": f"{reverse('opencity_issues:issue_list')}?near={at},{AROUND_METRES}",
        "map_url": f"{reverse('opencity_issues:map')}?bbox={view}&zoom={CLOSE[place.kind]}#at={at}",
        "report_url": report,
    }


def _kept(response: HttpResponse) -> HttpResponse:
    """The same for everybody who reads the same language."""
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    patch_vary_headers(response, ("Cookie",))
    return response
