"""A resident says "me too": on a card, on the map's small card, beside a similar issue. Scripts replace the form in place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opencity_issues.actions.support_issue import support, take_back
from opencity_issues.models import IssuePage
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.following import MeToo, bond_of, me_too
from opencity_issues.receivers import remember_wish
from opencity_issues.views.card import refused
from opencity_issues.views.card_words import sign_in_first
from opencity_issues.views.limits import count_by_address
from opencity_issues.views.report_draft import current_draft, keep
from opencity_issues.views.report_guidance import typed_what
from opencity_issues.views.visit import private, roles_of, safe_next, status_of, visible_issue

PLACE = "support"
"""Where it stands on the card."""

INSTEAD = "instead"
"""What the button on the way of reporting asks for: support, in place of the report that was begun."""


@private
@require_POST
def card_support(request: HttpRequest, number: int) -> HttpResponse:
    """Say "me too" or take it back, by `do`; back to the card or to where the form stood (`next`).

    Whoever is not signed in is asked to, and has said it by signing in (`receivers.py`). Pressed on the way of reporting
    (INSTEAD), what was typed there is kept, and the card leads back to it.
    """
    issue = visible_issue(request, number)
    draft = current_draft(request) if request.POST.get("do") == INSTEAD else None
    if draft is not None:
        keep(draft, what=typed_what(request))
    if not request.user.is_authenticated:
        if _by_script(request):
            return HttpResponse(status=401)
        remember_wish(request, "support", key=issue.number)
        return sign_in_first(request, issue, PLACE)
    try:
        if request.POST.get("do") == "take_back":
            issue = take_back(issue, actor=request.user)
        else:
            count_by_address(request, "supports")
            issue = support(issue, actor=request.user)
    except Refusal as refusal:
        return _refusal(request, issue, refusal)
    if _by_script(request):
        return _part(request, me_too(issue, roles_of(request), bond_of(issue, request.user.pk)))
    if draft is not None:
        _lead_back_to_the_draft(request)
    return redirect(safe_next(request) or f"{issue.get_absolute_url()}#{PLACE}")


def _lead_back_to_the_draft(request: HttpRequest) -> None:
    """Nothing that was written is thrown away unasked: perhaps it was another problem after all."""
    said = _("You are counted here, and no new report was made.")
    link = _("What you had written is still kept: go on with it, or throw it away.")
    address = reverse("opencity_issues:report_what")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, address, link))


def _refusal(request: HttpRequest, issue: IssuePage, refusal: Refusal) -> HttpResponse:
    if not _by_script(request):
        return refused(request, issue.number, refusal)
    bond = bond_of(issue, request.user.pk)
    shown = MeToo(issue.number, issue.support_count, bond.supports, offered=False, refusal=str(refusal.message))
    return _part(request, shown, status_of(refusal))


def _part(request: HttpRequest, shown: MeToo, status: int = 200) -> HttpResponse:
    return render(request, "opencity_issues/components/me_too.html", {"me_too": shown}, status=status)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
