"""Where a person is signed in, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.models import Device
from opencity_issues.models.sessions import AGENT, SEEN, session_of

DEVICES_AT_MOST = 30
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""The first whose sign stands in the browser's words for itself; the order matters, for they name each other."""


@dataclass(frozen=True)
class SignedIn:
    """`key` is that of `Device`, None for the present browser where the list does not know it; `is_this` is the present one."""

    key: int | None
    name: str
    is_phone: bool
    since: datetime | None
    seen: datetime | None
    is_this: bool


def devices_of(user: Any, session: Any) -> list[SignedIn]:
    """The person's browsers whose sessions have not run out, the present one first, then the latest used."""
    found = []
    for device in Device.objects.filter(user_id=user.pk).order_by("-pk")[:DEVICES_AT_MOST]:
        is_this = device.session_key == session.session_key
        data = session if is_this else session_of(device.session_key).load()
        if data:
            found.append(_describe(data, device.pk, device.created_at, is_this=is_this))
    if not any(one.is_this for one in found):
        found.append(_describe(session, None, None, is_this=True))
    return sorted(found, key=lambda one: (not one.is_this, -(one.seen.timestamp() if one.seen else 0)))


def _describe(data: Any, key: int | None, since: datetime | None, *, is_this: bool) -> SignedIn:
    agent, seen = str(data.get(AGENT, "")), data.get(SEEN)
    moment = datetime.fromtimestamp(seen, UTC) if seen else None
    return SignedIn(key, browser_name(agent), "Mobi" in agent, since, moment, is_this)


def browser_name(agent: str) -> str:
    """Chrome, Android; what is not known is called so."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system))) or _("Unknown browser")
