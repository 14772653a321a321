"""The way of reporting, screen 3: photos and video, by a plain form or one by one with a script."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from opencity_issues.actions import take_media
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST
from opencity_issues.actions.take_media import Taken
from opencity_issues.enums import MediaKind
from opencity_issues.forms.report import WhereForm
from opencity_issues.media_gate import MAX_VIDEO_BYTES, MEGABYTE
from opencity_issues.models import Draft, Media
from opencity_issues.procedure.refusals import NotPermitted, Refusal
from opencity_issues.views.limits import count_against_limit
from opencity_issues.views.report import frame, screen
from opencity_issues.views.report_draft import changing, current_draft, draft_to_write, remember
from opencity_issues.views.visit import city_of, private, status_of

WEIGHED_BYTES = 5 * MEGABYTE
SAME_PLACE_METRES = 50
METRES_PER_DEGREE = 111_320
ACTIONS = ("remove", "use_place", "skip_place")


class BoundedUpload(FileUploadHandler):
    """Lets no more of a file reach memory or disk than shows that it is too large; the gate says so then."""

    total = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.total += len(raw_data)
        within = start <= MAX_VIDEO_BYTES and self.total <= MAX_VIDEO_BYTES * (MEDIA_AT_MOST + 1)
        return raw_data if within else None

    def file_complete(self, file_size: int) -> None:
        return None


def bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Bound what is uploaded to a view. The token is looked at inside, since looking at it reads the files."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def receive(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers.insert(0, BoundedUpload(request))
        return protected(request, *args, **kwargs)

    return receive


@bounded
@private
@screen
def photos(request: HttpRequest) -> HttpResponse:
    """3. The form takes several files at once, and its buttons remove one or answer for a photo's place."""
    draft = current_draft(request)
    if request.method != "POST":
        return remember(_show(request, draft), None, request)
    went_well = True
    for file in request.FILES.getlist("files"):
        try:
            draft = draft_to_write(request)
            take_for_draft(request, draft, file)
        except Refusal as refusal:
            went_well = False
            messages.error(request, f"{file.name}: {refusal.message}")
    answered = [(action, request.POST[action]) for action in ACTIONS if action in request.POST]
    for action, token in answered:
        apply(request, draft, token, action)
    following = "report_photos" if answered or not went_well or "stay" in request.POST else _next_screen(draft)
    if "back" in request.POST:
        following = "report_what"
    return remember(redirect(f"opencity_issues:{following}"), draft, request)


@bounded
@private
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file for the draft, or with `for=comment` for what the signed-in person is about to write. Answers in JSON.

    A plain form that posts here is answered as the third screen.
    """
    if "application/json" not in request.headers.get("Accept", ""):
        return photos(request)
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("Choose a file.")}, status=400)
    draft = None
    try:
        if request.POST.get("for") == "comment":
            if not request.user.is_authenticated:
                raise NotPermitted(_("Please sign in first."))
            taken = _take(request, file, uploader=request.user)
        else:
            draft = draft_to_write(request)
            taken = take_for_draft(request, draft, file)
    except Refusal as refusal:
        return remember(JsonResponse({"error": str(refusal.message)}, status=status_of(refusal)), draft, request)
    except (Draft.DoesNotExist, IntegrityError):
        # The report was started over or sent in another window while this file was under way.
        return JsonResponse({"error": _("This file is not here any more.")}, status=409)
    return remember(JsonResponse(_described(request, draft, taken.media), status=201), draft, request)


@private
@require_POST
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Remove one waiting file, or answer whether its place shall be the issue's: `action` of ACTIONS. Answers in JSON."""
    action = request.POST.get("action", "")
    if action not in ACTIONS or not apply(request, current_draft(request), token, action):
        return JsonResponse({"error": _("This file is not here any more.")}, status=404)
    said = _("The place of the photo is now the place of the issue.") if action == "use_place" else ""
    return JsonResponse({"done": action, "said": said})


