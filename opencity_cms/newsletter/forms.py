"""What somebody says about news by e-mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_cms.models import NewsTiming

NEVER = ("none", pgettext_lazy("news letters", "Never"))


class TimingForm(forms.Form):
    """When the letters come, or never."""

    timing = forms.ChoiceField(
        label=_("When do you want the news by e-mail?"), choices=[*NewsTiming.choices, NEVER], widget=forms.RadioSelect
    )

    @property
    def choice(self) -> NewsTiming | None:
        """Of a valid form; None for never."""
        said = self.cleaned_data["timing"]
        return None if said == NEVER[0] else NewsTiming(said)


class SubscribeForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("A letter with a link comes there first: without your confirmation nothing more is sent."),
    )
    timing = forms.ChoiceField(
        label=_("When do you want the news by e-mail?"), choices=NewsTiming.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"timing": NewsTiming.WEEKLY.value}, **kwargs)
