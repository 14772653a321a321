"""What people fill in on a card: words with files, reasons, corrections. What they hold to is the actions' own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.contribute import TEXT_LENGTH
from opencity_issues.actions.correct_answers import Answerable
from opencity_issues.actions.correct_issue import Changes
from opencity_issues.actions.submit_issue import ADDRESS_LENGTH
from opencity_issues.forms.report import WhatForm, as_place, question_field, question_name, too_long
from opencity_issues.models import Category, IssueIndexPage, IssuePage

PLEASE_WRITE = _("Please write something.")
FILES = "files"
KEPT_FILES = "media"
"""Names of the inputs: new files, and tokens of those that came in before the form was sent back."""


class WordsForm(forms.Form):
    """Somebody's words. Each form of the card has an id of its own, so that labels and errors find their field."""

    use_required_attribute = False
    name = "words"

    text = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[too_long(TEXT_LENGTH)],
        error_messages={"required": PLEASE_WRITE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.name}_%s", **kwargs)


class CommentForm(WordsForm):
    name = "comment"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your comment")


class ReplyForm(WordsForm):
    name = "reply"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your reply")


class FlagForm(WordsForm):
    name = "flag"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is still not solved?")


class ReopenForm(WordsForm):
    """Why the author takes a closed or archived issue up again (T9, T14)."""

    name = "reopen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why is it not solved?")


class HideForm(forms.Form):
    """Which part of the card is hidden and why."""

    part = forms.RegexField(regex=r"^(media|contribution)-\d{1,18}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        error_messages={"required": _("Say why.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PlaceForm(forms.Form):
    """Category, place and answers, as staff correct them: an empty point leaves no place where there was none."""

    use_required_attribute = False

    categories = WhatForm.base_fields["categories"]
    lng = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("Address in words"),
        required=False,
        validators=[too_long(ADDRESS_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        city: IssueIndexPage,
        kept: list[Category],
        asked: Sequence[Answerable] = (),
        **kwargs: Any,
    ) -> None:
        """`kept`: categories the issue has already, allowed even where they are no longer offered; `asked`: the questions."""
        self.city, self.asked = city, asked
        super().__init__(*args, **kwargs)
        for one in asked:
            asking = self.fields[question_name(one.question.pk)] = question_field(one.question)
            asking.required, asking.initial = one.must, one.answer
        offered = Category.objects.active() | Category.objects.filter(pk__in=[one.pk for one in kept])
        self.fields["categories"].queryset = offered

    @classmethod
    def values_of(cls, issue: IssuePage) -> dict[str, Any]:
        """What the form shows before anything is changed."""
        return {
            "title": issue.title,
            "description": issue.description,
            "address": issue.address,
            "categories": [one.code for one in issue.categories.all()],
            "lng": "" if issue.lng is None else repr(issue.lng),
            "lat": "" if issue.lat is None else repr(issue.lat),
        }

    @property
    def location(self) -> tuple[float, float] | None:
        """(lng, lat) in WGS 84 degrees, or None for no place."""
        return self.cleaned_data["location"]  # type: ignore[no-any-return]

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[question_name(one.question.pk)] for one in self.asked]

    @property
    def answers(self) -> dict[str, str]:
        """By the question's key, those that were asked."""
        return {str(one.question.pk): self.cleaned_data[question_name(one.question.pk)] for one in self.asked}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["location"] = None
        typed = (values.get("lng", ""), values.get("lat", ""))
        if any(typed) and not values.get("no_place"):
            values["location"] = as_place(*typed)
            if values["location"] is None:
                self.add_error(None, _("This is no place on the map. Please choose it again."))
            elif not self.city.config.contains(*values["location"]):
                self.add_error(None, _("This place lies outside the city."))
        return values


class CorrectionForm(PlaceForm):
    """The author's own correction: text, category and place."""

    title = WhatForm.base_fields["title"]
    description = WhatForm.base_fields["description"]

    no_place = forms.BooleanField(label=_("No exact place"), required=False)

    field_order = ["title", "description", "categories", "address", "no_place", "lng", "lat"]

    def changes(self) -> Changes:
        """What the issue shall say."""
        values = self.cleaned_data
        place = (self.location, values["address"])
        return Changes(values["title"], values["description"], list(values["categories"]), *place, self.answers)
