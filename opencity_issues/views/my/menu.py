"""The rooms of one's own page: one row a room. A host adds its own in `components/my_sections.html`."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Room:
    """`url` is a name of `urls/my.py`."""

    url: str
    title: Promise | str
    icon: str


ROOMS = (
    Room("my_issues", pgettext_lazy("my page", "My issues"), "flag"),
    Room("follows", pgettext_lazy("my page", "What I follow"), "bell"),
    Room("letter_settings", pgettext_lazy("my page", "Letters"), "mail"),
    Room("profile", pgettext_lazy("my page", "About me"), "user"),
    Room("devices", pgettext_lazy("my page", "Devices"), "monitor"),
    Room("my_data", pgettext_lazy("my page", "My data"), "download"),
)


def my_rooms(request: HttpRequest) -> list[dict[str, object]]:
    """What `my/base.html` shows, the open room marked; the first one's address lies above all others, a host's too."""
    addresses = [(room, reverse(f"opencity_issues:{room.url}")) for room in ROOMS]
    first = addresses[0][1]
    below = (url for _room, url in addresses if request.path.startswith(url) and url != first)
    opened = first if request.path == first else max(below, key=len, default="")
    return [{"title": room.title, "icon": room.icon, "url": url, "current": url == opened} for room, url in addresses]
