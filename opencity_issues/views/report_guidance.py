"""What helps while one writes what is wrong: categories suggested, similar issues near by, the city's stops and questions.

The second screen holds it without scripts; with them `guidance` gives the parts anew at each pause in the writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from opencity_issues.forms.report import WhatForm, WhereForm, question_name
from opencity_issues.models import Category
from opencity_issues.queries.guidance import questions_of, stops_of
from opencity_issues.queries.near_issues import near_issues
from opencity_issues.queries.suggestions.suggest import Suggestion, is_sure, suggest
from opencity_issues.views.report_draft import current_draft, typed
from opencity_issues.views.visit import city_of, private

SUGGESTED_AT_MOST = 3
QUESTION = question_name("")


@dataclass
class Guidance:
    """For what was typed so far. `sure` is the code of a suggestion that may be chosen beforehand, or empty."""

    suggestions: list[Suggestion] = field(default_factory=list)
    sure: str = ""
    near: list[dict[str, Any]] = field(default_factory=list)


def typed_what(request: HttpRequest) -> dict[str, Any]:
    """The second screen as it was typed, the answers under `answers` by the question's key."""
    part = typed(request.POST, ["title", "description"], ["categories"])
    asked = [name for name in request.POST if name.startswith(QUESTION)]
    answers = {name.removeprefix(QUESTION): value for name, value in typed(request.POST, asked).items() if value}
    return part | {"answers": answers} if answers else part


def what_form(request: HttpRequest, part: dict[str, Any], *, begun: bool = True) -> WhatForm:
    """The second form filled with what was typed, and with what the city says about the categories that were chosen.

    Before it is `begun` it is filled without a word about what is missing.
    """
    city = city_of(request)
    chosen = list(Category.objects.active().filter(code__in=part.get("categories") or []).defer("words"))
    answers = {question_name(key): value for key, value in (part.get("answers") or {}).items()}
    filled = {name: part.get(name) for name in ("title", "description", "categories")} | answers
    filled["categories"] = filled["categories"] or []
    about: dict[str, Any] = {}
    if chosen:
        about = {"stops": stops_of(city, chosen), "questions": questions_of(city, chosen)}
    form = WhatForm(filled, **about) if begun else WhatForm(initial=filled, **about)
    form.chosen = chosen
    return form


def guidance_of(request: HttpRequest, part: dict[str, Any], chosen: Sequence[Category] = ()) -> Guidance:
    """What helps with what was typed so far; categories that are `chosen` already need no suggestion before one asks."""
    city = city_of(request)
    text, title = str(part.get("description") or ""), str(part.get("title") or "")
    # Asked without a word it suggests nothing, but has its dictionary loaded when the first ones come.
    asks = request.method == "POST" or (not chosen and (title + text).strip())
    found = suggest(text, title=title, city=city, at_most=SUGGESTED_AT_MOST) if asks else []
    draft = current_draft(request)
    where = draft.data.get("where", {}) if draft else {}
    place = WhereForm(where, city=city, no_place=bool(where.get("no_place")))
    location = place.location if place.is_valid() else None
    near = near_issues(city, location, str(where.get("address") or ""), list(chosen), timezone.now(), alike=True)
    return Guidance(found, found[0].category.code if is_sure(found) else "", near)


def hint_for(request: HttpRequest, part: dict[str, Any], form: WhatForm) -> str:
    """What is shown once before the next screen, where no script showed it: "suggested" categories, or "asked" questions."""
    if "back" in request.POST:
        return ""
    if (
        not part["categories"]
        and "suggested" not in request.POST
        and part["title"].strip()
        and part["description"].strip()
    ):
        return "suggested" if guidance_of(request, part).suggestions else ""
    asked = set(request.POST.get("asked", "").split(","))
    return "asked" if any(str(question.pk) not in asked for question in form.questions) else ""


def guidance_context(request: HttpRequest, part: dict[str, Any], form: WhatForm) -> dict[str, Any]:
    """For the templates of the screen and of its parts."""
    chosen = set(form["categories"].value() or [])
    guidance = guidance_of(request, part, form.chosen)
    return {
        "form": form,
        "guidance": guidance,
        "suggestions": [
            {"category": one.category, "because": one.because, "chosen": one.category.code in chosen}
            for one in guidance.suggestions
        ],
        "asked": ",".join(str(question.pk) for question in form.questions),
    }


@private
@require_POST
def guidance(request: HttpRequest) -> HttpResponse:
    """The parts of the second screen that follow from what is typed; nothing is kept."""
    part = typed_what(request)
    form = what_form(request, part, begun=False)
    return render(request, "opencity_issues/report/guidance.html", guidance_context(request, part, form))
