"""The room where the moderator looks for reports of the same and merges them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues import rules
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.forms.cabinet_moderation import MergeForm
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.procedure.refusals import NotPermitted, Refusal
from opencity_issues.queries.card.shown_media import ShownMedia, first_photo
from opencity_issues.queries.near_duplicates import count_near, named, near_duplicates
from opencity_issues.queries.public_issue import public_media
from opencity_issues.views.desk.members_only import for_members, not_a_member
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def duplicates(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """GET shows what may be the same, as `?count` the number alone; POST merges this issue into the one of a number."""
    issue = _read(organisation, number)
    if not rules.allows("merge", roles_of(request), issue, organisation):
        return not_a_member(request, organisation)
    if request.method == "POST":
        return _merge(request, organisation, issue)
    if "count" in request.GET:
        return HttpResponse(str(count_near(issue, timezone.now())), content_type="text/plain; charset=utf-8")
    asked = request.GET.get("number", "")
    return _room(request, organisation, issue, MergeForm(request.GET) if asked else MergeForm())


def _read(organisation: Organisation, number: int) -> IssuePage:
    """The issue with what the room shows of it: a moderator's own city is all that he or she asks for."""
    issues = IssuePage.objects.filter(city_id=organisation.city_id).select_related(
        "city__city_settings", "duplicate_of"
    )
    return get_object_or_404(issues.prefetch_related("assignments", "categories", "media"), number=number)


def _merge(request: HttpRequest, organisation: Organisation, issue: IssuePage) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _room(request, organisation, issue, form, status=400)
    main = IssuePage.objects.filter(city=issue.city, number=form.cleaned_data["number"]).first()
    if main is None:
        form.add_error("number", _("There is no issue of this number."))
        return _room(request, organisation, issue, form, status=400)
    try:
        merge(issue, main, actor=request.user, organisation=organisation)
    except NotPermitted:
        return not_a_member(request, organisation)
    except Refusal as refusal:
        issue = _read(organisation, issue.number)
        return _room(request, organisation, issue, form, refusal=refusal, status=status_of(refusal))
    told = _("No. %(number)s is now one with No. %(main)s.") % {"number": issue.number, "main": main.number}
    messages.success(request, told)
    desk = reverse("opencity_issues:cabinet", args=[organisation.slug])
    return HttpResponseRedirect(f"{desk}?issue={main.number}")


def _room(
    request: HttpRequest,
    organisation: Organisation,
    issue: IssuePage,
    form: MergeForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = None
    if refusal is None and form.is_bound and form.is_valid():
        asked = named(issue, form.cleaned_data["number"])
        if asked is None and not form.errors:
            form.add_error("number", _("There is no other published issue of this number."))
    context: dict[str, Any] = {
        "organisation": organisation,
        "rooms": menu(organisation, "cabinet"),
        "issue": issue,
        "photo": first_photo(ShownMedia.of(one) for one in public_media(issue)),
        "near": near_duplicates(issue, timezone.now()) if issue.is_published else [],
        "asked": asked,
        "form": form,
        "refusal": refusal,
        "desk_url": f"{reverse('opencity_issues:cabinet', args=[organisation.slug])}?issue={issue.number}",
    }
    return render(request, "opencity_issues/moderation/duplicates.html", context, status=status)
