"""What residents and organisations fill in when they undertake something themselves (1.1). Field names are those of the refusals."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.community.declare_project import ISSUES_AT_MOST, TITLE_LENGTH, ProjectWords
from opencity_issues.actions.community.organise_initiative import (
    CONTACT_LENGTH,
    PLACE_LENGTH,
    TASK_LENGTH,
    TASKS_AT_MOST,
    InitiativeWords,
)
from opencity_issues.actions.community.undertakings import REASON_LENGTH, TEXT_LENGTH
from opencity_issues.models import Category, District, Initiative, IssueIndexPage, IssuePage, Project
from opencity_issues.procedure.refusals import Refusal

PLEASE_WRITE = _("Please write something.")


def _text(label: Any, help_text: Any = "", *, rows: int = 4, at_most: int = TEXT_LENGTH, required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=at_most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": PLEASE_WRITE},
    )


class UndertakingForm(forms.Form):
    """Base: shows at its fields what an action found missing."""

    use_required_attribute = False

    def take_refusal(self, refusal: Refusal) -> None:
        """What has no field of its own stands above the form."""
        fields = getattr(refusal, "fields", {})
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, str(words))
        if not fields:
            self.add_error(None, str(refusal.message))


class InitiativeForm(UndertakingForm):
    text = _text(_("What we shall do"), _("In a few words: what is to be done and how."), rows=4)
    starts_at = forms.DateTimeField(
        label=_("When we meet"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Choose the day and the hour.")},
    )
    place = forms.CharField(
        label=_("Where we meet"), max_length=PLACE_LENGTH, error_messages={"required": _("Say where you meet.")}
    )
    needed = _text(_("What is needed"), _("For example: gloves, two rakes, bags."), rows=2, required=False)
    tasks = _text(
        _("Tasks"),
        _("One a line. Whoever joins can take a task on. For example: bring a saw; take the bags away."),
        rows=4,
        at_most=(TASK_LENGTH + 2) * TASKS_AT_MOST,
        required=False,
    )
    contact = forms.CharField(
        label=_("How to reach you"),
        required=False,
        max_length=CONTACT_LENGTH,
        help_text=_("A telephone or an e-mail. Only those who join see it, until the meeting is over."),
    )
    show_organiser = forms.BooleanField(
        label=_("Show my name as the organiser"),
        required=False,
        help_text=_("Without this the site says “Resident” instead."),
    )

    def __init__(self, *args: Any, initiative: Initiative | None = None, **kwargs: Any) -> None:
        if initiative is not None:
            names = ("text", "starts_at", "place", "needed", "contact", "show_organiser")
            kwargs["initial"] = {name: getattr(initiative, name) for name in names}
            kwargs["initial"]["tasks"] = "\n".join(task.text for task in initiative.tasks.all())
        super().__init__(*args, **kwargs)

    @property
    def words(self) -> InitiativeWords:
        given = self.cleaned_data
        return InitiativeWords(
            text=given["text"],
            starts_at=given["starts_at"],
            place=given["place"],
            needed=given["needed"],
            tasks=given["tasks"].splitlines(),
            contact=given["contact"],
            show_organiser=given["show_organiser"],
        )


class ResultForm(UndertakingForm):
    text = _text(_("What was done"), _("Everyone reads it on the card."), rows=5)


class ReasonForm(UndertakingForm):
    reason = _text(
        _("Why it is called off"), _("Everyone who takes part gets it by letter."), rows=2, at_most=REASON_LENGTH
    )


class HideUndertakingForm(UndertakingForm):
    reason = forms.CharField(label=_("Why it is hidden"), max_length=250, error_messages={"required": _("Say why.")})


class MoveForm(UndertakingForm):
    words = _text(_("The moderator's words"), _("Everyone reads them on the card."), rows=3)


class NumbersField(forms.CharField):
    """Numbers of issues with commas or spaces between; cleaned into a list."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        parts = text.replace(",", " ").replace("№", " ").replace(";", " ").split()
        if any(not (part.isascii() and part.isdigit() and len(part) < 10) for part in parts):
            raise forms.ValidationError(_("Write the numbers of issues with commas between."))
        return [int(part) for part in parts]


