"""Where I am signed in, and the keys of programs that act for me; each can be ended, a key made."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.account.end_devices import end_device, end_other_devices, end_token
from opencity_issues.forms.account import TokenForm
from opencity_issues.models import ApiToken
from opencity_issues.queries.devices import devices_of
from opencity_issues.views.visit import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def devices(request: HttpRequest) -> HttpResponse:
    """The list; a POST ends one browser (`end`), all others (`others`) or a key (`token`), or makes a key (`make`), by `do`."""
    if request.method == "POST" and request.POST.get("do") == "make":
        form = TokenForm(request.POST)
        if form.is_valid():
            # Shown this once: the database keeps only its digest.
            return _page(request, TokenForm(), secret=ApiToken.issue_to(request.user, form.cleaned_data["name"]))
        return _page(request, form, status=400)
    if request.method == "POST":
        if _end(request):
            messages.success(request, _("Signed out there."))
        return redirect("opencity_issues:devices")
    return _page(request, TokenForm())


def _end(request: HttpRequest) -> bool:
    key = request.POST.get("key", "")
    pk = int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0
    match request.POST.get("do"):
        case "end":
            return end_device(request.user, pk)
        case "others":
            return bool(end_other_devices(request.user, request.session.session_key or ""))
        case "token":
            return end_token(request.user, pk)
    return False


def _page(request: HttpRequest, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    context = {
        "devices": devices_of(request.user, request.session),
        "tokens": ApiToken.objects.filter(user_id=request.user.pk).order_by("-pk"),
        "form": form,
        "secret": secret,
    }
    return render(request, "opencity_issues/my/devices.html", context, status=status)
