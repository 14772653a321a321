"""What a person says about the own account: profile, a key for a program, and that it shall be erased."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.account.keep_profile import NAME_LENGTH, has_name
from opencity_issues.models import Citizen


class ProfileForm(forms.Form):
    """The name stands in it where the host's accounts keep one."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("The organisations that work on your issue see it. Others only if you choose so."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    show_name = forms.BooleanField(
        label=_("Show my name beside my comments and new issues"),
        required=False,
        help_text=_("For each issue you can choose otherwise on its page."),
    )
    language = forms.ChoiceField(label=_("Language of the letters to me"))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        citizen = Citizen.objects.filter(user=user).first() or Citizen(user=user)
        initial = {"show_name": citizen.show_name, "language": citizen.language}
        if has_name(user):
            initial["name"] = user.get_full_name()
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        if not has_name(user):
            del self.fields["name"]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is the key for?"), max_length=100)


class EraseForm(forms.Form):
    """The password, or where the person signs in without one the account's address, typed."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        if self._has_password:
            self.fields["proof"] = forms.CharField(
                label=_("Your password"),
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["proof"] = forms.CharField(
                label=_("Type your e-mail address to confirm"),
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )

    @property
    def _has_password(self) -> bool:
        return bool(self.user.password) and self.user.has_usable_password()

    def clean_proof(self) -> str:
        proof = self.cleaned_data["proof"]
        if self._has_password:
            if not self.user.check_password(proof):
                raise forms.ValidationError(_("This is not your password."))
        elif proof.strip().lower() != getattr(self.user, self.user.get_email_field_name(), "").lower():
            raise forms.ValidationError(_("This is not the address of your account."))
        return str(proof)
