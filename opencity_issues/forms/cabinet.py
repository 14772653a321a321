"""What staff fill in at their desks. Field names are those of the actions' refusals, so that each lands at its field."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.contribute import TEXT_LENGTH
from opencity_issues.enums import UndertakingState
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.models.media import Media
from opencity_issues.procedure.moderation import GROUNDS, REFUSAL_GROUNDS, TAKING_DOWN_GROUNDS, Ground
from opencity_issues.queries.community.initiatives import words_for

ACCEPTED_FILES = "image/jpeg,image/png,image/webp,image/heic,image/heif,video/mp4,video/webm"


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files under one name; cleaned into a list, empty where none was chosen."""

    widget = ManyFilesInput(attrs={"accept": ACCEPTED_FILES, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        single = super().clean
        chosen = data if isinstance(data, list | tuple) else [data]
        return [single(one, initial) for one in chosen if one]


def long_text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A text of a contribution's length."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeedForm(forms.Form):
    """Base of all forms of deeds. `issue` and `organisation` are those acted upon and acted for."""

    kept: list[Media]

    def __init__(self, *args: Any, issue: IssuePage, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="deed-%s", **kwargs)
        self.issue, self.organisation = issue, organisation
        self.kept = []

    def take_refusal(self, fields: dict[str, Any], message: Any) -> None:
        """Show what an action found missing at its fields, the rest above the form."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, str(words))
        if not fields:
            self.add_error(None, str(message))


class ConfirmForm(DeedForm):
    """A deed that needs nothing but a yes."""


class FilesForm(DeedForm):
    """With photos that survive an error: those already let in come back by their token."""

    files = ManyFilesField(
        label=_("Photos or video"),
        required=False,
        help_text=_("JPEG, PNG, WebP or HEIC, up to 10 MB each; MP4 or WebM, up to 50 MB."),
    )


class CloseForm(DeedForm):
    answer = long_text(_("Grounds for closing"), _("The organisation's answer, or what the check has shown."))


class ReasonForm(DeedForm):
    reason = long_text(_("Reason"))


class SelfOrganisationForm(ReasonForm):
    """T3, with the words ready where residents have announced a meeting on the issue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = self.issue.initiatives.filter(state=UndertakingState.PLANNED, hidden_at=None).first()
        if ahead is not None:
            self.fields["reason"].initial = words_for(ahead)


class OrganisationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class AssignForm(DeedForm):
    organisation = OrganisationChoice(
        label=_("Send to"), queryset=Organisation.objects.none(), empty_label=_("Choose an organisation")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        busy = [one.organisation_id for one in self.issue.assignments.all() if one.is_active]
        self.fields["organisation"].queryset = (
            Organisation.objects.active().filter(city_id=self.issue.city_id, is_executor=True).exclude(pk__in=busy)
        )


def _grounds(offered: Iterable[Ground]) -> list[tuple[str, Any]]:
    return [
        (
            ground.value,
            _("%(words)s (cl. %(clause)s)") % {"words": GROUNDS[ground].words, "clause": GROUNDS[ground].clause},
        )
        for ground in offered
    ]


class GroundForm(DeedForm):
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    reason = long_text(
        _("In your words, to the author"),
        _("Ready words come with the ground; write what fits better."),
        required=False,
    )
    offered: tuple[Ground, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _grounds(self.offered)
        # A script puts them in as a ground is chosen; without it they are sent where nothing was written.
        ready = {ground.value: str(GROUNDS[ground].ready) for ground in self.offered}
        self.fields["reason"].widget.attrs["data-ready"] = json.dumps(ready, ensure_ascii=False)

    def clean_reason(self) -> str:
        """One's own words, or the ready ones of the ground."""
        given: str = self.cleaned_data.get("reason", "").strip()
        ground = self.cleaned_data.get("ground")
        return given or (str(GROUNDS[Ground(ground)].ready) if ground else "")


class RefuseForm(GroundForm):
    offered = REFUSAL_GROUNDS


class TakeDownForm(GroundForm):
    offered = TAKING_DOWN_GROUNDS


class HideForm(DeedForm):
    reason = forms.CharField(
        label=_("Why it is hidden"), max_length=250, help_text=_("For example: a face, a number plate, an insult.")
    )


class BlockForm(DeedForm):
    reason = long_text(_("Why this person is blocked"), _("He or she can no longer report or comment."))


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
