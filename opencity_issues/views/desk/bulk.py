"""Several issues at once (2.9, 4.1–4.5): chosen on the desk, looked through on a page of their own, then done one by one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opencity_issues.forms.desk_bulk import BulkForm
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.desk.desk import issues_on_desk, keys_of
from opencity_issues.queries.desk.queues import queues_of
from opencity_issues.views.desk.bulk_deeds import AT_ONCE, BULK_DEEDS, BulkDeed, Wish
from opencity_issues.views.desk.list import address, narrowing_of
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of

KEPT = "opencity_bulk"
"""Where the session keeps what the last run has done, so that reloading its page does nothing again."""


@dataclass(frozen=True)
class Preview:
    """One issue on the page: what will happen to it, or why nothing can."""

    issue: IssuePage
    words: list[str]
    refusal: str = ""


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def bulk(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """GET says for each issue what will happen; POST does it, or says it again with what was typed (`step=look`)."""
    given = request.POST if request.method == "POST" else request.GET
    deed = BULK_DEEDS.get(given.get("do", ""))
    if request.GET.get("said") == "1" and request.method != "POST":
        return _said(request, organisation)
    numbers = _numbers(request, organisation)
    if deed is None or not numbers:
        return _nothing_chosen(request, organisation, deed)
    form = None
    if deed.form is not None:
        bound = {"data": request.POST} if request.method == "POST" else {"initial": _typed_before(request, deed)}
        form = deed.form(organisation=organisation, **bound)
    is_ready = form is None or form.is_valid()
    if request.method != "POST" or request.POST.get("step") == "look" or not is_ready:
        faulty = request.method == "POST" and not is_ready
        return _preview(request, organisation, deed, numbers, form, status=400 if faulty else 200)
    _carry_out(request, organisation, deed, numbers, form)
    place = {"said": "1", "back": request.POST.get("back", "")}
    return HttpResponseRedirect(address(request, organisation, "desk_bulk", queue="", page="", **place))


def _carry_out(
    request: HttpRequest, organisation: Organisation, deed: BulkDeed, numbers: list[int], form: BulkForm | None
) -> None:
    """One issue after the other, whatever becomes of the others; what was done and refused is kept for the page that says so."""
    done: list[list[Any]] = []
    refused: list[list[Any]] = []
    wish = _wish(request, organisation, form)
    for issue in _issues(organisation, numbers):
        try:
            words = deed.carry_out(issue, wish, request.user)
            done.append([issue.number, issue.title, "; ".join(words)])
        except Refusal as refusal:
            refused.append([issue.number, issue.title, str(refusal.message)])
    typed = {name: form.data.getlist(name)[0] for name in form.fields if form.data.getlist(name)} if form else {}
    request.session[KEPT] = {
        "organisation": organisation.pk, "deed": deed.name, "done": done, "refused": refused, "typed": typed,
    }  # fmt: skip


def _preview(
    request: HttpRequest,
    organisation: Organisation,
    deed: BulkDeed,
    numbers: list[int],
    form: BulkForm | None,
    *,
    status: int,
) -> HttpResponse:
    wish = _wish(request, organisation, form)
    rows = [_previewed(issue, deed, wish) for issue in _issues(organisation, numbers)]
    possible = [row for row in rows if not row.refusal]
    context = {
        **_room(organisation),
        "deed": deed,
        "form": form,
        "possible": possible,
        "impossible": [row for row in rows if row.refusal],
        "not_here": len(numbers) - len(rows),
        "limit": AT_ONCE if len(numbers) == AT_ONCE else 0,
        "back": _back(request),
        "back_url": _back_url(request, organisation),
    }
    return render(request, "opencity_issues/cabinet/bulk.html", context, status=status)


def _previewed(issue: IssuePage, deed: BulkDeed, wish: Wish) -> Preview:
    try:
        return Preview(issue, [step.words for step in deed.plan(issue, wish)])
    except Refusal as refusal:
        return Preview(issue, [], str(refusal.message))


def _said(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    kept = request.session.get(KEPT) or {}
    if kept.get("organisation") != organisation.pk or kept.get("deed") not in BULK_DEEDS:
        return _nothing_chosen(request, organisation, None)
    context = {
        **_room(organisation),
        "deed": BULK_DEEDS[kept["deed"]],
        "done": kept["done"],
        "refused": kept["refused"],
        "back": _back(request),
        "back_url": _back_url(request, organisation),
    }
    return render(request, "opencity_issues/cabinet/bulk_done.html", context)


def _nothing_chosen(request: HttpRequest, organisation: Organisation, deed: BulkDeed | None) -> HttpResponse:
    context = {**_room(organisation), "deed": deed, "back_url": _back_url(request, organisation)}
    return render(request, "opencity_issues/cabinet/bulk_nothing.html", context, status=400)


def _room(organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "rooms": menu(organisation, "cabinet")}


def _numbers(request: HttpRequest, organisation: Organisation) -> list[int]:
    """The chosen issues, or all of the queue as it is narrowed (`all=1`); AT_ONCE at most."""
    if request.method != "POST" and request.GET.get("all") == "1":
        queue = next((one for one in queues_of(organisation) if one.name == request.GET.get("queue")), None)
        if queue is None or queue.people:
            return []
        keys = keys_of(organisation, queue, narrowing_of(request, organisation).chosen, timezone.now())
        return list(IssuePage.objects.filter(pk__in=list(keys[:AT_ONCE])).values_list("number", flat=True))
    given = request.POST if request.method == "POST" else request.GET
    chosen = [int(one) for one in given.getlist("issue") if one.isdecimal() and len(one) < 10]
    return list(dict.fromkeys(chosen))[:AT_ONCE]


def _issues(organisation: Organisation, numbers: list[int]) -> list[IssuePage]:
    # The texts of messages ask for the city's calendar: once for all of them.
    prefetch_related_objects([organisation.city.config], "calendar_days")
    return issues_on_desk(organisation, numbers)


def _wish(request: HttpRequest, organisation: Organisation, form: BulkForm | None) -> Wish:
    given = form.cleaned_data if form is not None and form.is_bound and form.is_valid() else {}
    return Wish(organisation, roles_of(request), given, timezone.now())


def _typed_before(request: HttpRequest, deed: BulkDeed) -> dict[str, Any]:
    """What was typed in the run whose refused issues are tried again (`again=1`)."""
    kept = request.session.get(KEPT) or {}
    return dict(kept.get("typed", {})) if request.GET.get("again") == "1" and kept.get("deed") == deed.name else {}


def _back(request: HttpRequest) -> str:
    """The query of the desk one came from."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get("back", "")[:500]


def _back_url(request: HttpRequest, organisation: Organisation) -> str:
    path = reverse("opencity_issues:cabinet", args=[organisation.slug])
    return f"{path}?{_back(request)}" if _back(request) else path
