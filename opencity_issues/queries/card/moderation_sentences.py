"""The sentences of the moderator's events that say more than their kind: what was found, with what an issue is one."""

from opencity_issues.enums import EventKind
from opencity_issues.models import Event
from opencity_issues.procedure.moderation import COMPLAINTS, Complaint
from opencity_issues.queries.card import sentences
from opencity_issues.queries.card.sentences import say

MODERATION_EVENTS = frozenset(
    {
        EventKind.COMPLAINT,
        EventKind.CHECKED,
        EventKind.MERGED,
        EventKind.DUPLICATE_JOINED,
        EventKind.PUT_BACK,
    }
)


def moderation_sentence(event: Event) -> str:
    """The event in plain words, from its own data alone."""
    words, data = sentences.EVENTS[event.kind], event.data
    match event.kind:
        case EventKind.COMPLAINT:
            name = event.organisation.name if event.organisation else ""
            return say(words, organisation=name, of=complaint_words(data.get("of", "")))
        case EventKind.CHECKED:
            return say(words, outcome=str(sentences.OUTCOMES.get(data.get("outcome", ""), "")))
        case EventKind.MERGED:
            return say(words, main=data.get("main", ""))
        case EventKind.DUPLICATE_JOINED if "left" in data:
            return say(sentences.DUPLICATE_LEFT, number=data["left"])
        case EventKind.DUPLICATE_JOINED:
            return say(words, numbers=", ".join(f"№ {number}" for number in data.get("numbers", [])))
        case EventKind.PUT_BACK if "from" in data:
            return say(sentences.SPLIT, main=data["from"])
    return say(words)


def complaint_words(kind: str) -> str:
    """Of what a worker complains (5.3), in the reader's language."""
    return str(COMPLAINTS[Complaint(kind)]) if kind in set(Complaint) else ""
