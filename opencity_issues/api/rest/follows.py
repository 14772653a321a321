"""What the caller follows by letters: listed, begun, changed and ended as on the own page."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues.actions.follow import Place, Thing, change_following, follow, stop_following
from opencity_issues.api.rest import serializers as shapes
from opencity_issues.api.rest.base import InterfaceView
from opencity_issues.api.rest.issues import require_person
from opencity_issues.models import Follow
from opencity_issues.queries.circle import Circle
from opencity_issues.queries.follows import Followed, find_thing, follows_of
from opencity_issues.queries.public_issue import instant
from opencity_issues.views.limits import count_by_address

PLACE = "place"


class FollowsView(InterfaceView):
    """What the caller follows, at most 300 things; a POST begins, or changes the timing of what is followed already."""

    @extend_schema(responses=shapes.FollowSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = follows_of(require_person(request), self.city)
        return Response([_described(self, one) for one in found])

    @extend_schema(
        request=shapes.FollowCreateSerializer,
        responses={200: shapes.FollowSerializer, 201: shapes.FollowSerializer},
    )
    def post(self, request: Request) -> Response:
        person = require_person(request)
        body = shapes.FollowCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        thing = self._thing(body.validated_data)
        count_by_address(request._request, "follows")
        before = set(Follow.objects.filter(user=person).values_list("pk", flat=True))
        own = follow(self.city, thing, body.validated_data["how"], actor=person)
        return Response(_one(self, own.pk), status=200 if own.pk in before else 201)

    def _thing(self, said: dict[str, Any]) -> Thing:
        """What is to be followed. Raises ValidationError where there is no such thing."""
        if said["kind"] == PLACE:
            place = said.get("location")
            if place is None or not said.get("radius"):
                faults = {name: [_("Please fill this in.")] for name in ("location", "radius") if not said.get(name)}
                raise exceptions.ValidationError(faults)
            return Place(said["name"], Circle(place["lng"], place["lat"], said["radius"]))
        thing = find_thing(self.city, said["kind"], said["key"])
        if thing is None:
            raise exceptions.ValidationError(
                {"key": [_("There is no such value here: %(value)s.") % {"value": said["key"]}]}
            )
        return thing


class FollowView(InterfaceView):
    """One of these: when the letters come about it, and its end. Another person's is not found."""

    @extend_schema(responses=shapes.FollowSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_one(self, self._own(request, pk).pk))

    @extend_schema(request=shapes.FollowChangeSerializer, responses=shapes.FollowSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        own = self._own(request, pk)
        body = shapes.FollowChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        change_following(own, body.validated_data["how"], actor=request.user)
        return Response(_one(self, own.pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        stop_following(self._own(request, pk), actor=request.user)
        return Response(status=204)

    def _own(self, request: Request, pk: int) -> Follow:
        own = Follow.objects.filter(pk=pk, user=require_person(request), city=self.city).first()
        if own is None:
            raise Http404
        return own


def _one(view: InterfaceView, pk: int) -> dict[str, Any]:
    return _described(view, next(one for one in follows_of(view.request.user, view.city) if one.follow.pk == pk))


def _described(view: InterfaceView, one: Followed) -> dict[str, Any]:
    own = one.follow
    kind, key = PLACE, ""
    for name, thing, attribute in (
        ("issue", own.issue, "number"),
        ("category", own.category, "code"),
        ("organisation", own.organisation, "slug"),
    ):
        if thing is not None:
            kind, key = name, str(getattr(thing, attribute))
    return {
        "id": own.pk,
        "kind": kind,
        "key": key,
        "name": one.name,
        "how": own.how,
        "location": {"lng": own.lng, "lat": own.lat} if kind == PLACE else None,
        "radius": own.radius,
        "since": instant(own.created_at),
        "url": f"{view.base_url}{one.url}",
    }
