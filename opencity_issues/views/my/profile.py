"""About me: name, whether it is shown, language of letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.account.keep_profile import keep_profile
from opencity_issues.forms.account import ProfileForm
from opencity_issues.views.visit import private, roles_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep_profile(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("opencity_issues:profile")
    context = {"form": form, "organisations": roles_of(request).organisations}
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "opencity_issues/my/profile.html", context, status=status)
