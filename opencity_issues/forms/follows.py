"""What a person says about following: when letters come, and a circle on the map."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.follow import NAME_LENGTH, TIMES, Place
from opencity_issues.enums import LetterChoice
from opencity_issues.queries.circle import Circle
from opencity_issues.queries.follows import Followed, metres_in_words

RADII = (200, 500, 1000, 2000, 3000, 5000)
"""Metres that are offered."""

WHEN = [(choice.value, choice.label) for choice in TIMES]


def _radii() -> list[tuple[int, str]]:
    return [(metres, metres_in_words(metres)) for metres in RADII]


class PlaceForm(forms.Form):
    """A circle: its middle comes from the map, or from the address of the view that it was drawn from."""

    name = forms.CharField(
        label=_("What do you call this place?"),
        max_length=NAME_LENGTH,
        help_text=_("For yourself alone: home, school, the way to work."),
    )
    lng = forms.FloatField(widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, min_value=-85, max_value=85)
    radius = forms.TypedChoiceField(label=_("How far around it?"), choices=_radii, coerce=int)
    how = forms.ChoiceField(
        label=_("When do letters come?"), choices=WHEN, widget=forms.RadioSelect, initial=LetterChoice.DAILY.value
    )

    @property
    def place(self) -> Place:
        """Of a valid form."""
        said = self.cleaned_data
        return Place(said["name"], Circle(said["lng"], said["lat"], said["radius"]))


class FollowTimesForm(forms.Form):
    """By the link of a letter: when the letters about each thing come, or never."""

    def __init__(self, followed: Sequence[Followed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in followed:
            self.fields[f"follow-{one.follow.pk}"] = forms.ChoiceField(
                label=one.name,
                choices=[*WHEN, (LetterChoice.NONE.value, LetterChoice.NONE.label)],
                initial=one.follow.how,
            )

    @property
    def choices(self) -> dict[int, str]:
        """The chosen timing by the key of the following."""
        return {int(name.partition("-")[2]): how for name, how in self.cleaned_data.items()}
