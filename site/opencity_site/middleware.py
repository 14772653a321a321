"""Middleware of the reference site."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Wagtail's admin writes inline scripts without a nonce (inline panels, date fields) and inline styles.
ADMIN_CONTENT_POLICY = {"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}


class AdminContentPolicyMiddleware:
    """Loosens the Content-Security-Policy under Wagtail's admin as far as its pages need, and nowhere else.

    Stands after django-csp's middleware, which reads the mark when the answer comes out through it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if request.path.startswith(reverse("wagtailadmin_home")):
            response._csp_replace = ADMIN_CONTENT_POLICY  # type: ignore[attr-defined] # django-csp's documented mark
        return response
