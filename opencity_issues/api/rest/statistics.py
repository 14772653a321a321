"""The statistics of a period, for programs: the same kept counts as the page's."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from opencity_issues.api.rest.base import InterfaceView
from opencity_issues.enums import Status
from opencity_issues.queries.statistics.asked import read_asked
from opencity_issues.queries.statistics.figures import Line, statistics_of


class DurationSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(allow_null=True, help_text="median in calendar days; null for too few cases")
    cases = serializers.IntegerField()
    waiting = serializers.IntegerField(
        help_text="of the cases, overdue and not ended: they count with what they waited"
    )


class LineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="the value in the list's filter")
    name = serializers.CharField()
    total = serializers.IntegerField()
    solved = serializers.IntegerField()
    unsolved = serializers.IntegerField()
    overdue = serializers.IntegerField()
    to_acceptance = DurationSerializer()
    to_closing = DurationSerializer()


class StepSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    registered = serializers.IntegerField()
    solved = serializers.IntegerField(help_text="issues closed in it and not opened again, whenever registered")


class StatisticsSerializer(serializers.Serializer[Any]):
    counted_at = serializers.DateTimeField(allow_null=True)
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    total = serializers.IntegerField()
    statuses = serializers.DictField(child=serializers.IntegerField(), help_text=f"by {', '.join(Status.values)}")
    solved = serializers.IntegerField()
    unsolved = serializers.IntegerField()
    overdue = serializers.IntegerField()
    to_acceptance = DurationSerializer()
    to_closing = DurationSerializer()
    step = serializers.ChoiceField(choices=["day", "week", "month"])
    steps = StepSerializer(many=True)
    categories = LineSerializer(many=True)
    districts = LineSerializer(many=True)
    organisations = LineSerializer(many=True)


_PARAMETERS = [
    OpenApiParameter("from", str, description="first day of registration, YYYY-MM-DD"),
    OpenApiParameter("to", str, description="last day of registration"),
    OpenApiParameter("category", str, description="a code: of this branch alone. One of these three at a time"),
    OpenApiParameter("district", str),
    OpenApiParameter("organisation", str, description="a slug"),
]


class StatisticsView(InterfaceView):
    """Counts and medians of the issues registered in a period, by category, district and organisation."""

    @extend_schema(parameters=_PARAMETERS, responses=StatisticsSerializer)
    def get(self, request: Request) -> Response:
        asked = read_asked(request.query_params, self.city)
        if asked.errors:
            raise exceptions.ValidationError(asked.errors)
        found = statistics_of(asked, timezone.now())
        answer = {
            **_described(found.whole),
            "counted_at": found.counted_at,
            "first": found.first,
            "last": found.last,
            "statuses": {status.value: count for status, count in found.statuses},
            "step": found.step,
            "steps": found.steps,
            "categories": [_described(line) for line in found.lines.get("category", [])],
            "districts": [_described(line) for line in found.lines.get("district", [])],
            "organisations": [_described(line) for line in found.lines.get("organisation", [])],
        }
        return Response(StatisticsSerializer(answer).data)


def _described(line: Line) -> dict[str, Any]:
    names = ("key", "name", "total", "solved", "unsolved", "overdue", "to_acceptance", "to_closing")
    return {name: getattr(line, name) for name in names}
