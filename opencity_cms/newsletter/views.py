"""News by e-mail: asking for them with an address alone, confirming it, choosing and ending them; and one's own choice."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from opencity_cms.models import NewsSubscription, NewsTiming
from opencity_cms.newsletter.forms import NEVER, SubscribeForm, TimingForm
from opencity_cms.newsletter.links import read_choice, read_confirm
from opencity_cms.newsletter.subscribe import ask_to_subscribe, choose, choose_by_link, confirm, subscription_of
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.views.letters import ONE_CLICK
from opencity_issues.views.report_draft import count_against_limit
from opencity_issues.views.visit import city_of, private, status_of

WEIGHT = 15
"""Of one address against the hourly limit of a visitor (OPENCITY_UPLOADS_PER_HOUR): by default twenty within an hour."""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """An address asks for the news. The answer is the same whether it has them already, so that it tells nobody anything."""
    if request.user.is_authenticated:
        return redirect("opencity_cms:my_news")
    form = SubscribeForm(request.POST or None)
    refusal: Refusal | None = None
    asked = ""
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            count_against_limit(request, "newsletter", WEIGHT)
            ask_to_subscribe(city_of(request), email, NewsTiming(form.cleaned_data["timing"]), get_language() or "uk")
        except Refusal as caught:
            refusal = caught
        else:
            asked = email
    context = {"form": form, "asked": asked, "refusal": refusal, "hour": city_of(request).config.digest_hour}
    status = status_of(refusal) if refusal else 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "opencity_cms/newsletter/subscribe.html", context, status=status)


@private
@csrf_exempt  # the token is the authority: the link opens in whatever browser the mail program has
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter that asks. A visit only shows the button: mail scanners follow links."""
    asked = read_confirm(token)
    done = False
    if asked is not None and request.method == "POST":
        confirm(*asked)
        done = True
    context = {"done": done, "timing": asked[1].label if asked else "", "is_over": asked is None}
    return _by_link(request, "confirm", context, status=410 if asked is None else 200)


@private
@csrf_exempt  # the token is the authority, and the mail program that posts has no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_news(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the foot of each letter. Visiting changes nothing; the mail program's one click ends the letters."""
    key = read_choice(token)
    if key is None:
        raise Http404
    own = NewsSubscription.objects.filter(key=key).first()
    if request.POST.get("List-Unsubscribe") == ONE_CLICK:
        if own is not None:
            choose_by_link(own, None)
        return HttpResponse(status=204)
    form = TimingForm(request.POST or None, initial={"timing": own.timing if own else NEVER[0]})
    saved = own is not None and request.method == "POST" and form.is_valid()
    if own is not None and saved:
        choose_by_link(own, form.choice)
    ended = own is None or (saved and form.choice is None)
    context = {"form": form, "saved": saved, "ended": ended, "hour": city_of(request).config.digest_hour}
    return _by_link(request, "choice", context, status=400 if form.is_bound and not form.is_valid() else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_news(request: HttpRequest) -> HttpResponse:
    """The room of one's own page."""
    city = city_of(request)
    own = subscription_of(city, request.user)
    form = TimingForm(request.POST or None, initial={"timing": own.timing if own else NEVER[0]})
    if request.method == "POST" and form.is_valid():
        choose(city, request.user, form.choice)
        messages.success(request, _("Saved."))
        return redirect("opencity_cms:my_news")
    context = {"form": form, "hour": city.config.digest_hour}
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "opencity_cms/newsletter/my_news.html", context, status=status)


def _by_link(request: HttpRequest, page: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    response = render(request, f"opencity_cms/newsletter/{page}.html", context, status=status)
    # The address is a key to these letters: no other site learns it.
    response["Referrer-Policy"] = "no-referrer"
    return response
