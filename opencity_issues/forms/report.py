"""The questions of the way of reporting, one form a screen. What they hold to is `actions/submit_issue.py`'s."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.answer_questions import ANSWER_LENGTH
from opencity_issues.actions.submit_issue import (
    ADDRESS_LENGTH,
    CATEGORIES_AT_MOST,
    DESCRIPTION_LENGTH,
    TITLE_LENGTH,
)
from opencity_issues.models import Category, CategoryQuestion, CategoryStop, IssueIndexPage
from opencity_issues.models.category_guidance import QuestionKind

PLEASE_FILL_IN = _("Please fill this in.")


def too_long(count: int) -> MaxLengthValidator:
    """Says how much is allowed, and leaves the browser without `maxlength`, which cuts what people paste."""
    return MaxLengthValidator(count, message=_("This is too long: at most %(limit_value)d characters."))


class WhereForm(forms.Form):
    """1. The place: a point on the map, an address in words, both, or neither when one says so."""

    use_required_attribute = False

    lng = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("Address in words"),
        required=False,
        validators=[too_long(ADDRESS_LENGTH)],
        help_text=_("A street and a house, or what is near by. Without the map this is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
    )

    def __init__(self, *args: Any, city: IssueIndexPage, no_place: bool = False, **kwargs: Any) -> None:
        self.city, self.no_place = city, no_place
        super().__init__(*args, **kwargs)

    @property
    def location(self) -> tuple[float, float] | None:
        """(lng, lat) in WGS 84 degrees; None for no place and for one that did not pass."""
        return getattr(self, "cleaned_data", {}).get("location")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["location"] = None
        if self.no_place:
            return values
        typed = (values.get("lng", ""), values.get("lat", ""))
        if any(typed):
            values["location"] = self._place(*typed)
        elif not values.get("address") and not self.errors:
            raise forms.ValidationError(
                _("Show the place on the map, write the address, or choose “No exact place”."), code="no_place"
            )
        return values

    def _place(self, lng: str, lat: str) -> tuple[float, float] | None:
        place = as_place(lng, lat)
        if place is None:
            self.add_error(
                None, forms.ValidationError(_("This is no place on the map. Please choose it again."), code="place")
            )
        elif not self.city.config.contains(*place):
            self.add_error(None, forms.ValidationError(_("This place lies outside the city."), code="outside"))
            return None
        return place


class WhatForm(forms.Form):
    """2. What is wrong: title, description, one or several categories, and what the city asks about these."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"),
        validators=[too_long(TITLE_LENGTH)],
        error_messages={"required": PLEASE_FILL_IN},
        help_text=_("For example: A pothole at the school gate"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": TITLE_LENGTH, "enterkeyhint": "next"}),
    )
    description = forms.CharField(
        label=_("Description"),
        validators=[too_long(DESCRIPTION_LENGTH)],
        error_messages={"required": PLEASE_FILL_IN},
        help_text=_(
            "Since when, how large, whom it endangers. Everybody will read this, so leave out people's names and numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "data-count": DESCRIPTION_LENGTH}),
    )
    categories = forms.ModelMultipleChoiceField(
        queryset=Category.objects.none(),
        to_field_name="code",
        label=_("Category"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one category."),
            "invalid_choice": _("There is no such category. Please choose another."),
            "invalid_pk_value": _("There is no such category. Please choose another."),
        },
    )

    def __init__(
        self,
        *args: Any,
        stops: Sequence[CategoryStop] = (),
        questions: Sequence[CategoryQuestion] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stops, self.questions = stops, questions
        self.chosen: list[Category] = []
        self.fields["categories"].queryset = Category.objects.active().defer("words")
        for question in questions:
            self.fields[question_name(question.pk)] = question_field(question)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[question_name(question.pk)] for question in self.questions]

    @property
    def answers_shown(self) -> list[tuple[str, str]]:
        """Question and answer in the reader's words, for those that were answered."""
        said = [(question, str(self[question_name(question.pk)].value() or "")) for question in self.questions]
        return [(question.text, question.offered().get(answer, answer)) for question, answer in said if answer]

    def clean_categories(self) -> list[Category]:
        chosen = list(self.cleaned_data["categories"])
        if len(chosen) > CATEGORIES_AT_MOST:
            raise forms.ValidationError(
                _("Choose at most %(count)d categories."), params={"count": CATEGORIES_AT_MOST}, code="too_many"
            )
        if self.stops:
            raise forms.ValidationError(
                _("The city does not take this here: see where to turn instead, or choose another category."),
                code="stop",
            )
        return chosen


class SendForm(forms.Form):
    """4. What is asked last: the name's choice and, once for each version of the terms, the agreement to them."""

    use_required_attribute = False

    show_author = forms.BooleanField(
        label=_("Show my name beside the issue"),
        required=False,
        help_text=_(
            "Otherwise only the organisations that work on it, the control body and the moderator see your name. "
            "None of them sees your e-mail address."
        ),
    )
    accept_terms = forms.BooleanField(
        label=_("I accept the terms of use"),
        error_messages={"required": _("Without accepting the terms the issue cannot be sent.")},
    )
    consent = forms.BooleanField(
        label=_("I consent to the processing of my personal data for solving this issue"),
        error_messages={"required": _("Without this consent the issue cannot be sent.")},
    )

    def __init__(self, *args: Any, asks_terms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_terms:
            del self.fields["accept_terms"], self.fields["consent"]


def question_name(key: int | str) -> str:
    """The name of the field that asks a question of the city."""
    return f"question_{key}"


def question_field(question: CategoryQuestion) -> forms.Field:
    """A line of text, or the answers to choose from as they are kept and as they are read."""
    said = {"label": question.text, "required": question.is_required, "error_messages": {"required": PLEASE_FILL_IN}}
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(**said, validators=[too_long(ANSWER_LENGTH)])
    return forms.ChoiceField(**said, choices=list(question.offered().items()), widget=forms.RadioSelect)


def as_place(lng: str, lat: str) -> tuple[float, float] | None:
    """Two texts as (lng, lat) in WGS 84 degrees, or None where they are no place on Earth."""
    try:
        place = float(lng), float(lat)
    except (TypeError, ValueError):
        return None
    if not all(math.isfinite(side) for side in place) or abs(place[0]) > 180 or abs(place[1]) > 90:
        return None
    return place


def category_tree(selected: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The categories offered to citizens as nested nodes for the component `category_tree`; one query."""
    chosen = set(selected)
    nodes: dict[int, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    for category in Category.objects.active().defer("words"):
        node = {
            "code": category.code,
            "name": category.name,
            "icon": category.icon,
            "children": [],
            "selected": category.code in chosen,
            "open": False,
        }
        nodes[category.pk] = node
        parent = nodes.get(category.parent_id) if category.parent_id else None
        (parent["children"] if parent else roots).append(node)
    for root in roots:
        root["open"] = _holds_chosen(root)
    return roots


def _holds_chosen(node: dict[str, Any]) -> bool:
    return node["selected"] or any(_holds_chosen(child) for child in node["children"])
