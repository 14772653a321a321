"""The shapes of the interface (design, 4), for reading bodies and for the schema. Lengths and rules are the actions'."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opencity_issues.actions.answer_questions import ANSWER_LENGTH
from opencity_issues.actions.contribute import TEXT_LENGTH
from opencity_issues.actions.follow import NAME_LENGTH, RADIUS_AT_LEAST
from opencity_issues.actions.submit_issue import ADDRESS_LENGTH, DESCRIPTION_LENGTH, TITLE_LENGTH
from opencity_issues.enums import AcceptanceKind, EventKind, Status
from opencity_issues.forms.follows import WHEN
from opencity_issues.models import Category, CategoryQuestion, CategoryStop, Organisation
from opencity_issues.queries.circle import METRES_AT_MOST

FOLLOWED = ["issue", "category", "organisation", "place"]


class CategoryCodes(serializers.ListField):
    """Codes of the taxonomy; becomes the categories themselves."""

    child = serializers.CharField(max_length=20)

    def to_internal_value(self, data: Any) -> list[Category]:
        codes = super().to_internal_value(data)
        known = {category.code: category for category in Category.objects.active().filter(code__in=codes)}
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise serializers.ValidationError(
                _("There is no category %(codes)s.") % {"codes": ", ".join(unknown)[:100]}
            )
        return [known[code] for code in dict.fromkeys(codes)]


class LocationSerializer(serializers.Serializer[Any]):
    lng = serializers.FloatField(min_value=-180, max_value=180, help_text="WGS 84 degrees")
    lat = serializers.FloatField(min_value=-85, max_value=85, help_text="WGS 84 degrees")


class IssueCreateSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH)
    categories = CategoryCodes(allow_empty=False)
    location = LocationSerializer(required=False, allow_null=True)
    address = serializers.CharField(max_length=ADDRESS_LENGTH, required=False, allow_blank=True, default="")
    show_author = serializers.BooleanField(required=False, default=False)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=ANSWER_LENGTH),
        required=False,
        help_text="id of a question of the chosen categories (see categories/) → answer",
    )


class AuthorSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()


class AssignmentSerializer(serializers.Serializer[Any]):
    organisation = serializers.SlugField()
    sent_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    executor = serializers.CharField()
    due = serializers.DictField(child=serializers.DateTimeField(), help_text="clause → instant, terms that still run")
    done_at = serializers.DateTimeField(allow_null=True)


class AnswerSerializer(serializers.Serializer[Any]):
    question = serializers.CharField()
    answer = serializers.CharField()


class IssueSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    again = serializers.BooleanField()
    categories = serializers.ListField(child=serializers.CharField())
    location = LocationSerializer(allow_null=True)
    author = AuthorSerializer(allow_null=True)
    submitted_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    assignments = AssignmentSerializer(many=True)
    answers = AnswerSerializer(many=True, help_text="to the questions that the city asks about the categories")
    photos = serializers.ListField(child=serializers.URLField())
    url = serializers.URLField()


class EventSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    transition = serializers.CharField()
    source = serializers.CharField()
    target = serializers.CharField()
    party = serializers.CharField()
    organisation = serializers.SlugField(allow_null=True)
    at = serializers.DateTimeField()
    text = serializers.CharField(allow_null=True)


class OfferSerializer(serializers.Serializer[Any]):
    transition = serializers.CharField()
    clause = serializers.CharField()
    source = serializers.CharField()
    target = serializers.CharField()
    as_organisation = serializers.SlugField(allow_null=True)
    requires = serializers.ListField(child=serializers.CharField())


class MoveSerializer(serializers.Serializer[Any]):
    transition = serializers.CharField(max_length=4)
    as_organisation = serializers.SlugField(required=False, allow_null=True)
    executor = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    answer = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=AcceptanceKind.choices, required=False, default=AcceptanceKind.SOLVE)


class MessageSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["repeated", "warning", "question", "answer", "reply"])
    organisation = serializers.SlugField(required=False, allow_null=True)
    as_organisation = serializers.SlugField(required=False, allow_null=True)
    text = serializers.CharField(max_length=TEXT_LENGTH)
    planned_date = serializers.DateField(required=False, allow_null=True)
    explains = serializers.BooleanField(required=False, default=False)


class ContributionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    organisation = serializers.SlugField(allow_null=True)
    text = serializers.CharField()
    planned_date = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    photos = serializers.ListField(child=serializers.URLField())


class SupportSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="residents who support the issue, its author aside")
    mine = serializers.BooleanField(help_text="whether the caller is one of them")


class FollowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=FOLLOWED)
    key = serializers.CharField(
        help_text="number of the issue, code of the category, slug of the organisation; empty for a place"
    )
    name = serializers.CharField()
    how = serializers.ChoiceField(choices=WHEN, help_text="when letters come")
    location = LocationSerializer(allow_null=True, help_text="middle of the place's circle")
    radius = serializers.IntegerField(allow_null=True, help_text="metres")
    since = serializers.DateTimeField()
    url = serializers.URLField()


class FollowCreateSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=FOLLOWED)
    key = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="number of the issue, code of the category, slug of the organisation",
    )
    how = serializers.ChoiceField(choices=WHEN, required=False, allow_blank=True, default="")
    name = serializers.CharField(
        max_length=NAME_LENGTH, required=False, allow_blank=True, default="", help_text="of a place"
    )
    location = LocationSerializer(required=False, allow_null=True, help_text="of a place")
    radius = serializers.IntegerField(
        required=False, min_value=RADIUS_AT_LEAST, max_value=METRES_AT_MOST, help_text="of a place, metres"
    )


class FollowChangeSerializer(serializers.Serializer[Any]):
    how = serializers.ChoiceField(choices=WHEN)


class CommentCreateSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LENGTH)


class StopSerializer(serializers.ModelSerializer[CategoryStop]):
    class Meta:
        model = CategoryStop
        fields = ("reason", "phone", "link")


class QuestionSerializer(serializers.ModelSerializer[CategoryQuestion]):
    choices = serializers.SerializerMethodField(help_text="the answers to choose from; empty for a line of text")

    class Meta:
        model = CategoryQuestion
        fields = ("id", "text", "kind", "is_required", "choices")

    def get_choices(self, question: CategoryQuestion) -> list[str]:
        return list(question.offered().values())


class CategorySerializer(serializers.ModelSerializer[Category]):
    """`stop` where the city takes no reports of it, and what it asks besides: both of the category itself and its branch."""

    parent = serializers.CharField(source="parent.code", default=None)
    stop = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()

    class Meta:
        model = Category
        fields = ("code", "parent", "name_uk", "name_en", "stop", "questions")

    @extend_schema_field(StopSerializer(allow_null=True))
    def get_stop(self, category: Category) -> dict[str, Any] | None:
        found = _of_branch(self.context["stops"], category)
        return StopSerializer(found[-1]).data if found else None

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, category: Category) -> list[dict[str, Any]]:
        return QuestionSerializer(_of_branch(self.context["questions"], category), many=True).data


def _of_branch(guidance: list[Any], category: Category) -> list[Any]:
    return [one for one in guidance if f"{category.code}.".startswith(f"{one.category.code}.")]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    functions = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = ("slug", "name_uk", "name_en", "phone", "address", "functions", "categories")

    def get_functions(self, organisation: Organisation) -> list[str]:
        functions = {
            "executor": organisation.is_executor,
            "control": organisation.is_control_body,
            "moderator": organisation.is_moderator,
        }
        return [name for name, has in functions.items() if has]

    def get_categories(self, organisation: Organisation) -> list[str]:
        return [row.category.code for row in organisation.responsibilities.all()]


class TokenRequestSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
