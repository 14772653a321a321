"""The room of instructions and methodical materials (5.6): read by every member, published by moderator and control body."""

from datetime import timedelta

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues.actions.consultation.publish_instruction import (
    may_publish,
    publish_instruction,
    withdraw_instruction,
)
from opencity_issues.forms.consultation import InstructionForm
from opencity_issues.models import Instruction, Organisation
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.consultation import instructions_of
from opencity_issues.views.consultation.consultation import take_refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import city_of, private, roles_of, status_of

NEW_FOR = timedelta(days=14)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def instructions(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What is published, the newest first; POST publishes or withdraws (`do`)."""
    if request.method != "POST":
        return _page(request, organisation)
    deed = {"publish": _publish, "withdraw": _withdraw}.get(request.POST.get("do", ""))
    return deed(request, organisation) if deed else _page(request, organisation, status=400)


@private
@require_safe
@for_members
def instruction_file(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponseBase:
    """The PDF, to be saved: the browser shows nothing of it on this site."""
    found = get_object_or_404(instructions_of(organisation.city_id), pk=pk)
    if not found.file:
        raise Http404
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=f"{found.title}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _publish(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = InstructionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, organisation, form=form, status=400)
    given = form.cleaned_data
    try:
        publish_instruction(
            city_of(request),
            given["title"],
            given["text"],
            given["file"],
            actor=request.user,
            organisation=organisation,
        )
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _page(request, organisation, form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Published to all cabinets."))
    return _back(organisation)


def _withdraw(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    key = request.POST.get("key", "")
    found = get_object_or_404(
        Instruction, city=organisation.city_id, pk=int(key) if key.isdecimal() and len(key) < 18 else 0
    )
    try:
        withdraw_instruction(found, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        return _page(request, organisation, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Withdrawn from the cabinets."))
    return _back(organisation)


def _back(organisation: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:instructions", args=[organisation.slug]))


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    form: InstructionForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    since = timezone.now() - NEW_FOR
    publishes = may_publish(roles_of(request), organisation)
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "instructions"),
        "instructions": [(one, one.published_at > since) for one in instructions_of(organisation.city_id)],
        "form": (form or InstructionForm()) if publishes else None,
        "is_open": form is not None,
        "may_publish": publishes,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/consultation/instructions.html", context, status=status)
