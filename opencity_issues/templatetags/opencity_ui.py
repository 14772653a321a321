"""Presentation tags: icons, status badges, moments in words. They know enumerations and looks, never the database.

{% load opencity_ui %}
{% icon "map-pin" %}   {% icon "clock" label=_("Deadline") %}
{% status_badge issue %}   {% status_badge "open" big=True %}
{% pin "accepted" overdue=True %}
{{ event.moment|ago }}   {{ deadline.due_at|until }}   {{ issue.published_at|day }}
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from opencity_issues.enums import EventKind, Publication, Status
from opencity_issues.templatetags.base_map import base_map
from opencity_issues.templatetags.moments import ago, day, until

register = template.Library()
register.filter("ago", ago)
register.filter("until", until)
register.filter("day", day)
register.simple_tag(base_map, takes_context=True)

ICONS = Path(__file__).resolve().parent.parent / "static" / "opencity_issues" / "icons"

STATUS_ICONS: dict[str, str] = {
    Status.OPEN: "status-open",
    Status.ACCEPTED: "status-accepted",
    Status.CLOSED: "status-closed",
    Status.ARCHIVED: "status-archived",
    Publication.HELD: "status-held",
    Publication.REFUSED: "status-refused",
    Publication.TAKEN_DOWN: "status-refused",
    Publication.WITHDRAWN: "status-refused",
    Publication.MERGED: "copy",
}

EVENT_ICONS: dict[str, str] = {
    EventKind.SUBMITTED: "flag",
    EventKind.HELD: "status-held",
    EventKind.REFUSED: "status-refused",
    EventKind.TAKEN_DOWN: "status-refused",
    EventKind.PUT_BACK: "eye",
    EventKind.WITHDRAWN: "undo-2",
    EventKind.CORRECTED: "pencil",
    EventKind.ROUTED: "send",
    EventKind.UNROUTED: "send",
    EventKind.ASSIGNMENT_WITHDRAWN: "undo-2",
    EventKind.SEEN: "eye",
    EventKind.HEAD_INFORMED: "user",
    EventKind.ACCEPTED: "hand-helping",
    EventKind.EXECUTOR_NAMED: "hard-hat",
    EventKind.QUESTION: "circle-help",
    EventKind.REPLY: "reply",
    EventKind.ANSWER: "message-square",
    EventKind.DONE: "check-check",
    EventKind.RETURNED: "forward",
    EventKind.WARNING: "alarm-clock",
    EventKind.REPEATED: "megaphone",
    EventKind.COMMENT: "message-circle",
    EventKind.FLAG: "triangle-alert",
    EventKind.FLAG_HANDLED: "check",
    EventKind.HIDDEN: "eye-off",
    EventKind.SHOWN: "eye",
    EventKind.AUTHOR_NAME: "user",
    EventKind.HANDED_OVER: "users",
    EventKind.MISSED: "mark-overdue",
    EventKind.RECOUNTED: "calendar",
    EventKind.PLAN_NEAR: "hourglass",
    EventKind.LINK_SENT: "link",
    EventKind.EXECUTOR_DONE: "clipboard-check",
    EventKind.SENT_BACK: "undo-2",
    EventKind.NOTE: "sticky-note",
    EventKind.COMPLAINT: "shield-alert",
    EventKind.COMPLAINT_HANDLED: "check",
    EventKind.CHECKED: "footprints",
    EventKind.MERGED: "copy",
    EventKind.DUPLICATE_JOINED: "users",
    EventKind.CALLER_TOLD: "phone",
    EventKind.BOUNCE_HANDLED: "mail",
    EventKind.INITIATIVE_STARTED: "shovel",
    EventKind.INITIATIVE_CHANGED: "pencil",
    EventKind.INITIATIVE_DONE: "heart-handshake",
    EventKind.INITIATIVE_CANCELLED: "circle-x",
    EventKind.PROJECT_DECLARED: "sprout",
    EventKind.PROJECT_DONE: "trophy",
    EventKind.PROJECT_CANCELLED: "circle-x",
}


@lru_cache(maxsize=512)
def _drawing(name: str) -> str | None:
    """Markup of one vendored icon, or None when there is no such icon. Only names, never paths, reach the disk."""
    if not name.replace("-", "").isalnum():
        return None
    path = ICONS / f"{name}.svg"
    return path.read_text().strip() if path.is_file() else None


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An inline icon. Without `label` it is decoration; with one it is an image with that name.

    An unknown name (a category of a city may carry any) shows the neutral `tag` instead of failing the page.
    """
    drawing = _drawing(str(name or "tag")) or _drawing("tag") or ""
    head = format_html('<svg class="icon{}" aria-hidden="true" ', f" {css}" if css else "")
    if label:
        head = format_html('<svg class="icon{}" role="img" aria-label="{}" ', f" {css}" if css else "", label)
    return mark_safe(drawing.replace('<svg xmlns="http://www.w3.org/2000/svg" ', head, 1))  # noqa: S308 vendored drawing


