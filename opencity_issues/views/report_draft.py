"""The draft of an issue: found by a signed cookie, kept on the server, never lost by an error, a sign-in or a way back."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from opencity_issues import conf
from opencity_issues.models import Draft
from opencity_issues.views.limits import count_against_limit

COOKIE = "opencity_draft"
SALT = "opencity_issues.draft"
KEPT_CHARACTERS = 20_000
"""Of one field; far above what a report may have, so that an overlong text is given back whole to be shortened."""
KEPT_VALUES = 100


def owns_draft(request: HttpRequest, key: Any) -> bool:
    """Whether this browser carries the cookie of this draft, and nobody else is signed in to it."""
    draft = _find(request)
    return draft is not None and draft.pk == key


def sent_draft(request: HttpRequest) -> Draft | None:
    """The cookie's draft where it has become an issue: what a second click or the way back meets."""
    draft = _find(request)
    return draft if draft is not None and draft.issue_id is not None else None


def current_draft(request: HttpRequest) -> Draft | None:
    """The draft that is being written, or None before anything was posted."""
    draft = _find(request)
    return draft if draft is not None and draft.issue_id is None else None


def draft_to_write(request: HttpRequest) -> Draft:
    """The draft that is being written, made where there is none. Raises NotPossible where too many were begun."""
    draft = current_draft(request)
    if draft is None:
        count_against_limit(request, "drafts")
        draft = Draft.objects.create(user=request.user if request.user.is_authenticated else None)
        request._opencity_draft = draft  # type: ignore[attr-defined]
    elif draft.user_id is None and request.user.is_authenticated:
        Draft.objects.filter(pk=draft.pk).update(user=request.user)
        draft.user_id = request.user.pk
    return draft


def keep(draft: Draft, **parts: Any) -> None:
    """Write parts of what was typed into the draft; other parts stay as they are in the database."""
    with changing(draft) as data:
        data.update(parts)


@contextmanager
def changing(draft: Draft) -> Iterator[dict[str, Any]]:
    """The draft's data as it is in the database, locked, to be changed in place.

    A draft that was sent meanwhile is not written any more; `draft.issue_id` tells of it afterwards.
    """
    with transaction.atomic():
        fresh = Draft.objects.select_for_update().get(pk=draft.pk)
        yield fresh.data
        if fresh.issue_id is None:
            fresh.save(update_fields=["data", "updated_at"])
    draft.data, draft.issue_id = fresh.data, fresh.issue_id


def typed(data: Any, single: Iterable[str], several: Iterable[str] = ()) -> dict[str, Any]:
    """What a form posted, as it was typed: NUL, which no database keeps, is left out, and endless text cut."""
    kept: dict[str, Any] = {name: _kept(data.get(name, "")) for name in single}
    for name in several:
        kept[name] = [_kept(value)[:200] for value in data.getlist(name)[:KEPT_VALUES]]
    return kept


def is_left_by_somebody(request: HttpRequest) -> bool:
    """Whether the cookie's draft belongs to an account that is no longer signed in, as after a session that ended."""
    return not request.user.is_authenticated and _find(request) is None and _cookie_key(request) is not None


def remember(response: HttpResponse, draft: Draft | None, request: HttpRequest) -> HttpResponse:
    """Set the draft's cookie for as long as the draft is kept."""
    if draft is not None:
        response.set_signed_cookie(
            COOKIE,
            str(draft.pk),
            salt=SALT,
            max_age=conf.kept("drafts"),
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


def local_copy_names(request: HttpRequest) -> dict[str, str]:
    """Names under which the browser may keep what is typed: of the draft, and of the person it belongs to."""
    draft = current_draft(request)
    return {"draft": salted_hmac(SALT, str(draft.pk)).hexdigest()[:16] if draft else "", "owner": owner_name(request)}


def owner_name(request: HttpRequest) -> str:
    """The name under which the browser knows the signed-in person: tells apart, and tells nothing; "" for nobody."""
    user = getattr(request, "user", None)
    return salted_hmac(SALT, str(user.pk)).hexdigest()[:16] if user is not None and user.is_authenticated else ""


def _cookie_key(request: HttpRequest) -> uuid.UUID | None:
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=conf.kept("drafts"))
    return uuid.UUID(value) if value else None


def _find(request: HttpRequest) -> Draft | None:
    """The cookie's draft, read once a request; on a shared computer never somebody else's."""
    if not hasattr(request, "_opencity_draft"):
        key = _cookie_key(request)
        draft = Draft.objects.filter(pk=key).first() if key else None
        if draft is not None and draft.user_id not in (None, request.user.pk):
            draft = None
        request._opencity_draft = draft  # type: ignore[attr-defined]
    return request._opencity_draft  # type: ignore[attr-defined,no-any-return]


def _kept(value: Any) -> str:
    return str(value).replace("\x00", "")[:KEPT_CHARACTERS]
