"""The desks of the caller's organisations: what waits in each, and the rows of a queue with the reason they are there."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues import rules
from opencity_issues.api.rest.base import InterfaceView
from opencity_issues.api.rest.issues import require_person
from opencity_issues.enums import Publication, Status
from opencity_issues.forms.desk import NARROWING, DeskFilterForm
from opencity_issues.models import Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted
from opencity_issues.queries.desk.desk import Row, desk, numbers_of
from opencity_issues.queries.desk.queues import MOST, Function, Queue, queues_of
from opencity_issues.rules import Roles


class QueueSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    function = serializers.ChoiceField(choices=[one.value for one in Function])
    count = serializers.IntegerField(help_text=f"at most {MOST}")
    more = serializers.BooleanField(help_text="whether there are more than are counted")
    urgent = serializers.BooleanField(help_text="whether it calls for somebody now")


class OwnDeskSerializer(serializers.Serializer[Any]):
    organisation = serializers.SlugField()
    name = serializers.CharField()
    queues = QueueSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="of the queue it stands for, where there is one")
    text = serializers.CharField()
    late = serializers.BooleanField()


class DueSerializer(serializers.Serializer[Any]):
    clause = serializers.CharField()
    due_at = serializers.DateTimeField()


class RowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    again = serializers.BooleanField()
    publication = serializers.ChoiceField(choices=Publication.choices)
    address = serializers.CharField()
    categories = serializers.ListField(child=serializers.CharField())
    organisations = serializers.ListField(child=serializers.SlugField())
    submitted_at = serializers.DateTimeField()
    due = DueSerializer(allow_null=True)
    overdue = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    url = serializers.URLField()


class DeskSerializer(serializers.Serializer[Any]):
    organisations = OwnDeskSerializer(many=True)
    queue = QueueSerializer(allow_null=True)
    rows = RowSerializer(many=True, allow_null=True)
    pages = serializers.IntegerField(allow_null=True)


_PARAMETERS = [
    OpenApiParameter("organisation", str, description="one of the caller's organisations; with it rows are given"),
    OpenApiParameter("queue", str, description="name of a queue; what needs somebody now where left out"),
    OpenApiParameter("of", str, description="rows that this organisation has"),
    *(OpenApiParameter(name, str) for name in NARROWING if name != "organisation"),
    OpenApiParameter("page", int),
]


class DeskView(InterfaceView):
    """Queues with counts for each organisation of the caller; for one of them (`organisation`) the rows of a queue too.

    Rows are narrowed by the parameters of the desk's own page; `of` is its filter by organisation.
    """

    @extend_schema(parameters=_PARAMETERS, responses=DeskSerializer)
    def get(self, request: Request) -> Response:
        require_person(request)
        roles, slug = self.roles, request.query_params.get("organisation", "")
        own = [one for one in roles.organisations if one.city_id == self.city.pk]
        if slug:
            return Response(self._one(request, self._own(own, slug, roles)))
        desks = [self._described(one, queues_of(one), numbers_of(one, timezone.now())) for one in own]
        return Response({"organisations": desks, "queue": None, "rows": None, "pages": None})

    def _own(self, own: list[Organisation], slug: str, roles: Roles) -> Organisation:
        found = next((one for one in own if one.slug == slug), None)
        if found is None or not rules.allows("enter_cabinet", roles, organisation=found):
            raise NotPermitted(_("This cabinet is for members."))
        found.city = self.city
        return found

    def _one(self, request: Request, organisation: Organisation) -> dict[str, Any]:
        name = request.query_params.get("queue", "")
        queues = {one.name: one for one in queues_of(organisation)}
        if name and (name not in queues or queues[name].people):
            words = _("There is no such queue.")
            raise Missing(words, fields={"queue": words})
        asked = QueryDict(mutable=True)
        asked.update({one: request.query_params[one] for one in NARROWING if one in request.query_params})
        asked["organisation"] = request.query_params.get("of", "")
        function = queues[name].function if name else next(iter(queues.values())).function
        narrowed = DeskFilterForm(asked, city=self.city, function=function).chosen
        page = request.query_params.get("page", "1")
        shown = desk(organisation, name, narrowed, page, None, timezone.now(), request.user.pk)
        return {
            "organisations": [self._described(organisation, shown.queues, shown.counts)],
            "queue": _queue(shown.queue, shown.counts),
            "rows": [self._row(row) for row in shown.rows],
            "pages": shown.page.paginator.num_pages,
        }

    def _described(self, organisation: Organisation, queues: list[Queue], numbers: dict[str, int]) -> dict[str, Any]:
        listed = [_queue(one, numbers) for one in queues if not one.people and one.name in numbers]
        return {"organisation": organisation.slug, "name": organisation.name, "queues": listed}

    def _row(self, row: Row) -> dict[str, Any]:
        issue = row.issue
        return {
            "number": issue.number,
            "title": issue.title,
            "status": issue.status,
            "again": issue.again,
            "publication": issue.publication,
            "address": issue.address,
            "categories": [one.code for one in issue.categories.all()],
            "organisations": [one.organisation.slug for one in issue.assignments.all() if one.is_active or one.done_at],
            "submitted_at": issue.submitted_at,
            "due": {"clause": row.due.clause, "due_at": row.due.due_at} if row.due else None,
            "overdue": row.is_late,
            "reasons": [{"name": one.name, "text": one.text, "late": one.late} for one in row.reasons],
            "url": f"{self.base_url}{issue.get_absolute_url()}",
        }


def _queue(queue: Queue, numbers: dict[str, int]) -> dict[str, Any]:
    count = numbers[queue.name]
    return {
        "name": queue.name,
        "title": str(queue.title),
        "function": queue.function,
        "count": count,
        "more": count >= MOST,
        "urgent": queue.urgency > 0 or queue.set_of is None,
    }
