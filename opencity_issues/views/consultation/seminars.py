"""Training seminars (5.6): announced, signed up for by one click, into one's calendar, attendance sheet and ticks after it."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues import rules
from opencity_issues.actions.consultation import hold_seminar as actions
from opencity_issues.actions.consultation.calendar_file import seminar_file
from opencity_issues.forms.consultation import CancelForm, GuestSet, SeminarForm, guests_of
from opencity_issues.models import Organisation, Seminar
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.consultation import seminars_of, with_people
from opencity_issues.views.consultation.consultation import frame, take_refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.visit import city_of, private, roles_of, status_of

SECTION = "seminars"
PAST_SHOWN = 20
EMPTY_LINES = 5
"""On the attendance sheet, for those who come without having signed up."""


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def seminars(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Coming and past seminars; POST announces one."""
    form = SeminarForm(request.POST) if request.method == "POST" else None
    refusal, status = None, 200
    if form is not None:
        status = 400
        if form.is_valid():
            try:
                made = actions.announce_seminar(
                    city_of(request), form.words, actor=request.user, organisation=organisation
                )
            except Refusal as refused:
                take_refusal(form, refused)
                refusal, status = refused, status_of(refused)
            else:
                messages.success(request, _("The seminar is announced; every organisation gets the invitation."))
                return _to(organisation, made)
    now = timezone.now()
    found = seminars_of(organisation.city_id, request.user.pk)
    may_hold = _may_hold(request, organisation)
    context = frame(organisation, SECTION) | {
        "coming": list(found.filter(starts_at__gt=now).order_by("starts_at")),
        "past": list(found.filter(starts_at__lte=now).order_by("-starts_at")[:PAST_SHOWN]),
        "form": (form or SeminarForm()) if may_hold else None,
        "is_open": form is not None,
        "may_hold": may_hold,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/consultation/seminars.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def seminar(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One seminar; POST signs up, withdraws, changes, cancels, or notes who came (`do`)."""
    found = _found(request, organisation, pk)
    if request.method != "POST":
        return _page(request, organisation, found)
    deeds = {
        "sign-up": _sign_up,
        "withdraw": _withdraw,
        "change": _change,
        "cancel": _cancel,
        "attendance": _attendance,
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        return _page(request, organisation, found, status=400)
    return deed(request, organisation, found)


@private
@require_safe
@for_members
def calendar_file(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The seminar for a calendar program."""
    found = _found(request, organisation, pk)
    return HttpResponse(
        seminar_file(found, request.get_host().partition(":")[0]),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="seminar-{found.pk}.ics"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@private
@require_safe
@for_members
def sheet(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The list as a sheet to be signed, for those who hold the seminar."""
    if not _may_hold(request, organisation):
        raise Http404
    found = _found(request, organisation, pk)
    context = frame(organisation, SECTION) | {
        "seminar": found,
        "people": list(found.attendance.all()),
        "empty_lines": range(EMPTY_LINES),
        "city": city_of(request).config,
    }
    return render(request, "opencity_issues/consultation/sheet.html", context)


def _sign_up(request: HttpRequest, organisation: Organisation, found: Seminar) -> HttpResponse:
    try:
        actions.sign_up(found, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        return _page(request, organisation, found, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Your name is on the list. A reminder comes the day before."))
    return _to(organisation, found)


def _withdraw(request: HttpRequest, organisation: Organisation, found: Seminar) -> HttpResponse:
    try:
        actions.withdraw_from(found, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        return _page(request, organisation, found, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Your name is off the list."))
    return _to(organisation, found)


def _change(request: HttpRequest, organisation: Organisation, found: Seminar) -> HttpResponse:
    form = SeminarForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, found, change=form, status=400)
    try:
        actions.change_seminar(found, form.words, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _page(request, organisation, found, change=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The seminar is changed."))
    return _to(organisation, found)


def _cancel(request: HttpRequest, organisation: Organisation, found: Seminar) -> HttpResponse:
    form = CancelForm(request.POST)
    try:
        actions.cancel_seminar(found, request.POST.get("reason", ""), actor=request.user, organisation=organisation)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _page(request, organisation, found, cancel=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The seminar is cancelled; those who had signed up get a letter."))
    return _to(organisation, found)


def _attendance(request: HttpRequest, organisation: Organisation, found: Seminar) -> HttpResponse:
    guests = _guest_set(organisation, request.POST)
    if not guests.is_valid():
        return _page(request, organisation, found, guests=guests, status=400)
    came = [int(key) for key in request.POST.getlist("came") if key.isdecimal() and len(key) < 18]
    try:
        actions.mark_attendance(
            found, came, guests_of(guests.cleaned_data), actor=request.user, organisation=organisation
        )
    except Refusal as refusal:
        return _page(request, organisation, found, guests=guests, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Noted who came."))
    return _to(organisation, found)


def _found(request: HttpRequest, organisation: Organisation, pk: int) -> Seminar:
    return get_object_or_404(with_people(seminars_of(organisation.city_id, request.user.pk)), pk=pk)


def _to(organisation: Organisation, seminar: Seminar) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:seminar", args=[organisation.slug, seminar.pk]))


def _may_hold(request: HttpRequest, organisation: Organisation) -> bool:
    return rules.allows("consult", roles_of(request), organisation=organisation)


def _guest_set(organisation: Organisation, data: Any = None) -> BaseFormSet[Any]:
    organisations = Organisation.objects.active().filter(city=organisation.city_id)
    return GuestSet(data, prefix="guests", form_kwargs={"organisations": organisations})


def _page(
    request: HttpRequest,
    organisation: Organisation,
    found: Seminar,
    *,
    change: SeminarForm | None = None,
    cancel: CancelForm | None = None,
    guests: BaseFormSet[Any] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    is_ahead = found.starts_at > timezone.now()
    is_on = found.cancelled_at is None
    may_hold = _may_hold(request, organisation)
    context = frame(organisation, SECTION) | {
        "seminar": found,
        "people": list(found.attendance.all()),
        "is_ahead": is_ahead,
        "may_hold": may_hold,
        "may_sign_up": is_on and is_ahead,
        "change": (change or SeminarForm(seminar=found)) if may_hold and is_on and is_ahead else None,
        "change_open": change is not None,
        "cancel": (cancel or CancelForm()) if may_hold and is_on and is_ahead else None,
        "cancel_open": cancel is not None,
        "guests": (guests or _guest_set(organisation)) if may_hold and is_on and not is_ahead else None,
        "form": change or cancel if isinstance(refusal, Missing) else None,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/consultation/seminar.html", context, status=status)
