"""What responsible workers fill in about their organisation's part of an issue (4.2–4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import AcceptanceKind, ContributionKind, MediaKind, Way
from opencity_issues.forms.cabinet import DeedForm, FilesForm, long_text
from opencity_issues.models import AnswerTemplate, Assignment, Contribution, Media, Membership
from opencity_issues.procedure.letters import answer_templates


def planned_day(label: Any = "", help_text: Any = "") -> forms.DateField:
    """A day that need not be given."""
    return forms.DateField(
        label=label or _("Planned date"),
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def executor_address() -> forms.EmailField:
    return forms.EmailField(
        label=_("Executor's e-mail"),
        required=False,
        max_length=254,
        help_text=_(
            "If given, the executor gets a private link: to see the issue, ask, and report done. No account is needed. The address is not public."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PartForm(DeedForm):
    """A deed of an organisation about its own part of the issue."""

    @property
    def own(self) -> Assignment | None:
        parts = self.issue.assignments.all()
        return next((one for one in parts if one.organisation_id == self.organisation.pk), None)


class AcceptForm(PartForm):
    executor = forms.CharField(
        label=_("Executor"),
        max_length=200,
        help_text=_("Whom the head has appointed: position and name. Shown on the card."),
    )
    executor_email = executor_address()
    planned_date = planned_day(help_text=_("When it is to be done, if known. Shown on the card."))
    kind = forms.ChoiceField(
        label=_("Accepted to"), choices=AcceptanceKind.choices, initial=AcceptanceKind.SOLVE, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.own is not None:
            self.fields["executor"].initial = self.own.executor


class InformHeadForm(DeedForm):
    """The way may be left out: it was said in person then."""

    way = forms.ChoiceField(label=_("How the head learns of it"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.organisation.head_email
        said = [
            (Way.MEETING, pgettext_lazy("head informed", "I have told him or her in person")),
            (Way.PHONE, pgettext_lazy("head informed", "I have told him or her by telephone")),
        ]
        letter = (Way.EMAIL, _("Send a letter with the whole issue to %(email)s") % {"email": address})
        self.fields["way"].choices = [letter, *said] if address else said
        self.fields["way"].initial = Way.EMAIL if address else Way.MEETING
        if not address:
            self.fields["way"].help_text = _("The head's e-mail address is not known. The operator enters it.")


class ExecutorForm(PartForm):
    executor = forms.CharField(label=_("Executor"), max_length=200, help_text=_("Position and name."))
    executor_email = executor_address()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.own is not None:
            self.fields["executor"].initial = self.own.executor
            self.fields["executor_email"].initial = self.own.executor_email


class QuestionForm(DeedForm):
    text = long_text(_("Question"), _("What do you need to know from the author?"))


class ReturnForm(DeedForm):
    reason = long_text(_("Why it is not yours"), _("And whose it is, if you know. The control body sends it on."))


class SendBackForm(DeedForm):
    reason = long_text(_("What is still to be done"), _("The executor gets it by e-mail, with the link again."))


class NoteForm(DeedForm):
    text = long_text(_("Note for colleagues"))


@dataclass(frozen=True)
class OfferedTemplate:
    """A template as this issue fills it in; `left` are the blanks that stayed."""

    key: int
    title: str
    text: str
    left: Sequence[str]


class TemplatedForm(FilesForm):
    """A text that can be begun from one of the organisation's templates (4.4)."""

    templated = "text"

    def templates(self) -> list[OfferedTemplate]:
        return [self._filled(one) for one in self.organisation.answer_templates.all()]

    def begin_from(self, key: str) -> None:
        """Begin the text with a template; an unknown one changes nothing."""
        found = (
            self.organisation.answer_templates.filter(pk=int(key)).first()
            if key.isdecimal() and len(key) < 18
            else None
        )
        if found is not None:
            filled = self._filled(found)
            self.initial[self.templated] = filled.text
            if filled.left:
                self.fields[self.templated].help_text = _("Not filled in: %(blanks)s.") % {
                    "blanks": ", ".join(filled.left)
                }

    def _filled(self, template: AnswerTemplate) -> OfferedTemplate:
        own = next((one for one in self.issue.assignments.all() if one.organisation_id == self.organisation.pk), None)
        planned = own.planned_date if own is not None else None
        filled = answer_templates.fill(
            template.text,
            {
                "number": str(self.issue.number),
                "title": self.issue.title,
                "executor": own.executor if own is not None else "",
                "planned_date": formats.date_format(planned, "j E Y") if planned else "",
            },
        )
        return OfferedTemplate(template.pk, template.title, filled.text, filled.left)


