"""Registration: a name if one likes, and the agreement that clause 5.1 and the law on personal data ask for."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.account.keep_profile import NAME_LENGTH, keep_name
from opencity_issues.models import Citizen


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
