"""Transitions and messages over the interface: the same actions, the same refusals."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues.actions import contribute, message_organisation, work_on_assignment
from opencity_issues.actions.change_status import Move, change_status, offers
from opencity_issues.api.rest import serializers as shapes
from opencity_issues.api.rest.base import InterfaceView
from opencity_issues.api.rest.issues import described, require_person
from opencity_issues.enums import AcceptanceKind
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted


class TransitionsView(InterfaceView):
    """What the caller may do now, with its clause; and doing it."""

    @extend_schema(responses=shapes.OfferSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        issue = self.issue(number)
        return Response(
            [
                {
                    "transition": offer.transition.id,
                    "clause": offer.transition.clause,
                    "source": issue.status,
                    "target": offer.transition.target,
                    "requires": list(offer.transition.requires),
                    "as_organisation": offer.organisation.slug if offer.organisation else None,
                }
                for offer in offers(issue, self.roles)
            ]
        )

    @extend_schema(request=shapes.MoveSerializer, responses=shapes.IssueSerializer)
    def post(self, request: Request, number: int) -> Response:
        person = require_person(request)
        issue = self.issue(number)
        body = shapes.MoveSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        move = Move(
            executor=said["executor"], answer=said["answer"], reason=said["reason"], kind=AcceptanceKind(said["kind"])
        )
        organisation = organisation_named(issue, said.get("as_organisation"), "as_organisation")
        change_status(issue, said["transition"], actor=person, organisation=organisation, move=move)
        return Response(described(self, issue.pk))


class MessagesView(InterfaceView):
    """Repeated messages, warnings, questions, answers and replies (4.3, 4.4)."""

    @extend_schema(request=shapes.MessageSerializer, responses={201: shapes.ContributionSerializer})
    def post(self, request: Request, number: int) -> Response:
        person = require_person(request)
        issue = self.issue(number)
        body = shapes.MessageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        contribution = self._send(issue, said, person)
        return Response(
            {
                "id": contribution.pk,
                "kind": contribution.kind,
                "author": None,
                "text": contribution.text,
                "photos": [],
                "organisation": contribution.organisation.slug if contribution.organisation else None,
                "planned_date": contribution.planned_date,
                "created_at": contribution.created_at,
            },
            status=201,
        )

    def _send(self, issue: IssuePage, said: dict[str, Any], person: Any) -> Any:
        text = said["text"]
        if said["kind"] == "reply":
            return contribute.reply(issue, text, actor=person)
        named = organisation_named(issue, said.get("organisation"), "organisation")
        if said["kind"] in ("repeated", "warning"):
            addressee = named or _only_addressee(issue)
            roles = self.roles
            repeated = said["kind"] == "repeated"
            own = roles.moderators(issue.city_id) if repeated else roles.control_bodies(issue.city_id)
            sender = organisation_named(issue, said.get("as_organisation"), "as_organisation") or _one_of(own)
            send = message_organisation.repeat_message if repeated else message_organisation.send_warning
            return send(issue, addressee, text, actor=person, organisation=sender)
        assigned = self.roles.organisations_in(one.organisation_id for one in issue.assignments.all())
        sender = organisation_named(issue, said.get("as_organisation"), "as_organisation") or named or _one_of(assigned)
        if said["kind"] == "question":
            return work_on_assignment.ask_author(issue, text, actor=person, organisation=sender)
        answer = work_on_assignment.Answer(
            text, planned_date=said.get("planned_date"), explains=said["explains"] or said.get("planned_date") is None
        )
        return work_on_assignment.give_answer(issue, answer, actor=person, organisation=sender)


def organisation_named(issue: IssuePage, slug: str | None, field: str) -> Organisation | None:
    """The city's organisation with this short name; None where none was given. Raises Missing for an unknown one."""
    if not slug:
        return None
    organisation = Organisation.objects.active().filter(city_id=issue.city_id, slug=slug).first()
    if organisation is None:
        message = _("There is no organisation of this name.")
        raise Missing(message, fields={field: message})
    return organisation


def _only_addressee(issue: IssuePage) -> Organisation:
    active = [one.organisation for one in issue.assignments.all() if one.is_active]
    if len(active) == 1:
        return active[0]
    message = _("Name the organisation.")
    raise Missing(message, fields={"organisation": message})


def _one_of(own: list[Organisation]) -> Organisation:
    if not own:
        raise NotPermitted(_("This is not for your role."))
    if len(own) == 1:
        return own[0]
    message = _("Say which organisation you act for.")
    raise Missing(message, fields={"as_organisation": message})
