"""The page of an issue (3.3): everything that concerns it, and what this visitor may do with it now."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.enums import Publication
from opencity_issues.forms.card import CommentForm, FlagForm, ReopenForm, ReplyForm, WordsForm
from opencity_issues.models import IssuePage, Media
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.procedure.moderation import GROUNDS, Ground, GroundRule
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.card.card import read_card
from opencity_issues.queries.card.shown_media import ShownMedia, first_photo
from opencity_issues.queries.community.on_card import on_card
from opencity_issues.queries.following import bond_of, me_too
from opencity_issues.queries.follows import issue_button
from opencity_issues.queries.gazetteer import near_what
from opencity_issues.queries.public_issue import public_media
from opencity_issues.views.card_choices import Choices, choices_for
from opencity_issues.views.card_words import kept_words
from opencity_issues.views.visit import city_of, roles_of, status_of, visible_issue

FORMS: tuple[type[WordsForm], ...] = (CommentForm, ReplyForm, FlagForm, ReopenForm)
SHARED_TEXT_LENGTH = 200
NEWEST_ENTRIES = 12
"""Entries of the timeline that stand open; the older ones unfold."""


@require_safe
def card(request: HttpRequest, number: int) -> HttpResponse:
    """The card for everybody who may see the issue; 410 where it was taken down, 404 otherwise."""
    try:
        issue = visible_issue(request, number)
    except Http404:
        return _gone_or_nothing(request, number)
    return show_card(request, issue)


def show_card(
    request: HttpRequest,
    issue: IssuePage,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    sent: Mapping[str, WordsForm] | None = None,
    kept_media: list[Media] | None = None,
) -> HttpResponse:
    """The card, after a refusal with its words and with all that was typed (`sent`: the forms that came back)."""
    roles, now = roles_of(request), timezone.now()
    read = read_card(issue, roles, now, all_comments="all" in request.GET.getlist("comments"))
    forms = {form.name: form() for form in FORMS}
    opened = set(sent or ())
    forms.update(sent or {})
    if sent is None and (kept := kept_words(request, issue.number)) is not None and kept.name in forms:
        forms[kept.name] = type(forms[kept.name])(initial={"text": kept.text})
        opened.add(kept.name)
    choices = choices_for(read, roles, now)
    bond = bond_of(issue, roles.user_id)
    homeless = [form for name, form in (sent or {}).items() if not _is_offered(name, choices)]
    context: dict[str, Any] = {
        "card": read,
        "issue": issue,
        "choices": choices,
        "community": on_card(read, roles, now),
        "forms": forms,
        "opened": opened,
        "homeless": homeless,
        # What is wrong with a form that stands on the card is told there.
        "told_in_form": isinstance(refusal, Missing) and bool(sent) and not homeless,
        "refusal": refusal,
        "ground": ground_of(issue),
        "kept_media": [ShownMedia.of(one) for one in kept_media or []],
        "newest": read.entries[:NEWEST_ENTRIES],
        "older": read.entries[NEWEST_ENTRIES:],
        "photo": first_photo(read.media),
        "stage": issue.status if issue.is_published else issue.publication,
        "badge": badge_of(issue, read.overdue),
        "city": issue.city,
        "near": near_what(issue.city, *issue.location) if issue.location and not issue.address else "",
        "trail": [{"text": _("Issues"), "url": reverse("opencity_issues:issue_list")}],
        "shared": _shared(request, issue, read.media),
        "me_too": me_too(issue, roles, bond),
        # The author hears of everything without following.
        "follow": None if choices.is_author else issue_button(issue, bond),
    }
    # What was merged keeps its page, which leads to the main issue.
    is_merged = issue.publication == Publication.MERGED and issue.duplicate_of is not None
    context["main"] = issue.duplicate_of if is_merged else None
    template = "opencity_issues/card/merged.html" if is_merged else "opencity_issues/card/card.html"
    response = render(request, template, context, status=status)
    return as_seen(request, response, issue)


def refused(
    request: HttpRequest,
    number: int,
    refusal: Refusal,
    *,
    sent: Mapping[str, WordsForm] | None = None,
    kept_media: list[Media] | None = None,
) -> HttpResponse:
    """The card as it is by now, with the words of the refusal: 403, 409 or 400."""
    try:
        issue = visible_issue(request, number)
    except Http404:
        return _gone_or_nothing(request, number)
    return show_card(request, issue, status=status_of(refusal), refusal=refusal, sent=sent or {}, kept_media=kept_media)


def _is_offered(name: str, choices: Choices) -> bool:
    """Whether a form of this name still stands on the card; what was typed into another is shown to be copied."""
    offered = {
        CommentForm.name: choices.comment,
        ReplyForm.name: choices.reply_to,
        FlagForm.name: choices.flag,
        ReopenForm.name: choices.reopen,
    }
    return bool(offered[name])


@require_safe
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """The little card in the map's popup, of published issues only: photo, status, age, title."""
    issue = visible_issue(request, number)
    if not issue.is_published:
        raise Http404
    now = timezone.now()
    photo = first_photo(ShownMedia.of(one) for one in public_media(issue))
    overdue = any(one.is_overdue(now) for one in issue.deadlines.all() if one.clause in MISSABLE)
    roles = roles_of(request)
    context = {
        "issue": issue,
        "photo": photo,
        "badge": badge_of(issue, overdue),
        "me_too": me_too(issue, roles, bond_of(issue, roles.user_id)),
    }
    return as_seen(request, render(request, "opencity_issues/card/preview.html", context), issue)


def as_seen(request: HttpRequest, response: HttpResponse, issue: IssuePage) -> HttpResponse:
    """Say who may keep the page: nobody when signed in or not published; else the browser, asking each time.

    Not longer, for after signing in the same address says more.
    """
    if request.user.is_authenticated or not issue.is_published:
        response["Cache-Control"] = "no-store, private"
    else:
        response["Cache-Control"] = "private, no-cache"
    if not issue.is_published:
        response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def badge_of(issue: IssuePage, overdue: bool) -> dict[str, Any]:
    """What the tag `status_badge` reads."""
    return {"status": issue.status, "again": issue.again, "overdue": overdue, "publication": issue.publication}


def ground_of(issue: IssuePage) -> GroundRule | None:
    """Why the issue is refused or taken down (5.1, 5.2), in words; None where it is not."""
    if issue.publication not in (Publication.REFUSED, Publication.TAKEN_DOWN) or issue.refusal_ground not in set(
        Ground
    ):
        return None
    return GROUNDS[Ground(issue.refusal_ground)]


def _shared(request: HttpRequest, issue: IssuePage, media: Sequence[ShownMedia]) -> dict[str, str]:
    """What a page elsewhere shows of a shared link: public data only, nothing of what is not published."""
    if not issue.is_published:
        return {}
    photo = first_photo(media)
    text = " ".join(issue.description.split())
    return {
        "url": request.build_absolute_uri(issue.get_absolute_url()),
        "text": text if len(text) <= SHARED_TEXT_LENGTH else f"{text[: SHARED_TEXT_LENGTH - 1].rstrip()}…",
        "image": request.build_absolute_uri(photo.url) if photo else "",
    }


def _gone_or_nothing(request: HttpRequest, number: int) -> HttpResponse:
    """410 with a kind word for an issue that was public and was taken down; Http404 for every other."""
    was_public = IssuePage.objects.in_city(city_of(request)).filter(number=number, publication=Publication.TAKEN_DOWN)
    if not was_public.exists():
        raise Http404
    response = render(request, "opencity_issues/card/gone.html", {"number": number}, status=410)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response