class AnswerForm(TemplatedForm):
    text = long_text(_("Answer"))
    planned_date = planned_day()
    explains = forms.BooleanField(
        label=_("These are justified reasons why it cannot be solved now"),
        required=False,
        help_text=_("Meets the 30 days of clause 4.4; the card says “explained, not solved”."),
    )
    field_order = ["text", "planned_date", "explains", "files"]


class PhotoChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Media) -> str:
        if obj.kind == MediaKind.VIDEO:
            return format_html('<a href="{}">{}</a>', obj.url(), obj.get_kind_display())
        return format_html('<img src="{}" alt="{}" width="160" height="120">', obj.url("thumb"), _("Photo"))


class ConfirmingForm(TemplatedForm):
    """A report that the work is done. Where the executor has reported by the private link, it begins with his or her words."""

    executed = PhotoChoice(
        label=_("The executor's photos that become public"),
        queryset=Media.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report = self._executor_report()
        photos = Media.objects.filter(contribution=report, hidden_at=None) if report else Media.objects.none()
        if report is None or not photos.exists():
            del self.fields["executed"]
        else:
            self.fields["executed"].queryset = photos
            self.fields["executed"].initial = [one.pk for one in photos]
        if report is not None:
            self.initial.setdefault(self.templated, report.text)
            self.fields[self.templated].help_text = _("The words of the executor, %(name)s. You may change them.") % {
                "name": report.executor
            }

    def _executor_report(self) -> Contribution | None:
        own = next((one for one in self.issue.assignments.all() if one.organisation_id == self.organisation.pk), None)
        if own is None or own.executor_done_at is None:
            return None
        reports = self.issue.contributions.filter(kind=ContributionKind.EXECUTED, organisation=self.organisation)
        return reports.filter(created_at=own.executor_done_at).last()


class DoneForm(ConfirmingForm):
    templated = "answer"
    answer = long_text(_("What was done"))
    field_order = ["answer", "executed", "files"]


class ReworkForm(ConfirmingForm):
    text = long_text(
        _("What was done over"), _("The moderator or the control body checks it and closes the issue (4.7).")
    )
    field_order = ["text", "executed", "files"]


class AnswerTemplateForm(forms.Form):
    """Kept by `actions/cabinet/keep_templates.py`, which says what is wrong with it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = long_text(
        _("Text"),
        _("Blanks that fill themselves in: {number}, {title}, {executor}, {planned_date}."),
    )


class ColleagueChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.user.get_full_name() or obj.user.email)


class AbsenceForm(forms.Form):
    """An absence of one member; the deputies offered are the colleagues."""

    away_from = forms.DateField(
        label=_("First day of absence"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    away_until = planned_day(_("Last day of absence"), _("Empty, if it is not known yet."))
    deputy = ColleagueChoice(
        label=_("Deputy"), queryset=Membership.objects.none(), required=False, empty_label=_("nobody in particular")
    )

    def __init__(self, *args: Any, membership: Membership, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        kwargs.setdefault("initial", _absence_of(membership))
        super().__init__(*args, auto_id=f"absence-{membership.pk}-%s", **kwargs)
        others = [one.pk for one in colleagues if one.pk != membership.pk]
        self.fields["deputy"].queryset = Membership.objects.live().filter(pk__in=others).select_related("user")


def _absence_of(membership: Membership) -> dict[str, Any]:
    return {
        "away_from": membership.away_from,
        "away_until": membership.away_until,
        "deputy": membership.deputy_id,
    }
