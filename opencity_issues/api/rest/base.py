from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from opencity_issues import conf
from opencity_issues.api.rest import problems
from opencity_issues.api.rest.authentication import TokenAuthentication
from opencity_issues.models import IssuePage
from opencity_issues.rules import Roles
from opencity_issues.views.visit import city_of, visible_issue


class CallerThrottle(SimpleRateThrottle):
    """Requests by one person, or by one address of an anonymous caller."""

    scope = "opencity"

    def get_rate(self) -> str:
        return conf.get("OPENCITY_API_RATE")

    def get_cache_key(self, request: Any, view: Any) -> str:
        who = f"user-{request.user.pk}" if request.user and request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


class SignInThrottle(CallerThrottle):
    """Attempts to get a token, by address: guessing passwords is slow (trust, 17)."""

    scope = "opencity-token"

    def get_rate(self) -> str:
        return conf.get("OPENCITY_TOKEN_RATE")


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class InterfaceView(APIView):
    """Base of the interface: session or token, JSON, problem details, this package's own limits."""

    authentication_classes = (TokenAuthentication, SessionAuthentication)
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    throttle_classes = (CallerThrottle,)

    def get_exception_handler(self) -> Any:
        return problems.handle

    def issue(self, number: int) -> IssuePage:
        """The issue of this city that the caller may see; Http404 otherwise."""
        self.request._request.user = self.request.user  # the caller by token, for the shared visitor's functions
        return visible_issue(self.request._request, number)

    @property
    def city(self) -> Any:
        return city_of(self.request._request)

    @property
    def roles(self) -> Roles:
        return Roles.of(self.request.user)

    @property
    def base_url(self) -> str:
        return self.request.build_absolute_uri("/").rstrip("/")

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
