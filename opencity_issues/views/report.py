"""The way of reporting, screens 1 and 2: where it is, and what is wrong.

GET shows what the draft holds and changes nothing. POST keeps what was typed, valid or not, and goes on when it is.
"""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from opencity_issues.actions import take_media
from opencity_issues.actions.submit_issue import CATEGORIES_AT_MOST
from opencity_issues.forms.report import WhatForm, WhereForm, as_place, category_tree
from opencity_issues.models import Draft, Media
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.views.report_draft import current_draft, draft_to_write, keep, local_copy_names, remember, typed
from opencity_issues.views.report_guidance import guidance_context, guidance_of, hint_for, typed_what, what_form
from opencity_issues.views.visit import city_of, private

STEPS = {
    "report": (gettext_lazy("Place"), gettext_lazy("Where is it?")),
    "report_what": (gettext_lazy("What it is about"), gettext_lazy("What is wrong?")),
    "report_photos": (gettext_lazy("Photos and video"), gettext_lazy("Is there a photo?")),
    "report_review": (gettext_lazy("Check"), gettext_lazy("Check and send")),
}
"""Address, word and question of each screen, in their order."""

FRESH = timedelta(minutes=5)
"""A draft that was left alone for longer is offered: its author may not know that it is still there."""

WHERE_FIELDS = ("lng", "lat", "address", "category")
screen = require_http_methods(["GET", "HEAD", "POST"])


@private
@screen
def where(request: HttpRequest) -> HttpResponse:
    """1. A point on the map, an address in words, or no exact place. `?lng=&lat=&category=` fill in beforehand."""
    if request.method == "POST":
        part = typed(request.POST, WHERE_FIELDS)
        part["no_place"] = "no_place" in request.POST
        return go_on(request, "report", {"where": part}, where_form(request, part))
    draft = current_draft(request)
    part = draft.data.get("where") if draft else None
    wished = {name: value for name in WHERE_FIELDS if (value := typed(request.GET, [name])[name])}
    if as_place(wished.get("lng", ""), wished.get("lat", "")) is None:
        wished = {name: value for name, value in wished.items() if name not in ("lng", "lat")}
    if part and not wished:
        return show(request, "report", where_form(request, part))
    return show(
        request, "report", WhereForm(city=city_of(request), initial={**(part or {}), **wished}), wished.get("category")
    )


@private
@screen
def what(request: HttpRequest) -> HttpResponse:
    """2. Title, description, categories."""
    if request.method == "POST":
        part = typed_what(request)
        form = what_form(request, part)
        hint = hint_for(request, part, form)
        return show_once(request, part, hint) if hint else go_on(request, "report_what", {"what": part}, form)
    draft = current_draft(request)
    data = draft.data if draft else {}
    if "what" in data:
        return show(request, "report_what", what_form(request, data["what"]))
    wished = data.get("where", {}).get("category", "")
    part = {"categories": [wished] if wished else []}
    return show(request, "report_what", what_form(request, part, begun=False))


def show_once(request: HttpRequest, part: dict[str, Any], hint: str) -> HttpResponse:
    """The second screen once more with what no script has shown: the categories for the words, the city's questions."""
    try:
        draft = draft_to_write(request)
    except Refusal as refusal:
        form = what_form(request, part)
        form.add_error(None, str(refusal.message))
        return show(request, "report_what", form)
    keep(draft, what=part)
    sure = guidance_of(request, part).sure if hint == "suggested" else ""
    if sure:
        part = part | {"categories": [sure]}
    return remember(show(request, "report_what", what_form(request, part, begun=False), hint=hint), draft, request)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Start over: what was typed and uploaded is removed at once."""
    draft = current_draft(request)
    if draft is not None:
        for media in Media.objects.filter(draft=draft):
            take_media.discard(media)
        Draft.objects.filter(pk=draft.pk, issue=None).delete()
        messages.success(request, _("The draft was removed."))
    return redirect("opencity_issues:report")


def where_form(request: HttpRequest, part: dict[str, Any]) -> WhereForm:
    """The first form filled with what was typed."""
    return WhereForm(part, city=city_of(request), no_place=bool(part.get("no_place")))


def go_on(request: HttpRequest, step: str, parts: dict[str, Any], form: Form) -> HttpResponse:
    """Keep what was posted; then the next screen, the one before if asked for, or this one with what is wrong."""
    names = list(STEPS)
    place = names.index(step)
    try:
        draft = draft_to_write(request)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return show(request, step, form)
    keep(draft, **parts)
    if "back" in request.POST and place:
        return remember(redirect(f"opencity_issues:{names[place - 1]}"), draft, request)
    if form.is_valid():
        return remember(redirect(f"opencity_issues:{names[place + 1]}"), draft, request)
    return remember(show(request, step, form), draft, request)


def show(
    request: HttpRequest, step: str, form: Form, wished_category: str | None = None, hint: str = ""
) -> HttpResponse:
    """One screen with its form; `hint` says what the second one shows before it lets go on."""
    context = frame(request, step) | {"form": form, "config": city_of(request).config}
    if step == "report":
        draft = current_draft(request)
        context["category"] = wished_category or (draft.data.get("where", {}).get("category", "") if draft else "")
    else:
        chosen = form["categories"].value() or []
        part = {name: form[name].value() for name in ("title", "description")} | {"categories": chosen}
        context |= guidance_context(request, part, cast("WhatForm", form))
        # Without scripts each box stands once: a suggested one not in the tree as well.
        elsewhere = {one["category"].code for one in context["suggestions"]}
        context |= {
            "nodes": category_tree(set(chosen) - elsewhere),
            "categories_at_most": CATEGORIES_AT_MOST,
            "hint": hint,
        }
    return render(request, f"opencity_issues/report/{'where' if step == 'report' else 'what'}.html", context)


def frame(request: HttpRequest, step: str) -> dict[str, Any]:
    """What each screen shows around its question."""
    names = list(STEPS)
    number = names.index(step)
    draft = current_draft(request)
    is_kept = draft is not None and timezone.now() - draft.updated_at > FRESH
    return {
        "kept_at": draft.updated_at if is_kept and draft is not None else None,
        "kept_title": draft.data.get("what", {}).get("title", "") if draft else "",
        "step": number + 1,
        "total": len(names),
        "step_word": STEPS[step][0],
        "step_name": STEPS[step][1],
        "step_url": f"opencity_issues:{step}",
        "is_begun": draft is not None,
        "copy": local_copy_names(request),
    }
