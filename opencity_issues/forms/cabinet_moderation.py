"""What is filled in for moderation: complaints (5.3), opening again on residents' words, merging, checks at the place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.contribute import TEXT_LENGTH
from opencity_issues.enums import CheckOutcome, ContributionKind
from opencity_issues.forms.cabinet import DeedForm, ManyFilesField, long_text
from opencity_issues.models import District, IssueIndexPage
from opencity_issues.procedure.moderation import COMPLAINTS


class ComplainForm(DeedForm):
    kind = forms.ChoiceField(label=_("Of what you complain (5.3)"), widget=forms.RadioSelect)
    text = long_text(_("What is wrong"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, words) for kind, words in COMPLAINTS.items()]
        address = self.issue.city.config.support_email
        help_text = _("If only specifics are lacking, you may also ask the author at once.")
        if address:
            help_text = _("%(help)s By e-mail the moderator is reached at %(address)s.") % {
                "help": help_text,
                "address": address,
            }
        self.fields["text"].help_text = help_text


class ComplaintAnswerForm(DeedForm):
    text = long_text(_("Your answer to the organisation"), _("What you did, or why you leave it as it is."))


class ReopenForm(DeedForm):
    """Opening again; the words of residents who say that it is not solved are there to be used."""

    reason = long_text(_("Reason"), _("Everyone reads it on the card; leave out what shows who told you."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            flags = self.issue.contributions.filter(kind=ContributionKind.FLAG, handled_at=None, hidden_at=None)
            said = [words.strip() for words in flags.order_by("-created_at", "-pk").values_list("text", flat=True)[:2]]
            if said:
                quoted = " ".join(f"«{words}»" for words in said)
                self.fields["reason"].initial = _("Residents say: %(words)s") % {"words": quoted}


class MergeForm(forms.Form):
    """The main issue by its number."""

    number = forms.IntegerField(
        label=_("Number of the main issue"),
        min_value=1,
        max_value=999_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> int:
        return int(self.cleaned_data["number"])


class CameraInput(forms.ClearableFileInput):
    """On a telephone the camera opens at once."""

    allow_multiple_selected = True


class CheckForm(forms.Form):
    """What the moderator found at the place, filled in on a telephone in the street."""

    outcome = forms.ChoiceField(label=_("What is there"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In words"),
        help_text=_("Everyone reads it on the card. If it is solved, you may leave this empty."),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    files = ManyFilesField(label=_("Photo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="check-%s", **kwargs)
        self.fields["files"].widget = CameraInput(
            attrs={"accept": "image/*", "capture": "environment", "multiple": True}
        )

    def take_refusal(self, fields: dict[str, Any], message: Any) -> None:
        """Show what the action found missing at its fields, the rest above the form."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, str(words))
        if not fields:
            self.add_error(None, str(message))


class DistrictChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: District) -> str:
        return obj.name


class WalkForm(forms.Form):
    """Where the walk begins. Values that make no sense begin it in the city's centre."""

    district = DistrictChoice(
        label=_("District"), queryset=District.objects.none(), required=False, empty_label=_("Whole city")
    )
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-85, max_value=85, widget=forms.HiddenInput)

    def __init__(self, *args: Any, city: IssueIndexPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = District.objects.filter(city=city)

    @property
    def here(self) -> tuple[float, float] | None:
        """(lng, lat) where the visitor stands, if the browser told it."""
        lng, lat = self.cleaned_data.get("lng"), self.cleaned_data.get("lat")
        return (lng, lat) if lng is not None and lat is not None else None
