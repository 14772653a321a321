"""Two factors for those who act for an organisation, and nothing private left behind after signing out."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from opencity_issues.models import Membership

FREE = ("/accounts/", "/static/", "/i18n/", "/health/")


class SecondFactorMiddleware:
    """Where OPENCITY_REQUIRE_SECOND_FACTOR is on: members of organisations and users of the admin set one up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(settings, "OPENCITY_REQUIRE_SECOND_FACTOR", False) and self._needs_one(request):
            messages.warning(request, _("Your work needs a second factor for signing in. Please set it up first."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _needs_one(request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or request.path.startswith(FREE):
            return False
        acts = (
            user.is_superuser
            or request.path.startswith(reverse("wagtailadmin_home"))
            or Membership.objects.live().filter(user_id=user.pk).exists()
        )
        return acts and not is_mfa_enabled(user)


class PrivatePagesMiddleware:
    """What a signed-in person sees is kept by no cache, not the browser's either, whatever page it is (trust, 23)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response


class SignOutMiddleware:
    """After signing out the browser forgets its cache of private pages (trust, 23)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = (
            request.method == "POST" and request.path == reverse("account_logout") and request.user.is_authenticated
        )
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response
