"""What I follow: when letters come about each, changed and ended here; and the buttons beside what can be followed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.follow import change_following, follow, stop_following
from opencity_issues.forms.follows import WHEN
from opencity_issues.models import Follow
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.follows import find_thing, follows_of
from opencity_issues.receivers import remember_wish
from opencity_issues.views.limits import count_by_address
from opencity_issues.views.visit import city_of, private, safe_next, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
def follows(request: HttpRequest) -> HttpResponse:
    """The list; a POST follows (`kind`, `key`, `how`), changes or ends (`follow`) by `do`, and leads back to `next`."""
    if request.method != "POST":
        return _page(request) if request.user.is_authenticated else redirect_to_login(request.get_full_path())
    back = safe_next(request) or reverse("opencity_issues:follows")
    if not request.user.is_authenticated:
        if request.POST.get("do") == "follow":
            remember_wish(request, "follow", kind=_word(request, "kind"), key=_word(request, "key"))
        return redirect_to_login(back)
    try:
        said = _do(request)
    except Refusal as refusal:
        return _page(request, refusal=refusal)
    if said:
        messages.success(request, said)
    return redirect(back)


def _do(request: HttpRequest) -> str:
    """Carry out what was pressed; returns what to say. What is not there any more says nothing."""
    city, deed = city_of(request), request.POST.get("do")
    if deed == "follow":
        thing = find_thing(city, _word(request, "kind"), _word(request, "key"))
        if thing is None:
            return ""
        count_by_address(request, "follows")
        follow(city, thing, _word(request, "how"), actor=request.user)
        return _("You follow it now. The letters come by e-mail.")
    key = _word(request, "follow")
    own = Follow.objects.filter(user=request.user, pk=int(key) if key.isascii() and key.isdigit() else None).first()
    if own is None:
        return ""
    if deed == "stop":
        stop_following(own, actor=request.user)
        return _("You no longer follow it.")
    change_following(own, _word(request, "how"), actor=request.user)
    return _("Saved.")


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    city = city_of(request)
    context: dict[str, Any] = {
        "followed": follows_of(request.user, city),
        "times": WHEN,
        "refusal": refusal,
        "hour": city.config.digest_hour,
    }
    status = status_of(refusal) if refusal is not None else 200
    return render(request, "opencity_issues/my/follows.html", context, status=status)


def _word(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:100]
