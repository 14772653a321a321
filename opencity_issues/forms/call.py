"""The one page on which the control body records an issue for a caller: the citizen's own questions, and who calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.record_call import NAME_LENGTH, PHONE_LENGTH, CallerWords
from opencity_issues.forms.cabinet import DeedForm, long_text
from opencity_issues.forms.report import PLEASE_FILL_IN, WhatForm, WhereForm, too_long


class CallForm(WhatForm, WhereForm):
    """What, where and who. The place may be left out when the caller names none."""

    name = forms.CharField(
        label=_("Caller's name"),
        validators=[too_long(NAME_LENGTH)],
        error_messages={"required": PLEASE_FILL_IN},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Caller's telephone"),
        validators=[too_long(PHONE_LENGTH)],
        error_messages={"required": PLEASE_FILL_IN},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    consent = forms.BooleanField(
        label=_("The caller agrees"),
        error_messages={"required": _("Without the caller's consent the call cannot be recorded.")},
    )
    no_place = forms.BooleanField(label=_("No exact place"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs.pop("enterkeyhint", None)
        self.fields["address"].help_text = _("A street and a house, or what is near by.")
        self.fields["description"].widget.attrs["rows"] = 4

    @property
    def caller(self) -> CallerWords:
        given = self.cleaned_data
        return CallerWords(given["name"], given["phone"], given["consent"])


class CallerReplyForm(DeedForm):
    text = long_text(
        _("What the caller answered"), _("The organisation and everybody will read it: no names, no numbers.")
    )
