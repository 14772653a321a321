"""What the moderator and the control body fill in for a report: its period, its words, its signer. Names as in the refusals."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.reports.compile_report import SIGNER_LENGTH, WORDS_LENGTH
from opencity_issues.enums import ReportKind
from opencity_issues.models import Organisation
from opencity_issues.procedure.report_periods import Period, month_of, week_of

LONGEST = 5 * 366
"""Days that a general report may be about."""


class PeriodForm(forms.Form):
    """A report by hand: of the week or the month of a day, or of any days for the control body."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=pgettext_lazy("report", "Report"), widget=forms.RadioSelect)
    first_day = forms.DateField(
        label=_("A day of the week or month"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=pgettext_lazy("report", "Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, organisation: Organisation, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="period-%s", **kwargs)
        kinds = kinds_of(organisation)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0] if kinds else ""
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
        if ReportKind.GENERAL not in kinds:
            del self.fields["last_day"]
        elif len(kinds) == 1:
            self.fields["first_day"].label = pgettext_lazy("report", "First day")
            self.fields["last_day"].required = True
        else:
            self.fields["last_day"].help_text = _("For a general report; its first day is the one above.")
        previous = month_of(today).previous()
        self.fields["first_day"].initial = week_of(today).previous().first_day
        if ReportKind.GENERAL in kinds and len(kinds) == 1:
            self.fields["first_day"].initial = previous.first_day
            self.fields["last_day"].initial = previous.last_day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if cleaned.get("kind") == ReportKind.GENERAL and first:
            if last is None:
                if "last_day" not in self.errors:
                    self.add_error("last_day", _("Please fill this in."))
            elif last < first:
                self.add_error("last_day", _("The last day lies before the first one."))
            elif (last - first).days > LONGEST:
                self.add_error("last_day", _("A report is about five years at most."))
        return cleaned

    @property
    def period(self) -> Period:
        """The period meant; call it on a valid form."""
        given = self.cleaned_data
        match given["kind"]:
            case ReportKind.WEEKLY:
                return week_of(given["first_day"])
            case ReportKind.MONTHLY:
                return month_of(given["first_day"])
        return Period(given["first_day"], given["last_day"])


class ReportWordsForm(forms.Form):
    """Words and signer of a draft; only signing asks for the signer and the confirmation."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("Conclusions and proposals"),
        required=False,
        max_length=WORDS_LENGTH,
        help_text=_(
            "What went well, what did not, and what you propose to the control body. Each line becomes a paragraph."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    signer = forms.CharField(
        label=_("Signed by"),
        required=False,
        max_length=SIGNER_LENGTH,
        help_text=_("Position and name, with a comma between: “Head of the board, Olena Tkachenko”."),
    )
    confirmed = forms.BooleanField(
        label=_("I have read the figures and the words"),
        required=False,
        help_text=_("After signing nothing in the report can be changed."),
    )

    def __init__(self, *args: Any, signing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="report-%s", **kwargs)
        self.fields["signer"].required = self.fields["confirmed"].required = signing
        self.fields["confirmed"].error_messages["required"] = str(_("Please confirm."))


def kinds_of(organisation: Organisation) -> list[ReportKind]:
    """The kinds of report that an organisation writes: the moderator's (5.4), the control body's (2.9)."""
    kinds = [ReportKind.WEEKLY, ReportKind.MONTHLY] if organisation.is_moderator else []
    return [*kinds, ReportKind.GENERAL] if organisation.is_control_body else kinds
