"""The absence of one member and the deputy: entered by the person, or by a colleague (4.1)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.cabinet.be_absent import be_absent, be_back
from opencity_issues.forms.work import AbsenceForm
from opencity_issues.models import Membership, Organisation
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def absences(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The form for `?member=7`, by default one's own; POST enters the absence, or ends it (`do=back`)."""
    live = (
        Membership.objects.live().filter(organisation=organisation).select_related("user").order_by("joined_at", "pk")
    )
    members = list(live)
    membership = _asked(request, members)
    if request.method != "POST":
        form = AbsenceForm(membership=membership, colleagues=members)
        return _page(request, organisation, membership, form)
    form = AbsenceForm(request.POST, membership=membership, colleagues=members)
    try:
        if request.POST.get("do") == "back":
            be_back(membership, actor=request.user)
            messages.success(request, _("The absence is ended."))
        elif not form.is_valid():
            return _page(request, organisation, membership, form, status=400)
        else:
            given = form.cleaned_data
            be_absent(
                membership,
                since=given["away_from"],
                until=given["away_until"],
                deputy=given["deputy"],
                actor=request.user,
            )
            messages.success(request, _("The absence is entered."))
    except Refusal as refusal:
        for name, words in (refusal.fields if isinstance(refusal, Missing) else {}).items():
            form.add_error(name, str(words))
        return _page(request, organisation, membership, form, refusal=refusal, status=status_of(refusal))
    return HttpResponseRedirect(reverse("opencity_issues:members", args=[organisation.slug]))


def _asked(request: HttpRequest, members: list[Membership]) -> Membership:
    key = request.GET.get("member", "")
    for one in members:
        if str(one.pk) == key or (not key and one.user_id == request.user.pk):
            return one
    raise Http404


def _page(
    request: HttpRequest,
    organisation: Organisation,
    membership: Membership,
    form: AbsenceForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "members"),
        "membership": membership,
        "is_own": membership.user_id == request.user.pk,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "opencity_issues/work/absence.html", context, status=status)