def _read(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _status_word(status: str) -> str:
    for labels in (Status, Publication):
        if status in labels.values:
            return str(labels(status).label)
    return status


@register.simple_tag
def status_badge(thing: Any, big: bool = False, bare: bool = False) -> SafeString:
    """Status as colour, icon and word; then "again", "overdue" and the publication when they hold.

    `thing` is a status's value, or an issue as object or dict with `status` and, if known, `again`, `overdue` and
    `publication`. `bare` leaves the status alone.
    """
    status = thing if isinstance(thing, str) else str(_read(thing, "status") or "")
    publication = "" if isinstance(thing, str) else str(_read(thing, "publication") or "")
    if publication and publication != Publication.PUBLISHED:
        status = publication
    badges = [_badge(status, STATUS_ICONS.get(status, "info"), _status_word(status), big)]
    if not bare and not isinstance(thing, str):
        if _read(thing, "again") and status in (Status.OPEN, Status.ACCEPTED):
            badges.append(_badge("again", "mark-again", pgettext("issue status", "again"), big))
        if _read(thing, "overdue") or _read(thing, "is_overdue"):
            badges.append(_badge("overdue", "mark-overdue", _("Overdue"), big))
    return mark_safe(" ".join(badges))  # noqa: S308 made of format_html


def _badge(kind: str, icon_name: str, word: str, big: bool) -> SafeString:
    size = " badge--big" if big else ""
    return format_html('<span class="badge badge--{}{}">{}{}</span>', kind, size, icon(icon_name), word)


@register.simple_tag
def pin(status: str, overdue: bool = False, again: bool = False, label: str = "") -> SafeString:
    """The map's pin of a status, for legends and rows; scripts draw the same from the sprite."""
    marks = [f"mark-{name}" for name, there in (("overdue", overdue), ("again", again)) if there]
    inner = [_drawing(f"pin-{status}") or _drawing("pin-open") or ""]
    inner += [f'<span class="pin__mark pin__{mark}">{icon(mark)}</span>' for mark in marks]
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="pin pin--{}" {}>{}</span>', status, says, mark_safe("".join(inner)))  # noqa: S308


@register.simple_tag
def as_written() -> SafeString:
    """The attribute `lang` for what people wrote, on a page in another language than the city's own.

    What language each of them writes in is not known; that of the site is the best guess, and what a screen reader needs.
    """
    own = settings.LANGUAGE_CODE.split("-")[0]
    return mark_safe("") if (get_language() or own).split("-")[0] == own else format_html(' lang="{}"', own)


@register.simple_tag
def event_icon(kind: str, status: str = "") -> SafeString:
    """The round mark of an event in the timeline; a change of status wears the status it led to."""
    late = " timeline__mark--overdue" if kind in (EventKind.WARNING, EventKind.REPEATED) else ""
    colour = f" timeline__mark--{status}" if status in Status.values else late
    name = STATUS_ICONS.get(status) or EVENT_ICONS.get(kind, "circle")
    return format_html('<span class="timeline__mark{}">{}</span>', colour, icon(name))


@register.simple_tag(takes_context=True)
def nav_link(
    context: RequestContext, url: str, text: str, icon_name: str = "", css: str = "nav__link", also: str = ""
) -> SafeString:
    """A link of the navigation, marked as current on its own page and below; nothing without an address.

    `also` names pages of this app that belong to the same section though they do not lie below it: "needs projects".
    """
    if not url:
        return mark_safe("")
    path = getattr(context.get("request"), "path", "")
    section = [url, *(reverse(f"opencity_issues:{name}") for name in also.split())]
    current = ""
    if path == url:
        current = mark_safe(' aria-current="page"')
    elif any(one.count("/") > 1 and path.startswith(one) for one in section):
        current = mark_safe(' aria-current="true"')
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<a class="{}" href="{}"{}>{}<span>{}</span></a>', css, url, current, drawing, text)


@register.filter
def without_stop(sentence: str) -> str:
    """The sentence open at its end, for what follows in brackets before the full stop: “… by 2 December (cl. 4.3).”"""
    return str(sentence).removesuffix(".")


@register.filter
def widget_kind(field: BoundField) -> str:
    """`choice` for a single checkbox, `group` for several inputs under one legend, else `input`."""
    kind = getattr(field.field.widget, "input_type", "")
    if field.use_fieldset:
        return "group"
    return "choice" if kind == "checkbox" else "input"


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The address's own query string with some values changed (None or "" removes), for filters and pages."""
    request = context.get("request")
    values = request.GET.copy() if request else {}
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"
