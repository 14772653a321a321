"""Reports that were written without a network and kept on the device: their photos first, one by one, then the words.

The device makes the report's key when it is begun, and a key for each photo. Whatever is sent twice, because an answer
was lost or two windows were open, is found by its key: one report gives one issue, each photo once. The words go into
the same draft and through the same forms as those of the screens, so that what holds there holds here; a report that does
not pass is opened there and goes on as any other. Everything answers in JSON: 401 asks for the sign-in, 429 and 5xx for
patience, `missing` for photos, and any other refusal for the author (`open`: on the screens).
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opencity_issues.actions import take_media
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST, submit_issue
from opencity_issues.models import Draft, IssuePage, Media, Submission
from opencity_issues.procedure.refusals import NotPermitted, NotPossible, Refusal
from opencity_issues.views.limits import count_against_limit
from opencity_issues.views.report import WHERE_FIELDS, where_form
from opencity_issues.views.report_draft import (
    changing,
    current_draft,
    keep,
    owner_name,
    remember,
    typed,
)
from opencity_issues.views.report_files import WEIGHED_BYTES, bounded
from opencity_issues.views.report_guidance import typed_what, what_form
from opencity_issues.views.report_review import report_of
from opencity_issues.views.visit import city_of, private, roles_of, status_of

PHOTO_KEY_LENGTH = 40
WAIT_SECONDS = 600
"""After how long the device asks again where too much came from one person within the hour."""


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who is signed in and names the report's key, which the view gets; 401 or 400 otherwise."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": _("Please sign in first.")}, status=401)
        try:
            key = uuid.UUID(request.POST.get("key", ""))
        except ValueError:
            return JsonResponse({"error": _("This report has no key.")}, status=400)
        try:
            return view(request, key)
        except NotPossible as refusal:
            # Too much within an hour: that passes by itself.
            error = {"error": str(refusal.message)}
            return JsonResponse(error, status=429, headers={"Retry-After": str(WAIT_SECONDS)})
        except Refusal as refusal:
            return _refused(refusal)

    return answer


@private
@require_http_methods(["GET", "HEAD", "POST"])
def queued(request: HttpRequest) -> HttpResponse:
    """GET: who is signed in, under the name that the device knows, and the token to post with. POST: the words."""
    if request.method == "POST":
        return receive_words(request)
    return JsonResponse({"csrf": get_token(request), "owner": owner_name(request)})


@bounded
@private
@require_POST
@signed_in
def photo(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One photo of a report that waits on the device: `key` of the report, `photo` its own key, `file`."""
    own, file = request.POST.get("photo", ""), request.FILES.get("file")
    if file is None or not 0 < len(own) <= PHOTO_KEY_LENGTH:
        return JsonResponse({"error": _("Choose a file.")}, status=400)
    if _issue(request, key) is not None:
        return JsonResponse({"done": own})
    draft = _draft(request, key)
    if own in draft.data.get("queued", {}):
        return JsonResponse({"done": own})
    count_against_limit(request, "uploads", 1 + (file.size or 0) // WEIGHED_BYTES)
    taken = take_media.take(file, draft=draft, uploader=request.user)
    with changing(draft) as data:
        kept = data.setdefault("queued", {}).setdefault(own, taken.media.token)
    if kept != taken.media.token or draft.issue_id is not None:
        # The same photo came twice at once, or the words came before it.
        take_media.discard(taken.media)
    return JsonResponse({"done": own}, status=201)


@signed_in
def receive_words(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Make the issue, or find the one that this key made. `photos`: the keys of all photos, which came before."""
    issue = _issue(request, key)
    if issue is not None:
        return _answer(issue, 200)
    draft = _draft(request, key)
    missing = _settle_photos(draft, request.POST.getlist("photos")[:MEDIA_AT_MOST])
    if missing:
        return JsonResponse({"missing": missing}, status=409)
    where = typed(request.POST, WHERE_FIELDS) | {"no_place": "no_place" in request.POST}
    what = typed_what(request)
    keep(draft, where=where, what=what, review=typed(request.POST, ["show_author"]))
    report = report_of(request, draft)
    if isinstance(report, str):
        form = where_form(request, where) if report == "report" else what_form(request, what)
        return JsonResponse({"error": _first_fault(form), "open": True}, status=400)
    try:
        report = replace(report, show_author="show_author" in request.POST)
        issue = submit_issue(city_of(request), report, author=request.user)
    except Refusal as refusal:
        # What a blocked account may not do it may not do on the screens either.
        return _refused(refusal, can_open=not roles_of(request).is_blocked)
    # The issue holds the words now, as after sending on the screens.
    Draft.objects.filter(pk=draft.pk).update(data={})
    return _answer(issue, 201)


@private
@require_POST
@signed_in
def open_here(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Go on with a queued report on the screens: its draft, words and photos, becomes the one of this browser."""
    issue = _issue(request, key)
    if issue is not None:
        return _answer(issue, 200)
    draft, other = Draft.objects.filter(pk=key, user_id=request.user.pk).first(), current_draft(request)
    if draft is None or "what" not in draft.data:
        return JsonResponse({"error": _("This report is not here any more. Please send it again.")}, status=404)
    if other is not None and other.pk != draft.pk:
        error = _("Another report is begun in this browser. Send it first, or throw it away.")
        return JsonResponse({"error": error, "url": reverse("opencity_issues:report")}, status=409)
    step = report_of(request, draft)
    address = reverse(f"opencity_issues:{step if isinstance(step, str) else 'report_review'}")
    return remember(JsonResponse({"url": address}), draft, request)


def _issue(request: HttpRequest, key: uuid.UUID) -> IssuePage | None:
    """What this key of this person has made already."""
    made = Submission.objects.filter(user_id=request.user.pk, key=str(key)).select_related("issue").first()
    return made.issue if made else None


def _draft(request: HttpRequest, key: uuid.UUID) -> Draft:
    """Where the photos of this report wait. Raises NotPossible (too many begun) and NotPermitted (another's key)."""
    draft = Draft.objects.filter(pk=key).first()
    if draft is None:
        count_against_limit(request, "drafts")
        try:
            draft, _made = Draft.objects.get_or_create(pk=key, defaults={"user": request.user})
        except IntegrityError:
            draft = Draft.objects.get(pk=key)
    if draft.user_id != request.user.pk:
        raise NotPermitted(_("This report belongs to another account."), transition="T1", clause="2.2")
    return draft


def _settle_photos(draft: Draft, keys: list[str]) -> list[str]:
    """Remove the photos that are no longer wanted; the keys of those that never came, or were swept away meanwhile."""
    tokens = draft.data.get("queued", {})
    there = {one.token: one for one in Media.objects.filter(draft=draft)}
    missing = [own for own in keys if tokens.get(own) not in there]
    wanted = {tokens.get(own) for own in keys}
    for token, media in there.items():
        if token not in wanted:
            take_media.discard(media)
    with changing(draft) as data:
        data["queued"] = {own: token for own, token in data.get("queued", {}).items() if own in keys and token in there}
    return missing


def _first_fault(form: Form) -> str:
    """What is wrong first, with the field's name."""
    name, faults = next(iter(form.errors.items()))
    return f"{form[name].label}: {faults[0]}" if name in form.fields else str(faults[0])


def _refused(refusal: Refusal, *, can_open: bool = False) -> HttpResponse:
    """In words for the list of what waits."""
    fields = [str(said) for said in getattr(refusal, "fields", {}).values()]
    error: dict[str, Any] = {"error": " ".join(fields) or str(refusal.message), "open": can_open}
    return JsonResponse(error, status=status_of(refusal))


def _answer(issue: IssuePage, status: int) -> HttpResponse:
    return JsonResponse({"number": issue.number, "url": issue.get_absolute_url()}, status=status)
