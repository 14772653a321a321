"""The way into Wagtail's admin: through the site's one sign-in, which knows second factors."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """Send a stranger to sign in and back to the admin, and its users straight in.

    Raises:
        PermissionDenied: for whoever is signed in but has no business there; another turn through the
            sign-in would only send him or her back here.

    """
    home = reverse("wagtailadmin_home")
    if request.user.is_anonymous:
        return redirect_to_login(request.GET.get("next") or home, reverse("account_login"))
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return redirect(home)
