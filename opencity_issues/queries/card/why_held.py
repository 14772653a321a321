"""Why an issue waits for the moderator (5.1), in plain words, with the stop words that hold it marked in its text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind, Publication
from opencity_issues.models import Event, IssuePage, Organisation
from opencity_issues.procedure.moderation import GROUNDS, Ground, find_stop_words
from opencity_issues.queries.card.sentences import Words, say

WHY: dict[str, Words] = {
    "everything": _("In this city every issue is read before it is published."),
    "stop_word": _("A word of the stop list is in it."),
    "flood": _("The author has sent many issues in a short time: are they different ones?"),
    "sent_again": _("It was refused or taken down; the author has corrected it and sent it again."),
}
REFUSED_FOR = _("The ground was: %(ground)s.")
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `marked`: a stop word is in it."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class WhyHeld:
    """`words` are the entries of the stop list that were found; `title` and `description` the texts with them marked."""

    sentence: str
    words: list[str]
    title: list[Piece]
    description: list[Piece]
    ground: str = ""


def why_held(issue: IssuePage, events: Sequence[Event]) -> WhyHeld | None:
    """None for an issue that is not held. Asks nothing of the database: `events` are the issue's, in order."""
    if issue.publication != Publication.HELD:
        return None
    reason = next((str(one.data.get("why", "")) for one in reversed(events) if one.kind == EventKind.HELD), "")
    stop_list = issue.city.config.stop_list
    found = find_stop_words(f"{issue.title}\n{issue.description}\n{issue.address}", stop_list)
    sentences = [say(WHY[reason])] if reason in WHY else []
    if found and reason != "stop_word":
        sentences.append(say(WHY["stop_word"]))
    known = next((str(one.data["ground"]) for one in reversed(events) if "ground" in one.data), "")
    ground = str(GROUNDS[Ground(known)].words) if reason == "sent_again" and known in set(Ground) else ""
    if ground:
        sentences.append(say(REFUSED_FOR, ground=ground))
    return WhyHeld(" ".join(sentences), found, marked(issue.title, found), marked(issue.description, found), ground)


def marked(text: str, stop_words: Iterable[str]) -> list[Piece]:
    """The text in pieces, each written word that holds a stop word marked; letters set apart by spaces stay unmarked."""
    words = list(stop_words)
    pieces: list[Piece] = []
    for token in _WORD.findall(text):
        is_found = bool(words) and not token.isspace() and bool(find_stop_words(token, words))
        if pieces and pieces[-1].marked == is_found:
            pieces[-1] = Piece(pieces[-1].text + token, is_found)
        else:
            pieces.append(Piece(token, is_found))
    return pieces


def next_held(organisation: Organisation, after: int) -> int | None:
    """The number of the held issue that is decided next: the first after this number, else the first of all."""
    held = IssuePage.objects.filter(city_id=organisation.city_id, publication=Publication.HELD).order_by("number")
    numbers = held.values_list("number", flat=True)
    following: int | None = numbers.filter(number__gt=after).first()
    return following if following is not None else numbers.first()
