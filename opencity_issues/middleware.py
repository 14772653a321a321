"""Optional for a host: notes in the session of a signed-in person when it was last used, for the list of devices."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from opencity_issues.actions.account.end_devices import follow_key
from opencity_issues.models.sessions import SEEN

A_WHILE = 60 * 60
"""Seconds: more exactly than to the hour nobody needs to know it."""


class DeviceMiddleware:
    """After the session middleware. Writes the session once an hour at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.session.session_key
        response = self.get_response(request)
        # What was answered without a look into the session may be kept for everybody: looking now would forbid that.
        if not request.session.accessed or SESSION_KEY not in request.session:
            return response
        after = request.session.session_key
        if before and after and before != after:
            follow_key(before, after)
        now = timezone.now().timestamp()
        if now - request.session.get(SEEN, 0) > A_WHILE:
            request.session[SEEN] = now
        return response
