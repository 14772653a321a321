"""A circle on the map to be followed: drawn from the map's present view, from "near me", or by a tap."""

import math
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.follow import follow
from opencity_issues.forms.follows import RADII, PlaceForm
from opencity_issues.models import IssueIndexPage
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.circle import METRES_OTHERWISE, METRES_PER_DEGREE, Circle
from opencity_issues.queries.viewport import Viewport
from opencity_issues.views.limits import count_by_address
from opencity_issues.views.visit import city_of, private, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def follow_place(request: HttpRequest) -> HttpResponse:
    """The form with its map; `near=lng,lat,metres` or the map's `bbox` says where it begins."""
    city = city_of(request)
    form = PlaceForm(request.POST or None, initial=_begin(request, city))
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            count_by_address(request, "follows")
            follow(city, form.place, form.cleaned_data["how"], actor=request.user)
        except Missing as missing:
            for name, message in missing.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
        except Refusal as caught:
            refusal = caught
        else:
            messages.success(request, _("You follow this place now. The letters come by e-mail."))
            return redirect("opencity_issues:follows")
    status = 200
    if refusal is not None:
        status = status_of(refusal)
    elif form.is_bound:
        status = 400
    context = {"form": form, "city": city, "refusal": refusal}
    return render(request, "opencity_issues/my/place.html", context, status=status)


def _begin(request: HttpRequest, city: IssueIndexPage) -> dict[str, Any]:
    """Where the circle lies at first: as the address says, else around the city's centre."""
    try:
        if request.GET.get("bbox"):
            circle = _within(Viewport.parse(request.GET["bbox"]))
        else:
            circle = Circle.parse(request.GET.get("near", ""))
    except ValueError:
        lng, lat = city.config.centre_point
        circle = Circle(lng, lat, METRES_OTHERWISE)
    nearest = min(RADII, key=lambda metres: abs(metres - circle.metres))
    return {"lng": circle.lng, "lat": circle.lat, "radius": nearest}


def _within(view: Viewport) -> Circle:
    """The largest circle that a view of the map shows whole."""
    lng, lat = (view.west + view.east) / 2, (view.south + view.north) / 2
    high = (view.north - view.south) / 2 * METRES_PER_DEGREE
    wide = (view.east - view.west) / 2 * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return Circle(lng, lat, min(high, wide))
