"""The people of an organisation: who works in it, who is invited, the way in by an e-mailed link and out by one click."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.cabinet.manage_members import find_invitation, invite, join, leave, withdraw_invitation
from opencity_issues.actions.letters.send_invitation import send_invitation
from opencity_issues.forms.cabinet import InviteForm
from opencity_issues.models import Invitation, Membership, Organisation
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import city_of, private, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def members(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The list of members and open invitations; POST invites, withdraws an invitation, or ends a membership (`do`)."""
    if request.method != "POST":
        return _members_page(request, organisation, InviteForm())
    form = InviteForm(request.POST) if request.POST.get("do") == "invite" else InviteForm()
    deeds = {"invite": _invite, "withdraw": _withdraw, "leave": _leave}
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None or (form.is_bound and not form.is_valid()):
        return _members_page(request, organisation, form, status=400)
    try:
        return deed(request, organisation, form)
    except Refusal as refusal:
        if isinstance(refusal, Missing) and form.is_bound:
            for name, words in refusal.fields.items():
                form.add_error(name, str(words))
        return _members_page(request, organisation, form, refusal=refusal, status=status_of(refusal))


def _invite(request: HttpRequest, organisation: Organisation, form: InviteForm) -> HttpResponse:
    given = form.cleaned_data
    invitation, secret = invite(organisation, given["email"], actor=request.user, position=given["position"])
    # Outside any transaction: the invitation is in the database before its letter leaves.
    if send_invitation(invitation, secret):
        messages.success(request, _("The invitation is sent to %(email)s.") % {"email": invitation.email})
    else:
        withdraw_invitation(invitation, actor=request.user)
        messages.error(
            request,
            _("The letter to %(email)s could not be sent. Please try again later.") % {"email": invitation.email},
        )
    return HttpResponseRedirect(reverse("opencity_issues:members", args=[organisation.slug]))


def _withdraw(request: HttpRequest, organisation: Organisation, form: InviteForm) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=_key(request), organisation=organisation)
    withdraw_invitation(invitation, actor=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return HttpResponseRedirect(reverse("opencity_issues:members", args=[organisation.slug]))


def _leave(request: HttpRequest, organisation: Organisation, form: InviteForm) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=_key(request), organisation=organisation)
    leave(membership, actor=request.user)
    if membership.user_id == request.user.pk:
        messages.success(
            request, _("You have left %(name)s. Your rights there have ended.") % {"name": organisation.name}
        )
        return HttpResponseRedirect(reverse("opencity_issues:organisation", args=[organisation.slug]))
    messages.success(request, _("The membership has ended."))
    return HttpResponseRedirect(reverse("opencity_issues:members", args=[organisation.slug]))


def _key(request: HttpRequest) -> int:
    key = request.POST.get("key", "")
    return int(key) if key.isdecimal() and len(key) < 18 else 0


def _members_page(
    request: HttpRequest,
    organisation: Organisation,
    form: InviteForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    live = (
        Membership.objects.live()
        .filter(organisation=organisation)
        .select_related("user", "deputy__user", "away_said_by__user")
        .order_by("joined_at", "pk")
    )
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, expires_at__gt=timezone.now())
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "members"),
        "form": form,
        "refusal": refusal,
        "memberships": list(live),
        "invitations": list(waiting.order_by("-created_at")),
    }
    return render(request, "opencity_issues/people/members.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows the invitation, so that a mail scanner accepts nothing; POST accepts it with the account of its address."""
    found = find_invitation(secret)
    if found is None or found.organisation.city_id != city_of(request).pk:
        return render(request, "opencity_issues/people/invitation_over.html", status=404)
    context: dict[str, Any] = {"invitation": found, "organisation": found.organisation, **_doors(request)}
    if not request.user.is_authenticated:
        return render(
            request, "opencity_issues/people/invitation.html", context, status=403 if request.method == "POST" else 200
        )
    context["is_addressee"] = request.user.email.strip().lower() == found.email.strip().lower()
    if request.method == "POST":
        try:
            join(found, actor=request.user)
        except Refusal as refusal:
            context["refusal"] = refusal
            return render(request, "opencity_issues/people/invitation.html", context, status=status_of(refusal))
        messages.success(request, _("Welcome! This is the cabinet of %(name)s.") % {"name": found.organisation.name})
        return HttpResponseRedirect(reverse("opencity_issues:cabinet", args=[found.organisation.slug]))
    return render(request, "opencity_issues/people/invitation.html", context)


def _doors(request: HttpRequest) -> dict[str, str]:
    """Where one signs in and registers, coming back here; registration only where the host has it under allauth's name."""
    back = urlencode({"next": request.path})
    doors = {"sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{back}"}
    try:
        doors["sign_up_url"] = f"{reverse('account_signup')}?{back}"
    except NoReverseMatch:
        doors["sign_up_url"] = ""
    return doors
