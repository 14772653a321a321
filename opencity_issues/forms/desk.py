"""What narrows a desk, and the name under which a view of it is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import Status
from opencity_issues.forms.cabinet import OrganisationChoice
from opencity_issues.models import Category, District, IssueIndexPage, Organisation, SavedFilter
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.desk.narrowing import ANY_CLAUSE, NOT_SOLVED, NOWHERE, DeskFilter
from opencity_issues.queries.desk.queues import Function

NARROWING = (
    "text",
    "status",
    "category",
    "organisation",
    "executor",
    "late",
    "district",
    "from",
    "to",
    "due",
    "clause",
)
"""Parameters of a desk's address that narrow it."""

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DistrictField(forms.ModelChoiceField):
    """A district by its key, or NOWHERE for issues without one."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)

    def clean(self, value: Any) -> Any:
        return NOWHERE if value == NOWHERE else super().clean(value)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (OverflowError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class DeskFilterForm(forms.Form):
    """What narrows a queue. Values that make no sense narrow nothing; lists are read only where they are shown or chosen."""

    text = forms.CharField(required=False, max_length=120, label=_("Words or number"))
    status = forms.ChoiceField(
        required=False,
        label=_("Status"),
        choices=[("", _("Any status")), (NOT_SOLVED, _("Not solved")), *Status.choices],
    )
    category = forms.ModelChoiceField(
        required=False,
        label=_("Category"),
        queryset=Category.objects.active(),
        to_field_name="code",
        empty_label=_("Any category"),
    )
    organisation = OrganisationChoice(
        required=False,
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        empty_label=_("Any organisation"),
    )
    executor = forms.CharField(required=False, max_length=120, label=_("Executor"))
    late = forms.ChoiceField(
        required=False,
        label=_("Overdue"),
        choices=[
            ("", _("Overdue or not")),
            (ANY_CLAUSE, _("Overdue")),
            ("4.2", _("Head not informed (4.2)")),
            ("4.3", _("Not accepted (4.3)")),
            ("4.4", _("Not answered (4.4)")),
        ],
    )
    district = DistrictField(
        required=False, label=_("District"), queryset=District.objects.none(), empty_label=_("Any district")
    )
    due = forms.DateField(required=False, label=_("Due on"), widget=DAY)
    clause = forms.ChoiceField(required=False, choices=[("", ""), *((one, one) for one in MISSABLE)])

    def __init__(self, *args: Any, city: IssueIndexPage, function: Function = Function.CONTROL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(required=False, label=_("Registered from"), widget=DAY)
        self.fields["to"] = forms.DateField(required=False, label=pgettext_lazy("period", "until"), widget=DAY)
        self.fields["organisation"].queryset = Organisation.objects.active().filter(city=city)
        self.fields["district"].queryset = District.objects.filter(city=city)
        if function == Function.WORK:
            del self.fields["organisation"]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields of the panel, in their order."""
        names = ["status", "late", "organisation", "executor", "category", "district", "from", "to", "due"]
        return [self[name] for name in names if name in self.fields]

    @property
    def chosen(self) -> DeskFilter:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        given = self.cleaned_data
        district = given.get("district")
        return DeskFilter(
            text=given.get("text", "").strip(),
            status=given.get("status", ""),
            category=given.get("category"),
            organisation=given.get("organisation"),
            executor=given.get("executor", "").strip(),
            late=given.get("late", ""),
            district=None if district == NOWHERE else district,
            nowhere=district == NOWHERE,
            first=given.get("from"),
            last=given.get("to"),
            due=given.get("due"),
            clause=given.get("clause", "") if given.get("due") else "",
        )


class SavedFilterForm(forms.ModelForm):
    """The name of a view that a person keeps."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        labels = {"name": _("Name of this view")}
