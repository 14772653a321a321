from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues import rules
from opencity_issues.actions import contribute
from opencity_issues.actions.submit_issue import Report, submit_issue
from opencity_issues.actions.support_issue import support, take_back
from opencity_issues.api.rest import serializers as shapes
from opencity_issues.api.rest.base import InterfaceView, Pages
from opencity_issues.models import IssuePage, Submission
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.queries.card.timeline import NOT_PUBLIC_EVENTS
from opencity_issues.queries.following import bond_of
from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.public_issue import public_issue, with_public_parts
from opencity_issues.views.limits import count_by_address

KEY_LENGTH = 100
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the same issue."
)


def require_person(request: Request) -> Any:
    """The signed-in caller. Raises NotAuthenticated (401)."""
    if not request.user or not request.user.is_authenticated:
        raise exceptions.NotAuthenticated
    return request.user


class IssuesView(InterfaceView):
    """The published issues, filtered as the map is; `author=me` gives the caller's own, published or not."""

    @extend_schema(responses=shapes.IssueSerializer(many=True), operation_id="issues_list")
    def get(self, request: Request) -> Response:
        if request.query_params.get("author") == "me":
            issues = IssuePage.objects.in_city(self.city).by_author(require_person(request))
        else:
            issues = IssuePage.objects.in_city(self.city).published()
        found = IssueFilter(request.query_params, issues, city=self.city, person=request.user)
        if found.errors:
            raise exceptions.ValidationError(dict(found.errors))
        pages = Pages()
        page = pages.paginate_queryset(with_public_parts(found.qs), request, view=self) or []
        return pages.get_paginated_response([public_issue(issue, self.base_url) for issue in page])

    @extend_schema(request=shapes.IssueCreateSerializer, responses={201: shapes.IssueSerializer}, parameters=[_KEY])
    def post(self, request: Request) -> Response:
        person = require_person(request)
        body = shapes.IssueCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "").strip()
        if len(key) > KEY_LENGTH:
            raise exceptions.ValidationError({"Idempotency-Key": [_("At most 100 characters.")]})
        said = body.validated_data
        place = said.get("location")
        report = Report(
            title=said["title"],
            description=said["description"],
            categories=said["categories"],
            address=said["address"],
            location=(place["lng"], place["lat"]) if place else None,
            show_author=said["show_author"],
            key=key,
            answers=said.get("answers", {}),
        )
        known = bool(key) and Submission.objects.filter(user=person, key=key).exists()
        issue = submit_issue(self.city, report, author=person)
        return Response(described(self, issue.pk), status=200 if known else 201)


class IssueView(InterfaceView):
    """One issue; what is not published only its author, the moderator and the operator see.

    One that was merged with another names the main one as canonical in the header `Link`.
    """

    @extend_schema(responses=shapes.IssueSerializer)
    def get(self, request: Request, number: int) -> Response:
        issue = self.issue(number)
        response = Response(described(self, issue.pk))
        if issue.duplicate_of is not None:
            main = reverse("opencity_issues:api_issue", args=[issue.duplicate_of.number])
            response["Link"] = f'<{self.base_url}{main}>; rel="canonical"'
        return response


class EventsView(InterfaceView):
    """What happened to the issue, in order. The words of messages between the bodies are theirs."""

    @extend_schema(responses=shapes.EventSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        issue = self.issue(number)
        events = issue.events.exclude(kind__in=NOT_PUBLIC_EVENTS)
        rows = list(events.select_related("organisation").order_by("sequence"))
        texts = {one.pk: one.text for one in issue.contributions.filter(kind__in=PUBLIC_KINDS, hidden_at=None)}
        return Response(
            shapes.EventSerializer(
                [
                    {
                        "sequence": row.sequence,
                        "kind": row.kind,
                        "transition": row.transition,
                        "source": row.source,
                        "target": row.target,
                        "party": row.party,
                        "at": row.at,
                        "text": texts.get(row.contribution_id),
                        "organisation": row.organisation.slug if row.organisation else None,
                    }
                    for row in rows
                ],
                many=True,
            ).data
        )


class CommentsView(InterfaceView):
    """What residents and organisations wrote on the card (3.3)."""

    @extend_schema(responses=shapes.ContributionSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        issue = self.issue(number)
        rows = (
            issue.contributions.public()
            .select_related("organisation", "author__opencity_citizen")
            .prefetch_related("media")
        )
        sees_names = rules.allows("see_author_name", self.roles, issue)
        return Response([_contribution(self, row, sees_names) for row in rows])

    @extend_schema(request=shapes.CommentCreateSerializer, responses={201: shapes.ContributionSerializer})
    def post(self, request: Request, number: int) -> Response:
        person = require_person(request)
        body = shapes.CommentCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        comment = contribute.comment(self.issue(number), body.validated_data["text"], actor=person)
        return Response(_contribution(self, comment, sees_names=False), status=201)


class SupportView(InterfaceView):
    """How many residents say "me too", and whether the caller does. Whoever supports an issue follows it as well."""

    @extend_schema(responses=shapes.SupportSerializer)
    def get(self, request: Request, number: int) -> Response:
        return self._answer(self.issue(number))

    @extend_schema(request=None, responses={200: shapes.SupportSerializer, 201: shapes.SupportSerializer})
    def post(self, request: Request, number: int) -> Response:
        person, issue = require_person(request), self.issue(number)
        known = bond_of(issue, person.pk).supports
        if not known:
            count_by_address(request._request, "supports")
        return self._answer(support(issue, actor=person), status=200 if known else 201)

    @extend_schema(responses=shapes.SupportSerializer)
    def delete(self, request: Request, number: int) -> Response:
        person = require_person(request)
        return self._answer(take_back(self.issue(number), actor=person))

    def _answer(self, issue: IssuePage, status: int = 200) -> Response:
        mine = bond_of(issue, self.roles.user_id).supports
        return Response({"count": issue.support_count, "mine": mine}, status=status)


def described(view: InterfaceView, pk: int) -> dict[str, Any]:
    """The issue as it is now, in the public shape."""
    return public_issue(with_public_parts(IssuePage.objects.filter(pk=pk)).get(), view.base_url)


def _contribution(view: InterfaceView, row: Any, sees_names: bool) -> dict[str, Any]:
    citizen = getattr(row.author, "opencity_citizen", None) if row.author else None
    named = row.organisation is None and citizen is not None and (citizen.show_name or sees_names)
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.text,
        "planned_date": row.planned_date,
        "created_at": row.created_at,
        "organisation": row.organisation.slug if row.organisation else None,
        "author": row.author.get_full_name() if named else None,
        "photos": [f"{view.base_url}{one.url()}" for one in row.media.all() if one.hidden_at is None],
    }