class ProjectForm(UndertakingForm):
    """`offered`: the issues of the need that the project is taken up from, or of the project that is changed.

    `chosen`: they are all ticked to begin with.
    """

    title = forms.CharField(
        label=_("Title of the project"), max_length=TITLE_LENGTH, error_messages={"required": _("Give it a title.")}
    )
    text = _text(_("What you will do"), _("Residents read it: what, how, by whose means, how they can help."), rows=6)
    starts_on = forms.DateField(
        label=pgettext_lazy("project", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day.")},
    )
    ends_on = forms.DateField(
        label=pgettext_lazy("project", "Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day.")},
    )
    chosen = forms.MultipleChoiceField(
        label=_("Issues of the project"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = NumbersField(
        label=_("Other issues by number"),
        required=False,
        max_length=10 * ISSUES_AT_MOST,
        help_text=_("With commas between, for example: 12, 45."),
    )

    def __init__(
        self, *args: Any, offered: list[IssuePage], project: Project | None = None, chosen: bool = False, **kwargs: Any
    ) -> None:
        if chosen:
            kwargs["initial"] = {"chosen": [str(one.number) for one in offered]}
        if project is not None:
            names = ("title", "text", "starts_on", "ends_on")
            kwargs["initial"] = {name: getattr(project, name) for name in names}
            kwargs["initial"]["chosen"] = [str(one.number) for one in offered]
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(one.number), f"№ {one.number} {one.title}") for one in offered]
        if not offered:
            del self.fields["chosen"]
            self.fields["numbers"].label = _("Issues by number")

    @property
    def words(self) -> ProjectWords:
        given = self.cleaned_data
        numbers = [*(int(one) for one in given.get("chosen", [])), *given["numbers"]]
        return ProjectWords(
            given["title"], given["text"], given["starts_on"], given["ends_on"], list(dict.fromkeys(numbers))
        )


class ProjectResultForm(UndertakingForm):
    text = _text(_("What was done"), _("It is told on the card of each issue of the project."), rows=5)
    number = forms.TypedChoiceField(
        label=_("The photos show"), coerce=int, required=False, empty_value=None, help_text=_("The card where they go.")
    )

    def __init__(self, *args: Any, issues: list[IssuePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [(one.number, f"№ {one.number} {one.title}") for one in issues]
        if len(issues) < 2:
            del self.fields["number"]
            return
        for one in issues:
            self.fields[f"issue_{one.number}"] = _text(f"№ {one.number} {one.title}", rows=2, required=False)

    @property
    def of_issues(self) -> list[forms.BoundField]:
        """The fields for what was done on one issue alone."""
        return [field for field in self if field.name.startswith("issue_")]

    @property
    def own_words(self) -> dict[int, str]:
        given = self.cleaned_data.items()
        return {int(name.removeprefix("issue_")): words for name, words in given if name.startswith("issue_")}


class ByName(forms.ModelChoiceField):
    """Shows a category or a district by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class NeedsFilter(forms.Form):
    """Which needs are shown; values that make no sense filter nothing."""

    category = ByName(
        label=_("Category"),
        queryset=Category.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All categories"),
    )
    district = ByName(
        label=_("District"), queryset=District.objects.none(), required=False, empty_label=_("Whole city")
    )

    def __init__(self, *args: Any, city: IssueIndexPage, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="needs-%s", **kwargs)
        self.fields["category"].queryset = Category.objects.active().filter(parent=None)
        self.fields["district"].queryset = District.objects.filter(city=city)
        if not self.fields["district"].queryset.exists():
            del self.fields["district"]
        self.is_valid()

    @property
    def query(self) -> str:
        """The filter as it stands in an address; "" without any."""
        return urlencode({name: one for name, one in (("category", self.code), ("district", self.area)) if one})

    @property
    def code(self) -> str:
        found = self.cleaned_data.get("category")
        return found.code if found else ""

    @property
    def area(self) -> str:
        found = self.cleaned_data.get("district")
        return str(found.pk) if found else ""
