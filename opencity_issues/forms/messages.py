"""The warning and the repeated message as a desk writes them: ready-written for what an organisation has missed (4.3, 4.4)."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.clock.ready_messages import ready_texts
from opencity_issues.enums import ContributionKind, Way
from opencity_issues.forms.cabinet import DeedForm, OrganisationChoice, long_text
from opencity_issues.models import Organisation


class MessageForm(DeedForm):
    """To one of the organisations at work, first to the one that has been late the longest.

    A ready text that was left as it is becomes that of the organisation chosen: no script is needed for it.
    """

    kind = ContributionKind.WARNING
    organisation = OrganisationChoice(
        label=pgettext_lazy("addressee", "To"), queryset=Organisation.objects.none(), empty_label=None
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=[(Way.SYSTEM, _("By letter, now")), (Way.PHONE, _("I have said it by telephone: only record it"))],
        initial=Way.SYSTEM,
        required=False,
        widget=forms.RadioSelect,
    )
    text = long_text(_("Message"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        busy = [one.organisation_id for one in self.issue.assignments.all() if one.is_active]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=busy)
        self.ready = ready_texts(self.kind, self.issue, timezone.now())
        if self.ready:
            first, text = next(iter(self.ready.items()))
            self.fields["organisation"].initial, self.fields["text"].initial = first, text
        if len(self.ready) > 1:
            self.fields["text"].help_text = _(
                "Left as it is, it becomes the ready text for the organisation you choose."
            )

    def clean_way(self) -> Way:
        return Way(self.cleaned_data["way"] or Way.SYSTEM)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = given.get("organisation")
        text = " ".join(given.get("text", "").split())
        untouched = any(text == " ".join(ready.split()) for ready in self.ready.values())
        if chosen is not None and untouched:
            given["text"] = self.ready.get(chosen.pk, given["text"])
        return given


class WarningForm(MessageForm):
    """The control body's urgent warning."""


class RepeatedForm(MessageForm):
    """The moderator's repeated message. Only the letter opens T4, which the form says."""

    kind = ContributionKind.REPEATED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].help_text = _(
            "Only the letter to the mailbox lets the control body accept the issue itself (3.2)."
        )
