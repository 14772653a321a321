"""Light, dark, or as the visitor's system has it: kept in a cookie, so that the page comes in it and does not flash."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "opencity_look"
LOOKS = ("light", "dark")
YEAR = 365 * 24 * 3600


def look_of(request: HttpRequest) -> str:
    """`light` or `dark` where the visitor chose, otherwise nothing: then the system decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in LOOKS else ""


@require_POST
def choose_look(request: HttpRequest) -> HttpResponse:
    """Remember the look and go back. shell.js does the same without leaving the page."""
    there = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = "/"
    response = HttpResponseRedirect(there)
    look = request.POST.get("look")
    if look in LOOKS:
        response.set_cookie(COOKIE, str(look), max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
