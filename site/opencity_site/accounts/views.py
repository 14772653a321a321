"""The host's room of one's own page: the ways of signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opencity_issues.views.visit import private


@private
@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Address, password, second factor, and the way out."""
    return render(request, "account/overview.html")
