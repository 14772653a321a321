"""The control body's room of letters that did not arrive (3.4): told otherwise, or sent again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues import rules
from opencity_issues.actions.letters.handle_bounces import handle_bounce, send_again
from opencity_issues.enums import Way
from opencity_issues.forms.letters import BounceFields
from opencity_issues.models import Notice, Organisation
from opencity_issues.procedure.refusals import NotPermitted, Refusal
from opencity_issues.queries.desk.outbox import describe, late_letters, undelivered
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of

AT_ONCE = 50


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def room(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The list; POST `do=again` or `do=handled` with the letter's key."""
    if not rules.allows("handle_bounce", roles_of(request), organisation=organisation):
        refusal = NotPermitted(_("This is not for your role."), clause="3.4")
        return _page(request, organisation, refusal=refusal, status=403)
    if request.method != "POST":
        return _page(request, organisation)
    do, key = request.POST.get("do", ""), request.POST.get("key", "")
    if do not in {"again", "handled"} or not key.isdecimal():
        raise Http404
    notice = get_object_or_404(Notice.objects.select_related("issue"), pk=int(key))
    form = _form(notice, request.POST) if do == "handled" and notice.issue_id else _form(notice)
    if form.is_bound and not form.is_valid():
        return _page(request, organisation, form, key=notice.pk, status=400)
    try:
        if do == "again":
            send_again(notice, actor=request.user, organisation=organisation)
            said = _("The letter goes out again.")
        else:
            given = form.cleaned_data if form.is_bound else {}
            way = Way(given.get("way", Way.PHONE))
            handle_bounce(notice, given.get("text", ""), way=way, actor=request.user, organisation=organisation)
            said = _("Noted: dealt with.")
    except Refusal as refusal:
        return _page(request, organisation, form, key=notice.pk, refusal=refusal, status=status_of(refusal))
    messages.success(request, said)
    return HttpResponseRedirect(reverse("opencity_issues:undelivered", args=[organisation.slug]))


def _form(notice: Notice, data: Any = None) -> BounceFields:
    return BounceFields(data, auto_id=f"letter-{notice.pk}-%s")


def _page(
    request: HttpRequest,
    organisation: Organisation,
    form: BounceFields | None = None,
    *,
    key: int | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    allowed = rules.allows("handle_bounce", roles_of(request), organisation=organisation)
    found = undelivered(organisation.city) if allowed else Notice.objects.none()
    shown = [(describe(one), form if form is not None and one.pk == key else _form(one)) for one in found[:AT_ONCE]]
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "undelivered"),
        "letters": shown,
        "count": found.count(),
        "late": late_letters(timezone.now()) if allowed else None,
        "open_key": key,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/letters/undelivered.html", context, status=status)
