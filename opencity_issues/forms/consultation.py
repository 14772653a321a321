"""What is filled in about consultation (5.5, 5.6). Field names are those of the actions' refusals."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.consultation.consult import NAME_LENGTH, TEXT_LENGTH
from opencity_issues.actions.consultation.hold_seminar import (
    MINUTES,
    PLACE_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    Guest,
    SeminarWords,
)
from opencity_issues.actions.consultation.plan_consultation import MEASURE_LENGTH, Measure, PlanWords
from opencity_issues.actions.consultation.publish_instruction import TEXT_LENGTH as INSTRUCTION_LENGTH
from opencity_issues.enums import Way
from opencity_issues.models import ConsultationPlan, Membership, Organisation, Seminar

EMPTY_MEASURES = 3
"""How many empty lines a plan's form offers below those that are there; more come with each saving."""

OTHER_WAYS = [(way.value, way.label) for way in Way if way != Way.SYSTEM]


def _text(label: Any, help_text: Any = "", *, rows: int = 4, at_most: int = TEXT_LENGTH, required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=at_most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _day(label: Any, *, required: bool = True) -> Any:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AskForm(forms.Form):
    question = _text(
        _("Your question"), _("The moderator answers here, and a letter comes to your organisation's mailbox.")
    )
    number = forms.IntegerField(
        label=_("Number of the issue"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("If it is about one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    shared = forms.BooleanField(
        label=_("The answer may help other organisations"),
        required=False,
        initial=True,
        help_text=_(
            "They then read the question and the answer, but neither who asked nor the issue's number. The control body "
            "does not see them either."
        ),
    )


class AnswerQuestionForm(forms.Form):
    answer = _text(_("Answer"), rows=5)


class NoteAdviceForm(forms.Form):
    """A note of the moderator's. `who` is "member-7" or "organisation-3"."""

    who = forms.ChoiceField(label=_("Who asked"))
    name = forms.CharField(
        label=_("Name"), required=False, max_length=NAME_LENGTH, help_text=_("If the person has no account here.")
    )
    way = forms.ChoiceField(label=pgettext_lazy("consultation", "How"), choices=OTHER_WAYS, initial=Way.PHONE)
    question = _text(_("What was asked"), rows=3)
    answer = _text(_("What you answered"), rows=3)

    def __init__(self, *args: Any, city_id: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note-%s", **kwargs)
        self.members = {
            one.pk: one
            for one in Membership.objects.live()
            .filter(organisation__city=city_id)
            .select_related("organisation", "user")
            .order_by("organisation__name_uk", "pk")
        }
        self.organisations = {one.pk: one for one in Organisation.objects.active().filter(city=city_id)}
        self.fields["who"].choices = [("", _("Choose"))] + [
            (organisation.name, self._people_of(organisation)) for organisation in self.organisations.values()
        ]

    def _people_of(self, organisation: Organisation) -> list[tuple[str, str]]:
        people = [
            (f"member-{one.pk}", f"{one.user.get_full_name() or one.user.email} — {organisation.name}")
            for one in self.members.values()
            if one.organisation_id == organisation.pk
        ]
        somebody = _("Somebody else — %(organisation)s") % {"organisation": organisation.name}
        return [*people, (f"organisation-{organisation.pk}", str(somebody))]

    @property
    def asked(self) -> tuple[Organisation, int | None]:
        """The organisation that asked, and its member where one was chosen."""
        kind, _dash, key = self.cleaned_data["who"].partition("-")
        if kind == "member":
            return self.members[int(key)].organisation, self.members[int(key)].user_id
        return self.organisations[int(key)], None


class PlanForm(forms.Form):
    first_day = _day(pgettext_lazy("period", "From"))
    last_day = _day(pgettext_lazy("period", "To"))
    text = _text(_("Aims and order"), rows=5, required=False)

    def __init__(self, *args: Any, plan: ConsultationPlan | None = None, **kwargs: Any) -> None:
        items = list(plan.items.all()) if plan else []
        if plan is not None:
            kwargs["initial"] = {"first_day": plan.first_day, "last_day": plan.last_day, "text": plan.text}
        super().__init__(*args, **kwargs)
        rows = [{"what": item.what, "way": item.way, "due_on": item.due_on} for item in items]
        data = args[0] if args else None
        self.measures = MeasureSet(data, initial=None if data is not None else rows, prefix="measures")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.measures.is_valid()])

    @property
    def words(self) -> PlanWords:
        given = self.cleaned_data
        measures = [
            Measure(one["what"], one["way"], one["due_on"]) for one in self.measures.cleaned_data if one.get("what")
        ]
        return PlanWords(given["first_day"], given["last_day"], given["text"], measures)


class MeasureForm(forms.Form):
    what = forms.CharField(label=_("Measure"), required=False, max_length=MEASURE_LENGTH)
    way = forms.ChoiceField(label=pgettext_lazy("consultation", "How"), choices=Way.choices, initial=Way.PHONE)
    due_on = _day(_("By when"), required=False)

    use_required_attribute = False

    def has_changed(self) -> bool:
        """A line counts by its words; emptied, it is taken out."""
        return "what" in self.changed_data or "due_on" in self.changed_data

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("due_on") and not given.get("what"):
            self.add_error("what", _("Say what is to be done by this day."))
        return given


MeasureSet = forms.formset_factory(MeasureForm, extra=EMPTY_MEASURES, max_num=60)


class RemarksForm(forms.Form):
    remarks = _text(_("Remarks"), _("What is to be otherwise. The control body gets them by letter."))


class SeminarForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    starts_at = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(label=_("Length, minutes"), initial=90, min_value=MINUTES[0], max_value=MINUTES[1])
    place = forms.CharField(label=_("Place"), max_length=PLACE_LENGTH)
    text = _text(_("Programme"), rows=6, required=False)

    def __init__(self, *args: Any, seminar: Seminar | None = None, **kwargs: Any) -> None:
        if seminar is not None:
            names = ("title", "starts_at", "minutes", "place", "text")
            kwargs["initial"] = {name: getattr(seminar, name) for name in names}
        super().__init__(*args, **kwargs)

    @property
    def words(self) -> SeminarWords:
        given = self.cleaned_data
        starts_at: datetime = given["starts_at"]
        return SeminarWords(given["title"], starts_at, given["place"], given["minutes"], given["text"])


class CancelForm(forms.Form):
    reason = _text(
        _("Why it is cancelled"), _("Those who have signed up get it by letter."), rows=3, at_most=REASON_LENGTH
    )


class OrganisationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class GuestForm(forms.Form):
    """Who came besides, one a line."""

    organisation = OrganisationChoice(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("Choose")
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=NAME_LENGTH)

    use_required_attribute = False

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(given.get("name", "").strip()) != bool(given.get("organisation")) and not self.errors:
            raise forms.ValidationError(_("Give both the name and the organisation."))
        return given


GuestSet = forms.formset_factory(GuestForm, extra=2, max_num=30)


def guests_of(rows: Iterable[dict[str, Any]]) -> list[Guest]:
    """The filled-in lines of a guest set."""
    return [Guest(row["organisation"], row["name"]) for row in rows if row.get("organisation") and row.get("name")]


class InstructionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    text = _text(_("Text"), rows=8, at_most=INSTRUCTION_LENGTH, required=False)
    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        help_text=_("Up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class SearchForm(forms.Form):
    text = forms.CharField(label=_("Search in the answers"), required=False, max_length=100)


def first_days(today: date) -> dict[str, date]:
    """The period that a new plan begins with: the quarter of a day."""
    month = (today.month - 1) // 3 * 3 + 1
    following = date(today.year + (month + 3) // 13, (month + 2) % 12 + 1, 1)
    return {"first_day": date(today.year, month, 1), "last_day": date.fromordinal(following.toordinal() - 1)}
