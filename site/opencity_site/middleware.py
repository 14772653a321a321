"""Middleware of the reference site."""

import re
from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from opencity_issues.templatetags.base_map import FOREIGN

# Wagtail's admin writes inline scripts without a nonce (inline panels, date fields) and inline styles.
ADMIN_CONTENT_POLICY = {"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}


# Programs say their language with each request; a browser's is often only the one that its system was sold with.
INTERFACES = ("/api/", "/open311/")

# What else a browser gets, photos and videos, is compressed already, and a video's player asks for ranges of it.
TEXT = re.compile(r"(text/|application/(json|geo\+json|javascript|xml|.+\+(json|xml))|image/svg)")


class TextCompressionMiddleware(GZipMiddleware):
    """Compresses pages and data for slow telephones. Django's part pads the answer, so that its length tells nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress text, and leave everything else as it is."""
        if TEXT.match(response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Shows pages in the site's language until the visitor chooses another, which a cookie remembers.

    The site of a Ukrainian authority opens in the state language whatever the browser prefers (Law 2704-VIII, article
    27); the choice is on each page. A page has one address in all languages, so that what is printed, scanned and sent
    stays right; `?lang=en` names a language in a link, for search engines above all, and counts as a choice.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Forget what the browser prefers before Django asks for it; for the interfaces it decides."""
        if not request.path_info.startswith(INTERFACES):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
            if named := self._named_in_address(request):
                request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = named
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Remember a language that the address named; a page of another language is another page to a cache."""
        response = super().process_response(request, response)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ("Cookie",))
        if (named := self._named_in_address(request)) and not request.path_info.startswith(INTERFACES):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                named,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response

    @staticmethod
    def _named_in_address(request: HttpRequest) -> str:
        named = request.GET.get("lang", "")
        return named if named in dict(settings.LANGUAGES) else ""


class MapContentPolicyMiddleware:
    """Lets a page with a map ask the hosts of the base maps that the city set or offers, and only these, only there.

    Stands after django-csp's middleware, as the next one does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if origins := getattr(request, FOREIGN, {}):
            added = {directive: sorted(hosts) for directive, hosts in origins.items()}
            response._csp_update = added  # type: ignore[attr-defined] # django-csp's documented mark
        return response


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
