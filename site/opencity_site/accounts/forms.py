"""Registration: a name if one likes, and the agreement that clause 5.1 and the law on personal data ask for."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues.models import Citizen

NAME_LENGTH = 100


class SignupForm(forms.Form):
    """Added by allauth to its own fields (e-mail, password)."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("The organisations that work on your issue see it. Others only if you choose so."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    terms = forms.BooleanField(
        label=_("I accept the terms of use"), error_messages={"required": _("Without this we cannot register you.")}
    )
    consent = forms.BooleanField(
        label=_("I agree to the processing of my personal data"),
        error_messages={"required": _("Without this we cannot register you.")},
    )
    field_order = ["email", "email2", "name", "password1", "terms", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password1" in self.fields:
            self.fields["password1"].required = False

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Keep the name, and the agreement with its version and moment."""
        keep_name(user, self.cleaned_data.get("name", ""))
        citizen, _created = Citizen.objects.get_or_create(user=user)
        citizen.language = (get_language() or "uk")[:2]
        citizen.accept_terms()
        citizen.save()


class ProfileForm(forms.Form):
    """What a person says about him- or herself."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    show_name = forms.BooleanField(label=_("Show my name beside my comments"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the letters to me"), choices=(("uk", "Українська"), ("en", "English"))
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        self.citizen = Citizen.objects.get_or_create(user=user)[0]
        initial = {"name": user.get_full_name(), "show_name": self.citizen.show_name, "language": self.citizen.language}
        super().__init__(*args, initial=initial, **kwargs)

    def save(self) -> None:
        """Keep what was said."""
        keep_name(self.user, self.cleaned_data["name"])
        self.citizen.show_name = self.cleaned_data["show_name"]
        self.citizen.language = self.cleaned_data["language"]
        self.citizen.save(update_fields=["show_name", "language"])


def keep_name(user: Any, name: str) -> None:
    """A name as people write it becomes the two columns that Django has for it."""
    first, _space, last = " ".join(name.split()).partition(" ")
    user.first_name, user.last_name = first[:150], last[:150]
    user.save(update_fields=["first_name", "last_name"])
