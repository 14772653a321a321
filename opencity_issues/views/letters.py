"""A citizen's choice of letters: on one's own page, and by the link at the foot of each letter, without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.letters.choose_letters import choose_letters, citizen_of
from opencity_issues.enums import LetterChoice
from opencity_issues.forms.letters import LettersForm
from opencity_issues.models import Citizen
from opencity_issues.views.visit import city_of, private

ONE_CLICK = "One-Click"


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def letter_settings(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's choice."""
    citizen = Citizen.objects.get_or_create(user=request.user)[0]
    form = LettersForm(request.POST or None, initial={"letters": citizen.letters})
    if request.method == "POST" and form.is_valid():
        choose_letters(citizen, LetterChoice(form.cleaned_data["letters"]))
        messages.success(request, _("Saved."))
        return redirect("opencity_issues:letter_settings")
    return _page(request, form, citizen)


@private
@csrf_exempt  # the token is the authority, and the mail program that posts has no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, token: str) -> HttpResponse:
    """The same by a letter's link. Visiting changes nothing; the mail program's one click stops the letters."""
    citizen = citizen_of(token)
    if citizen is None:
        raise Http404
    if request.POST.get("List-Unsubscribe") == ONE_CLICK:
        choose_letters(citizen, LetterChoice.NONE)
        return HttpResponse(status=204)
    form = LettersForm(request.POST or None, initial={"letters": citizen.letters})
    saved = request.method == "POST" and form.is_valid()
    if saved:
        choose_letters(citizen, LetterChoice(form.cleaned_data["letters"]))
        citizen.refresh_from_db()
    return _page(request, form, citizen, token=token, saved=saved)


def _page(
    request: HttpRequest, form: LettersForm, citizen: Citizen, *, token: str = "", saved: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "citizen": citizen,
        "hour": city_of(request).config.digest_hour,
        "by_link": bool(token),
        "saved": saved,
        "never": LetterChoice.NONE,
    }
    status = 400 if form.is_bound and not form.is_valid() else 200
    template = "opencity_issues/letters/choice.html" if token else "opencity_issues/my/letters.html"
    response = render(request, template, context, status=status)
    # The address is a key to these letters: no other site learns it.
    response["Referrer-Policy"] = "no-referrer"
    return response