def take_for_draft(request: HttpRequest, draft: Draft, file: UploadedFile) -> Taken:
    """Let one file into the draft, and remember the place that a photo gives away until its author has answered."""
    taken = _take(request, file, draft=draft, uploader=request.user if request.user.is_authenticated else None)
    with changing(draft) as data:
        if taken.position and _is_worth_asking(request, data, taken.position):
            data.setdefault("places", {})[taken.media.token] = list(taken.position)
    return taken


def apply(request: HttpRequest, draft: Draft | None, token: str, action: str) -> bool:
    """Do one of ACTIONS with a file that waits; False where the visitor has no such file."""
    own = Media.objects.filter(token=token, draft=draft).first() if draft else None
    if own is None or draft is None:
        waiting = take_media.waiting_for(request.user, [token])
        return action == "remove" and bool(waiting) and take_media.discard(waiting[0])
    with changing(draft) as data:
        place = data.get("places", {}).pop(token, None)
        if action == "use_place" and place:
            data["where"] = {**data.get("where", {}), "lng": str(place[0]), "lat": str(place[1]), "no_place": False}
            # One answer is enough: the other photos' places are forgotten.
            data["places"] = {}
    return take_media.discard(own) if action == "remove" else place is not None


def _next_screen(draft: Draft | None) -> str:
    """The review, or the first screen that was passed by: a photo may come first and bring the place."""
    data = draft.data if draft else {}
    where = data.get("where", {})
    if not any(where.get(name) for name in ("lng", "address", "no_place")):
        return "report"
    return "report_review" if data.get("what") else "report_what"


def _take(request: HttpRequest, file: UploadedFile, **owner: Any) -> Taken:
    count_against_limit(request, "uploads", 1 + (file.size or 0) // WEIGHED_BYTES)
    return take_media.take(file, **owner)


def _show(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    waiting = list(Media.objects.filter(draft=draft)) if draft else []
    context = frame(request, "report_photos") | {
        "files": [_described(request, draft, media) for media in waiting],
        "at_most": MEDIA_AT_MOST,
        "room": MEDIA_AT_MOST - len(waiting),
    }
    return render(request, "opencity_issues/report/photos.html", context)


def _described(request: HttpRequest, draft: Draft | None, media: Media) -> dict[str, Any]:
    is_photo = media.kind == MediaKind.PHOTO
    place = draft.data.get("places", {}).get(media.token) if draft else None
    return {
        "token": media.token,
        "kind": str(media.kind),
        "url": media.url(),
        "thumb": media.url("medium") if is_photo else "",
        "change": reverse("opencity_issues:upload_change", args=[media.token]),
        "question": _question(request, draft, place) if draft and place else "",
    }


def _question(request: HttpRequest, draft: Draft, place: list[float]) -> str:
    chosen = _chosen_place(request, draft.data)
    if chosen is None:
        return _("This photo says where it was taken. Shall that be the place of the issue?")
    distance = metres_between(chosen, (place[0], place[1]))
    words = (
        _("%(count)d m") % {"count": round(distance, -1)}
        if distance < 1000
        else _("%(count).1f km") % {"count": distance / 1000}
    )
    return _("This photo was taken %(distance)s from the place you chose. Shall its place be the issue's?") % {
        "distance": words
    }


def _is_worth_asking(request: HttpRequest, data: dict[str, Any], position: tuple[float, float]) -> bool:
    if not city_of(request).config.contains(*position):
        return False
    chosen = _chosen_place(request, data)
    return chosen is None or metres_between(chosen, position) > SAME_PLACE_METRES


def _chosen_place(request: HttpRequest, data: dict[str, Any]) -> tuple[float, float] | None:
    part = data.get("where", {})
    form = WhereForm(part, city=city_of(request), no_place=bool(part.get("no_place")))
    return form.location if form.is_valid() else None


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two places (lng, lat), in metres; flat, which is exact enough within a city."""
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) * METRES_PER_DEGREE
