"""What is filled in once for several issues. What goes into each is said by `views/desk/bulk_deeds.py`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import AcceptanceKind, Way
from opencity_issues.forms.cabinet import OrganisationChoice, long_text
from opencity_issues.models import AnswerTemplate, Organisation


class BulkForm(forms.Form):
    """Base: `organisation` is the one acted for."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="bulk-%s", **kwargs)
        self.organisation = organisation


class BulkAssignForm(BulkForm):
    organisation = OrganisationChoice(
        label=_("Send to"), queryset=Organisation.objects.none(), empty_label=_("Choose an organisation")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receivers = Organisation.objects.active().filter(city_id=self.organisation.city_id, is_executor=True)
        self.fields["organisation"].queryset = receivers


class BulkMessageForm(BulkForm):
    text = long_text(
        _("Message"),
        _("Empty: each organisation gets the ready text with its own missed term."),
        required=False,
    )


class BulkInformHeadForm(BulkForm):
    way = forms.ChoiceField(label=_("How the head learns of it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [
            (Way.MEETING, pgettext_lazy("head informed", "I have told him or her in person")),
            (Way.PHONE, pgettext_lazy("head informed", "I have told him or her by telephone")),
        ]
        letter = (Way.EMAIL, _("Send a letter about each issue to %(email)s") % {"email": self.organisation.head_email})
        self.fields["way"].choices = [letter, *said] if self.organisation.head_email else said
        self.fields["way"].initial = Way.MEETING


class BulkExecutorForm(BulkForm):
    executor = forms.CharField(
        label=_("Executor"),
        max_length=200,
        help_text=_("Whom the head has appointed: position and name. Shown on the card."),
    )


class BulkAcceptForm(BulkExecutorForm):
    planned_date = forms.DateField(
        label=_("Planned date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        label=_("Accepted to"), choices=AcceptanceKind.choices, initial=AcceptanceKind.SOLVE, widget=forms.RadioSelect
    )


class TemplateChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: AnswerTemplate) -> str:
        return obj.title


class BulkAnswerForm(BulkForm):
    template = TemplateChoice(
        label=_("Template"),
        queryset=AnswerTemplate.objects.none(),
        required=False,
        empty_label=_("No template"),
        help_text=_("Its text goes out where the field below is empty."),
    )
    text = long_text(
        _("Answer"), _("Blanks that fill themselves in: {number}, {title}, {executor}, {planned_date}."), required=False
    )
    planned_date = forms.DateField(
        label=_("Planned date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    explains = forms.BooleanField(
        label=_("These are justified reasons why it cannot be solved now"),
        required=False,
        help_text=_("Meets the 30 days of clause 4.4; the card says “explained, not solved”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = AnswerTemplate.objects.filter(organisation=self.organisation)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("text") and given.get("template"):
            given["text"] = given["template"].text
        if not given.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write the answer or choose a template."))
        return given
