"""What the issues refer to, and the key to the interface."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues.api.rest import serializers as shapes
from opencity_issues.api.rest.base import InterfaceView, SignInThrottle
from opencity_issues.api.rest.problems import problem
from opencity_issues.models import ApiToken, Category, Organisation


class CategoriesView(InterfaceView):
    """The taxonomy of clause 3.5."""

    @extend_schema(responses=shapes.CategorySerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = Category.objects.active().select_related("parent")
        guidance = {
            "stops": list(self.city.category_stops.select_related("category").order_by("category__order")),
            "questions": list(self.city.category_questions.select_related("category")),
        }
        return Response(shapes.CategorySerializer(rows, many=True, context=guidance).data)


class OrganisationsView(InterfaceView):
    """The registered organisations of the city with the categories that the matrix gives them."""

    @extend_schema(responses=shapes.OrganisationSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = Organisation.objects.active().filter(city=self.city).prefetch_related("responsibilities__category")
        return Response(shapes.OrganisationSerializer(rows, many=True).data)


class TokenView(InterfaceView):
    """A token for e-mail and password; accounts with a second factor make theirs on their own page."""

    authentication_classes = ()
    throttle_classes = (SignInThrottle,)

    @extend_schema(request=shapes.TokenRequestSerializer, responses=shapes.TokenSerializer)
    def post(self, request: Request) -> Response:
        body = shapes.TokenRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        person = authenticate(
            request._request,
            username=body.validated_data["email"],
            email=body.validated_data["email"],
            password=body.validated_data["password"],
        )
        if person is None:
            return problem(403, "not_permitted", _("E-mail or password is wrong."))
        if has_second_factor(person):
            return problem(403, "second_factor", _("This account has a second factor: make a token on your own page."))
        return Response({"token": ApiToken.issue_to(person, name="REST")})


def has_second_factor(person: Any) -> bool:
    """Whether the host's allauth keeps a second factor for the account."""
    if "allauth.mfa" not in settings.INSTALLED_APPS:
        return False
    from allauth.mfa.utils import is_mfa_enabled  # only where the host has it

    return bool(is_mfa_enabled(person))
