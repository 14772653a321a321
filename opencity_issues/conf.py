"""Settings of the package with their defaults; what differs by city is edited in the admin (`models/settings.py`).

For hosts they stand in docs/administrators/configure.md.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Issues by one person within an hour and within a day before the next are held for moderation (trust).
    "OPENCITY_FLOOD_PER_HOUR": 10,
    "OPENCITY_FLOOD_PER_DAY": 30,
    # Issues that one person may support ("me too") within an hour and within a day (trust).
    "OPENCITY_SUPPORTS_PER_HOUR": 30,
    "OPENCITY_SUPPORTS_PER_DAY": 100,
    # The same from one address, whatever the accounts, within an hour; and what is begun to be followed there.
    "OPENCITY_SUPPORTS_PER_ADDRESS": 150,
    "OPENCITY_FOLLOWS_PER_ADDRESS": 150,
    # Uploads (each begun 5 MB counts) and new drafts by one account, or by one address without an account.
    "OPENCITY_UPLOADS_PER_HOUR": 300,
    # Reverse proxies before the site: how many addresses at the end of X-Forwarded-For are theirs to write.
    "OPENCITY_TRUSTED_PROXIES": 0,
    # REST requests by one caller, in django-rest-framework's notation.
    "OPENCITY_API_RATE": "240/min",
    # Version of the terms of use and of the consent that people accept; raise it when the texts change.
    "OPENCITY_TERMS_VERSION": "2026-11",
    # Attempts to get a token of the REST interface from one address.
    "OPENCITY_TOKEN_RATE": "60/min",
    # Scheme, host and port of links in letters, where the Wagtail site's record cannot say them (another port with HTTPS).
    "OPENCITY_BASE_URL": "",
    # File outside database and uploads to which each erased account's number is added, for a restored backup; "" for none.
    "OPENCITY_ERASURE_LEDGER": "",
    # Days that an invitation into an organisation stays open.
    "OPENCITY_INVITATION_DAYS": 14,
    # Address of a geocoder for what the gazetteer does not know, "https://…/search?format=jsonv2&q={query}&viewbox={bbox}";
    # empty: nobody is asked. See actions/city/ask_geocoder.py.
    "OPENCITY_GEOCODER_URL": "",
    # Days that an executor's private link works.
    "OPENCITY_EXECUTOR_LINK_DAYS": 45,
    # Whether the site can be installed and used without a network. False also removes the worker that browsers have.
    "OPENCITY_OFFLINE": True,
    # Days that data about people are kept, by key, where they differ from RETENTION_DAYS below; None: for good.
    "OPENCITY_RETENTION_DAYS": {},
    # Public pages of the host, by path, that devices may keep for reading without a network; `*` stands for anything.
    "OPENCITY_OFFLINE_PAGES": ["/"],
}

RETENTION_DAYS: dict[str, int | None] = {
    # Who telephoned, after the archiving: as long as the author could return the issue (T9).
    "callers": 20,
    # An executor's address after the private link ended, an invitation's after it ended.
    "executor_links": 30,
    "invitations": 30,
    # A phone may have waited so long for a network before it sends a report again.
    "submissions": 90,
    # What mail servers and the queue said of single people.
    "mail_errors": 90,
    "failures": 90,
    "import_files": 1,
    # After the session itself has run out, which Django's SESSION_COOKIE_AGE decides.
    "sessions": 0,
    "drafts": 1,
    # As long as the oldest backup; only numbers.
    "erasures": None,
}
"""What `actions/keep_retention.py` goes by."""


def get(name: str) -> Any:
    """The host's value of a setting, or the default above. Raises KeyError for a name that is not a setting."""
    return getattr(settings, name, DEFAULTS[name])


def private_media_root() -> Path:
    """Folder of uploaded photos and videos; beside MEDIA_ROOT, never inside it, since hosts serve that whole."""
    configured = getattr(settings, "OPENCITY_PRIVATE_MEDIA_ROOT", None)
    if configured:
        return Path(configured)
    media = Path(settings.MEDIA_ROOT or "media").resolve()
    return media.with_name(f"{media.name}-private")


def geocoder_is_safe(pattern: str) -> bool:
    """Whether OPENCITY_GEOCODER_URL names one host, with a lock (or this computer), whatever is filled in."""
    try:
        parts = urlsplit(pattern)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return (
        bool(parts.hostname) and "{" not in parts.netloc and (parts.scheme == "https" or local) and "{query}" in pattern
    )


def kept(key: str) -> timedelta | None:
    """How long data of this kind are kept; None for good. Raises KeyError for what is no kind."""
    days = {**RETENTION_DAYS, **get("OPENCITY_RETENTION_DAYS")}[key]
    return None if days is None else timedelta(days=days)
