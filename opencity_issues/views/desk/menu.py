"""The rooms of a cabinet beside its desk: one row a room, shown to the organisations that have one of its functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from opencity_issues.models import Organisation
from opencity_issues.queries.consultation import awaiting
from opencity_issues.queries.desk.queues import Function, functions_of

EVERYBODY = (Function.WORK, Function.CONTROL, Function.MODERATION)


@dataclass(frozen=True)
class Room:
    """`url` is a name of `urls/` that takes the organisation's slug."""

    url: str
    title: Promise | str
    icon: str
    functions: Sequence[Function] = EVERYBODY
    count: Callable[[Organisation], int] | None = None
    """How many things in the room wait for this organisation, by at most one query."""


# fmt: off
ROOMS: tuple[Room, ...] = (
    Room("cabinet", pgettext_lazy("room", "Desk"), "inbox"),
    Room("desk_overview", pgettext_lazy("room", "Overview"), "chart-column"),
    Room("desk_calendar", pgettext_lazy("room", "Calendar"), "calendar"),
    Room("desk_looks", pgettext_lazy("room", "Who has looked"), "eye", (Function.CONTROL,)),
    Room("matrix", pgettext_lazy("room", "Matrix"), "layers", (Function.CONTROL,)),
    Room("calls", pgettext_lazy("room", "Record a call"), "phone", (Function.CONTROL,)),
    Room("undelivered", pgettext_lazy("room", "Undelivered letters"), "mail", (Function.CONTROL,)),
    Room("consultation", pgettext_lazy("room", "Consultations"), "message-circle", count=awaiting),
    Room("instructions", pgettext_lazy("room", "Instructions"), "book-open"),
    Room("templates", pgettext_lazy("room", "Templates"), "file-text", (Function.WORK,)),
    Room("work_orders", pgettext_lazy("room", "Work orders"), "printer", (Function.WORK,)),
    Room("visits", pgettext_lazy("room", "Visits"), "footprints", (Function.MODERATION,)),
    Room("own_projects", pgettext_lazy("room", "Projects"), "sprout"),
    Room("reports", pgettext_lazy("room", "Reports"), "chart-column", (Function.CONTROL, Function.MODERATION)),
    Room("members", pgettext_lazy("room", "Members"), "users"),
)
# fmt: on


def menu(organisation: Organisation, current: str) -> list[dict[str, object]]:
    """The rooms that this organisation has, for `cabinet/menu.html`; `current` is the url name of the open one."""
    own = set(functions_of(organisation))
    return [
        {
            "title": room.title,
            "icon": room.icon,
            "url": reverse(f"opencity_issues:{room.url}", args=[organisation.slug]),
            "current": room.url == current,
            "count": room.count(organisation) if room.count else 0,
        }
        for room in ROOMS
        if own.intersection(room.functions)
    ]
