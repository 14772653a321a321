"""A citizen's choice of letters, and what the control body says of a letter that did not arrive."""

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import LetterChoice, Way
from opencity_issues.forms.cabinet import DeedForm

TOLD_OTHERWISE = (Way.PHONE, Way.MEETING, Way.EMAIL)


class LettersForm(forms.Form):
    letters = forms.ChoiceField(
        label=_("When do you want letters about your issues?"), choices=LetterChoice.choices, widget=forms.RadioSelect
    )


class BounceFields(forms.Form):
    """How the addressee was told otherwise; the words become an internal note on the issue."""

    way = forms.ChoiceField(
        label=_("How was it told?"),
        choices=[(way.value, way.label) for way in TOLD_OTHERWISE],
        initial=Way.PHONE.value,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("To whom, and what was agreed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class BounceForm(BounceFields, DeedForm):
    """The same at the desk of the issue."""
