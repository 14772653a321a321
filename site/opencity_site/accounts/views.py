"""A person's own page: name, language, ways to sign in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from opencity_issues.views.visit import private, roles_of
from opencity_site.accounts.forms import ProfileForm


@login_required
@private
def overview(request: HttpRequest) -> HttpResponse:
    """The profile, and links to everything that belongs to the account."""
    form = ProfileForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account_overview")
    return render(request, "account/overview.html", {"form": form, "organisations": roles_of(request).organisations})
