"""The sentences of residents' meetings (1.1, T3, T7), which say the day."""

from datetime import date

from opencity_issues.enums import EventKind
from opencity_issues.models import Event
from opencity_issues.queries.card import sentences
from opencity_issues.queries.card.sentences import day_words, say

BY_RESIDENTS = frozenset(
    {
        EventKind.INITIATIVE_STARTED,
        EventKind.INITIATIVE_CHANGED,
        EventKind.INITIATIVE_DONE,
        EventKind.INITIATIVE_CANCELLED,
    }
)
"""Done by a resident who is not the issue's author, and told without a name."""

UNDERTAKINGS = BY_RESIDENTS | {EventKind.PROJECT_DECLARED, EventKind.PROJECT_DONE, EventKind.PROJECT_CANCELLED}


def community_sentence(event: Event, today: date) -> str:
    """The event in plain words, from its own data alone."""
    if event.data.get("forgotten"):
        return say(sentences.FORGOTTEN)
    day = date.fromisoformat(event.data["day"]) if event.data.get("day") else today
    return say(sentences.EVENTS[event.kind], day=day_words(day, today))
