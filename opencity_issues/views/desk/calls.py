"""The room in which the control body records calls: one page while the caller speaks, and whom to call back."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues import rules
from opencity_issues.actions.record_call import is_to_be_told, record_call, remove_caller, tell_caller
from opencity_issues.actions.submit_issue import CATEGORIES_AT_MOST, Report
from opencity_issues.forms.call import CallForm
from opencity_issues.forms.report import as_place, category_tree
from opencity_issues.models import Caller, Category, IssuePage, Organisation
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.near_issues import near_issues
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.report_draft import typed
from opencity_issues.views.visit import city_of, private, roles_of, status_of

ROWS = 10
KEY_LENGTH = 40


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def calls(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The form and the latest calls; POST records one, notes that the caller was told, or removes the caller's data (`do`)."""
    if not rules.allows("record_call", roles_of(request), organisation=organisation):
        if request.method == "POST":
            return _closed(request, organisation)
        raise Http404
    if request.method != "POST":
        return _page(request, organisation)
    match request.POST.get("do", ""):
        case "record":
            return _record(request, organisation)
        case "near":
            return _page(request, organisation, form=_form(request), looked=True)
        case "told" | "remove" as deed:
            return _to_caller(request, organisation, deed)
    return _page(request, organisation, status=400)


@private
@require_safe
@for_members
def near(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Unsolved issues near the place that was just chosen, as a fragment of the page. Nothing of the caller is in the address."""
    if not rules.allows("record_call", roles_of(request), organisation=organisation):
        raise Http404
    return render(request, "opencity_issues/call/near.html", {"near": _near(request, request.GET), "looked": True})


def _record(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return _page(request, organisation, form=form, status=400)
    given = form.cleaned_data
    report = Report(
        title=given["title"],
        description=given["description"],
        categories=given["categories"],
        location=form.location,
        address=given["address"],
        key=request.POST.get("key", "")[:KEY_LENGTH],
    )
    try:
        issue = record_call(city_of(request), report, form.caller, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        if isinstance(refusal, Missing):
            for name, words in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(words))
        return _page(request, organisation, form=form, refusal=refusal, status=status_of(refusal))
    if issue.is_published:
        messages.success(
            request, _("Recorded as No. %(number)s. Tell the caller this number.") % {"number": issue.number}
        )
    else:
        messages.warning(
            request,
            _("Recorded as No. %(number)s. The moderator looks at it before it is published.")
            % {"number": issue.number},
        )
    return _back(organisation)


def _to_caller(request: HttpRequest, organisation: Organisation, deed: str) -> HttpResponse:
    key = request.POST.get("issue", "")
    issue = get_object_or_404(
        IssuePage, city=organisation.city_id, number=int(key) if key.isdecimal() and len(key) < 10 else 0
    )
    try:
        if deed == "told":
            tell_caller(issue, actor=request.user, organisation=organisation)
            messages.success(request, _("Noted: the caller is told."))
        else:
            remove_caller(issue, actor=request.user, organisation=organisation)
            messages.success(request, _("The caller's name and telephone are removed."))
    except Refusal as refusal:
        return _page(request, organisation, refusal=refusal, status=status_of(refusal))
    if request.POST.get("back") == "desk":
        address = reverse("opencity_issues:cabinet", args=[organisation.slug])
        return HttpResponseRedirect(f"{address}?issue={issue.number}")
    return _back(organisation)


def _form(request: HttpRequest) -> CallForm:
    data = typed(
        request.POST,
        ["title", "description", "lng", "lat", "address", "name", "phone", "consent", "no_place"],
        ["categories"],
    )
    return CallForm(data, city=city_of(request), no_place=bool(data["no_place"]))


def _near(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What the form says so far, valid or not, is enough to look around."""
    place = as_place(given.get("lng", ""), given.get("lat", ""))
    codes = given.getlist("categories")[:CATEGORIES_AT_MOST]
    categories = list(Category.objects.filter(code__in=codes)) if codes else []
    address = str(given.get("address", "")).replace("\x00", "")[:250]
    return near_issues(city_of(request), place, address, categories, timezone.now())


def _closed(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    context = {"organisation": organisation, "own": roles_of(request).organisations}
    return render(request, "opencity_issues/cabinet/not_member.html", context, status=403)


def _back(organisation: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:calls", args=[organisation.slug]))


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    form: CallForm | None = None,
    looked: bool = False,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    city = city_of(request)
    form = form or CallForm(city=city)
    if looked:
        # Asked for before the form is complete: nothing is marked as missing yet.
        form = CallForm(initial=dict(form.data), city=city)
    chosen = form["categories"].value() or []
    callers = Caller.objects.filter(issue__city=city).select_related("issue__city").order_by("-issue__number")
    page = Paginator(callers, ROWS).get_page(request.GET.get("page", "1"))
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "calls"),
        "form": form,
        "key": request.POST.get("key", "")[:KEY_LENGTH] or uuid.uuid4().hex,
        "config": city.config,
        "nodes": category_tree(chosen),
        "categories_at_most": CATEGORIES_AT_MOST,
        "near": _near(request, request.POST) if looked else [],
        "looked": looked,
        "callers": [(caller, caller.issue, is_to_be_told(caller.issue, caller)) for caller in page],
        "page": page,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/call/calls.html", context, status=status)
