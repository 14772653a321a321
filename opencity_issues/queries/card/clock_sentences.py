"""What the history says of the clocks of section 4: missed, warned about, counted anew, a promised date that is near."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.models import Event
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.card.sentences import EVENTS, Words, day_words, say

MISSED: Mapping[str, Words] = {
    "4.2": _("%(organisation)s: the head was to be informed by %(day)s (cl. 4.2). The deadline is missed."),
    "4.3": _(
        "%(organisation)s: the issue was to be accepted and an executor named by %(day)s (cl. 4.3). The deadline is missed."
    ),
    "4.4": _("%(organisation)s: an answer was due by %(day)s (cl. 4.4). The deadline is missed."),
}
BY_TELEPHONE: Mapping[str, Words] = {
    EventKind.WARNING: _(
        "The control body warned by telephone about a missed deadline. Addressed to: %(organisation)s."
    ),
    EventKind.REPEATED: _("The moderator repeated the message by telephone. Addressed to: %(organisation)s."),
}
COUNTED_ANEW = _("cl. %(clause)s until %(after)s instead of %(before)s")
NOT_MISSED = _("cl. %(clause)s until %(after)s instead of %(before)s, so it was not missed")

CLOCK_EVENTS = frozenset(
    {EventKind.MISSED, EventKind.WARNING, EventKind.REPEATED, EventKind.RECOUNTED, EventKind.PLAN_NEAR}
)


def clock_sentence(event: Event, calendar: WorkingCalendar, today: date) -> str:
    """One of `CLOCK_EVENTS` in the reader's language, its days by the city's calendar."""
    organisation = event.organisation.name if event.organisation else ""
    words = EVENTS[event.kind]
    match event.kind:
        case EventKind.MISSED:
            words = MISSED[event.data["clause"]]
            return say(words, organisation=organisation, day=day_words(calendar.last_day(event.at), today))
        case EventKind.PLAN_NEAR:
            return say(words, organisation=organisation, day=day_words(date.fromisoformat(event.data["day"]), today))
        case EventKind.RECOUNTED:
            changes = dict.fromkeys(_change(one, calendar, today) for one in event.data["changes"])
            return say(words, changes="; ".join(changes))
    if event.data.get("way"):
        words = BY_TELEPHONE[event.kind]
    return say(words, organisation=organisation)


def _change(change: Mapping[str, Any], calendar: WorkingCalendar, today: date) -> str:
    before, after = (
        day_words(calendar.last_day(datetime.fromisoformat(change[name])), today) for name in ("before", "after")
    )
    return say(
        NOT_MISSED if change["taken_back"] else COUNTED_ANEW, clause=change["clause"], before=before, after=after
    )
