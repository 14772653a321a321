"""Sessions of Django, whatever keeps them in the host: what of a session the list of devices reads."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

AGENT, SEEN = "opencity_agent", "opencity_seen"
"""The browser's own words for itself, and when it was last used (seconds)."""


def session_of(key: str) -> SessionBase:
    """A session by its key."""
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key=key)  # type: ignore[no-any-return]
