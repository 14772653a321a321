"""The plan of consultations (5.5): drawn up by the control body, agreed by the moderator, ticked as it is carried out, printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues import rules
from opencity_issues.actions.consultation import plan_consultation as actions
from opencity_issues.forms.consultation import PlanForm, RemarksForm, first_days
from opencity_issues.models import ConsultationPlan, Organisation, PlanItem
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.consultation import plan_of, plans_of
from opencity_issues.views.consultation.consultation import frame, take_refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.visit import city_of, private, roles_of, status_of

SECTION = "consultation_plans"


@private
@require_safe
@for_members
def plans(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The plans that this cabinet may see, the newest period first."""
    context = frame(organisation, SECTION) | {
        "plans": plans_of(organisation),
        "may_plan": _allows(request, "plan_consultation", organisation),
    }
    return render(request, "opencity_issues/consultation/plans.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new_plan(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The form of a new plan, for the control body."""
    if request.method != "POST":
        if not _allows(request, "plan_consultation", organisation):
            raise Http404
        return _form_page(request, organisation, PlanForm(initial=first_days(timezone.localdate())))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _form_page(request, organisation, form, status=400)
    try:
        plan = actions.set_plan(city_of(request), form.words, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _form_page(request, organisation, form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The draft is kept. Send it to the moderator when it is ready."))
    return _to(organisation, plan)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def change(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The same form with what the plan says; of an agreed plan it makes a copy."""
    plan = _found(organisation, pk)
    if request.method != "POST":
        if not _allows(request, "plan_consultation", organisation):
            raise Http404
        return _form_page(request, organisation, PlanForm(plan=plan), plan)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _form_page(request, organisation, form, plan, status=400)
    try:
        changed = actions.change_plan(plan, form.words, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _form_page(request, organisation, form, plan, refusal=refusal, status=status_of(refusal))
    if changed.pk != plan.pk:
        messages.success(
            request, _("This is the changed plan. The agreed one stands until the moderator agrees this one.")
        )
    else:
        messages.success(request, _("The draft is kept."))
    return _to(organisation, changed)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def plan(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One plan, ready to be printed; POST sends, agrees, returns, throws away, or ticks a measure (`do`)."""
    found = _found(organisation, pk)
    if request.method != "POST":
        return _page(request, organisation, found)
    by: dict[str, Any] = {"actor": request.user, "organisation": organisation}
    remarks = RemarksForm(request.POST) if request.POST.get("do") == "return" else None
    try:
        match request.POST.get("do", ""):
            case "send":
                actions.send_plan(found, **by)
                messages.success(request, _("The plan is sent to the moderator."))
            case "agree":
                actions.agree_plan(found, **by)
                messages.success(request, _("The plan is agreed and in force."))
            case "return":
                actions.return_plan(found, request.POST.get("remarks", ""), **by)
                messages.success(request, _("The plan is returned to the control body with your remarks."))
            case "discard":
                actions.discard_plan(found, **by)
                messages.success(request, _("The draft is thrown away."))
                return HttpResponseRedirect(reverse("opencity_issues:consultation_plans", args=[organisation.slug]))
            case "done" | "not-done" as deed:
                actions.tick_measure(_item(request, found), done=deed == "done", **by)
            case _:
                return _page(request, organisation, found, status=400)
    except Refusal as refusal:
        if remarks is not None:
            take_refusal(remarks, refusal)
        fresh = plan_of(organisation, pk) or found
        return _page(request, organisation, fresh, remarks=remarks, refusal=refusal, status=status_of(refusal))
    return _to(organisation, found)


def _item(request: HttpRequest, plan: ConsultationPlan) -> PlanItem:
    key = request.POST.get("key", "")
    return get_object_or_404(PlanItem, plan=plan, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)


def _found(organisation: Organisation, pk: int) -> ConsultationPlan:
    found = plan_of(organisation, pk)
    if found is None:
        raise Http404
    return found


def _to(organisation: Organisation, plan: ConsultationPlan) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:consultation_plan", args=[organisation.slug, plan.pk]))


def _allows(request: HttpRequest, permission: str, organisation: Organisation) -> bool:
    return rules.allows(permission, roles_of(request), organisation=organisation)


def _page(
    request: HttpRequest,
    organisation: Organisation,
    plan: ConsultationPlan,
    *,
    remarks: RemarksForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    state = plan.state  # type: ignore[attr-defined]
    may_plan = _allows(request, "plan_consultation", organisation)
    may_agree = state == "sent" and _allows(request, "agree_plan", organisation)
    context = frame(organisation, SECTION) | {
        "plan": plan,
        "items": list(plan.items.all()),
        "may_change": may_plan and state in ("draft", "returned", "agreed"),
        "may_send": may_plan and state in ("draft", "returned"),
        "may_tick": state == "agreed" and _allows(request, "consult", organisation),
        "remarks": (remarks or RemarksForm()) if may_agree else None,
        "form": remarks,
        "refusal": refusal,
        "city": city_of(request).config,
    }
    return render(request, "opencity_issues/consultation/plan.html", context, status=status)


def _form_page(
    request: HttpRequest,
    organisation: Organisation,
    form: PlanForm,
    plan: ConsultationPlan | None = None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = frame(organisation, SECTION) | {"form": form, "plan": plan, "refusal": refusal}
    return render(request, "opencity_issues/consultation/plan_form.html", context, status=status)
