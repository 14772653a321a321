"""The moderator's visits: the list to walk by, and what is filled in at each place (T10, T13, 4.7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues import rules
from opencity_issues.actions.check_issue import check_issue, is_checkable
from opencity_issues.actions.take_media import take, waiting_for
from opencity_issues.enums import CheckOutcome
from opencity_issues.forms.cabinet_moderation import CheckForm, WalkForm
from opencity_issues.models import IssuePage, Media, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, Refusal
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.desk.visits import Stop, one_stop, start_of, walk
from opencity_issues.views.desk.members_only import for_members, not_a_member
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of, visible_issue


@private
@require_safe
@for_members
def visits(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What has to be looked at, in the order of a walk from where one stands, a district, or the city's centre."""
    if not rules.allows("check", roles_of(request), organisation=organisation):
        return not_a_member(request, organisation)
    form = WalkForm(request.GET, city=organisation.city)
    form.is_valid()
    config = organisation.city.config
    district = form.cleaned_data.get("district")
    here = form.here if form.here and config.contains(*form.here) else None
    found = walk(organisation, timezone.now(), start=start_of(config, district, here), district=district)
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "visits"),
        "walk": found,
        "form": form,
        "from_here": here is not None,
        "outside": form.here is not None and here is None,
        "config": config,
        "places": {
            "start": found.start,
            "stops": [_place(stop) for stop in found.stops],
        },
    }
    return render(request, "opencity_issues/moderation/visits.html", context)


def _place(stop: Stop) -> dict[str, Any]:
    return {
        "number": stop.number,
        "place": stop.issue.location,
        "title": stop.issue.title,
        "status": stop.issue.status,
        "flagged": stop.flagged,
    }


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def visit(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """The form of one check. Files that came in survive an error by their token."""
    issue = visible_issue(request, number)
    if not rules.allows("check", roles_of(request), issue, organisation):
        return not_a_member(request, organisation)
    if request.method != "POST":
        return _form(request, organisation, issue, CheckForm(), [])
    form = CheckForm(request.POST, request.FILES)
    kept = waiting_for(request.user, request.POST.getlist("kept"))
    form.is_valid()
    for upload in form.cleaned_data.get("files") or []:
        try:
            kept.append(take(upload, uploader=request.user).media)
        except Missing as missing:
            form.add_error("files", str(missing.message))
    if form.errors:
        return _form(request, organisation, issue, form, kept, status=400)
    try:
        check_issue(
            issue,
            form.cleaned_data["outcome"],
            form.cleaned_data["text"],
            actor=request.user,
            organisation=organisation,
            media=kept,
        )
    except NotPermitted:
        return not_a_member(request, organisation)
    except Refusal as refusal:
        if isinstance(refusal, Missing):
            form.take_refusal(refusal.fields, refusal.message)
        issue = get_object_or_404(IssuePage.objects.select_related("city__city_settings"), pk=issue.pk)
        return _form(request, organisation, issue, form, kept, refusal=refusal, status=status_of(refusal))
    return _done(request, organisation, issue, form.cleaned_data["outcome"])


def _done(request: HttpRequest, organisation: Organisation, issue: IssuePage, outcome: str) -> HttpResponse:
    told = {
        CheckOutcome.SOLVED: _("No. %(number)s: noted as solved."),
        CheckOutcome.NOT_SOLVED: _("No. %(number)s: noted as not solved."),
        CheckOutcome.UNCLEAR: _("No. %(number)s: noted; it stays on the list."),
    }
    messages.success(request, told[CheckOutcome(outcome)] % {"number": issue.number})
    address = reverse("opencity_issues:visits", args=[organisation.slug])
    # The next walk begins where this one has come to.
    near = f"?lng={issue.lng:.6f}&lat={issue.lat:.6f}" if issue.location else ""
    return HttpResponseRedirect(f"{address}{near}")


def _form(
    request: HttpRequest,
    organisation: Organisation,
    issue: IssuePage,
    form: CheckForm,
    kept: list[Media],
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "visits"),
        "issue": issue,
        "stop": one_stop(issue),
        "form": form,
        "kept": [ShownMedia.of(one) for one in kept],
        "refusal": refusal,
        "is_checkable": issue.is_published and is_checkable(issue),
        "city": issue.city,
    }
    return render(request, "opencity_issues/moderation/visit.html", context, status=status)
