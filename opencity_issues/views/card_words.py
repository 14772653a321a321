"""What somebody typed on a card before signing in: kept in the session until it is sent."""

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from opencity_issues.models import IssuePage

_SESSION_KEY = "opencity_words"
_KEPT_CHARACTERS = 10_000
"""More than may be written, so that an overlong text comes back whole to be shortened."""


@dataclass(frozen=True)
class KeptWords:
    """`name` of the form and its text."""

    name: str
    text: str


def sign_in_first(request: HttpRequest, issue: IssuePage, name: str) -> HttpResponse:
    """To the sign-in and back to the same form of the card, with what was typed in it."""
    text = request.POST.get("text", "").replace("\x00", "")[:_KEPT_CHARACTERS]
    if text.strip():
        request.session[_SESSION_KEY] = {"number": issue.number, "name": name, "text": text}
    return redirect_to_login(f"{issue.get_absolute_url()}#{name}")


def kept_words(request: HttpRequest, number: int) -> KeptWords | None:
    """The words kept for this card, once their writer has signed in. Reading changes nothing."""
    kept = request.session.get(_SESSION_KEY)
    if not request.user.is_authenticated or not isinstance(kept, dict) or kept.get("number") != number:
        return None
    return KeptWords(str(kept.get("name", "")), str(kept.get("text", "")))


def forget_words(request: HttpRequest) -> None:
    """They have been sent."""
    request.session.pop(_SESSION_KEY, None)
