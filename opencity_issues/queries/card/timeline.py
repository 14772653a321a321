"""What happened to an issue (3.3), newest first, as entries in plain words. Made from its events and nothing else kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_issues.enums import AcceptanceKind, EventKind, Party
from opencity_issues.models import Category, Contribution, Correction, Event, IssuePage
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.procedure.moderation import GROUNDS, Ground
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.card import sentences
from opencity_issues.queries.card.clock_sentences import CLOCK_EVENTS, clock_sentence
from opencity_issues.queries.card.community_sentences import BY_RESIDENTS, community_sentence
from opencity_issues.queries.card.moderation_sentences import MODERATION_EVENTS, moderation_sentence
from opencity_issues.queries.card.sentences import day_words, say
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.card.terms import Terms

_LEADS_TO_STATUS = frozenset({EventKind.ACCEPTED, EventKind.DONE, EventKind.ANSWER, EventKind.CHECKED})
_FOR_DESKS = frozenset({EventKind.HANDED_OVER, EventKind.AUTHOR_NAME})
BETWEEN_OFFICES = frozenset(
    {
        EventKind.LINK_SENT,
        EventKind.EXECUTOR_DONE,
        EventKind.SENT_BACK,
        EventKind.RECOUNTED,
        EventKind.PLAN_NEAR,
    }
)
"""Told on desks alone: not on the public card, not to the author, not by REST."""
_NAMES_ADDRESSEE = frozenset({EventKind.WARNING, EventKind.REPEATED, EventKind.COMPLAINT_HANDLED, EventKind.REPLY})
"""Events whose organisation is the one that is written to."""
COMPLAINTS = frozenset({EventKind.COMPLAINT, EventKind.COMPLAINT_HANDLED})
OWN_NOTES = frozenset({EventKind.NOTE, EventKind.BOUNCE_HANDLED})
"""Told on the desk of the organisation that wrote them, and on no other."""
NOT_PUBLIC_EVENTS = BETWEEN_OFFICES | COMPLAINTS | OWN_NOTES


@dataclass(frozen=True)
class Change:
    """What one field said before a correction and after it."""

    part: str
    before: str
    after: str


@dataclass
class Entry:
    """One thing that happened. `status` is the one it led to, or ""; `comments` counts comments told together."""

    sequence: int
    kind: str
    moment: datetime
    title: str
    party: str = ""
    status: str = ""
    text: str = ""
    hidden: bool = False
    internal: bool = False
    contribution_id: int | None = None
    media: Sequence[ShownMedia] = ()
    changes: list[Change] = field(default_factory=list)
    comments: int = 0
    comment_id: int | None = None


@dataclass(frozen=True)
class Sources:
    """All that the history is told from, read before. `contributions` and `media` are by the contribution's id."""

    issue: IssuePage
    events: Sequence[Event]
    contributions: dict[int, Contribution]
    media: dict[int, list[ShownMedia]]
    corrections: dict[int, list[Correction]]
    categories: dict[str, Category]
    calendar: WorkingCalendar
    today: date
    author_name: str
    sees_desk: bool
    is_author: bool
    notes_of: int | None = None
    """The organisation whose internal notes are told: a cabinet's own, on that cabinet's desk alone."""
    complaints_of: frozenset[int] | None = frozenset()
    """The organisations whose complaints to the moderator are told; None: those of all (moderator and control body)."""
    apart: bool = False
    """Every event by itself, for a record; otherwise what belongs together is told together."""


def tell(sources: Sources) -> list[Entry]:
    """The entries, newest first. A status that follows from a deed of the same moment is told with the deed."""
    return _Teller(sources).tell()


class _Teller:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.assignments = {one.organisation_id: one for one in sources.issue.assignments.all()}
        self.terms = Terms(sources.issue.deadlines.all(), sources.calendar, sources.today)
        self.latest_naming = {
            event.organisation_id: event.sequence
            for event in sources.events
            if event.kind in (EventKind.ACCEPTED, EventKind.EXECUTOR_NAMED)
        }
        self.sent_together: dict[int, list[Event]] = {}
        self.published_by = max((one.sequence for one in sources.events if _publishes(one)), default=None)

    def tell(self) -> list[Entry]:
        entries: list[Entry] = []
        previous: Event | None = None
        for event in self.sources.events:
            if not self._is_told(event):
                continue
            if self.sources.apart:
                entries.append(self._entry(event))
            elif event.kind == EventKind.STATUS and previous is not None and _follows(event, previous):
                self._lead_to_status(entries[-1], event)
            elif event.kind == EventKind.COMMENT and entries and entries[-1].comments:
                self._one_more_comment(entries[-1], event)
            elif previous is not None and _sent_together(event, previous):
                self._one_more_receiver(entries[-1], event)
            else:
                entries.append(self._entry(event))
            previous = event
        if not self.sources.apart:
            # What came due while the worker was away was written later than it happened.
            entries.sort(key=lambda entry: entry.moment)
        entries.reverse()
        return entries

    def _is_told(self, event: Event) -> bool:
        if event.kind in OWN_NOTES:
            return event.organisation_id is not None and event.organisation_id == self.sources.notes_of
        if event.kind in COMPLAINTS:
            return self.sources.complaints_of is None or event.organisation_id in self.sources.complaints_of
        if event.kind in BETWEEN_OFFICES:
            return self.sources.sees_desk
        return event.kind not in _FOR_DESKS or self.sources.sees_desk or self.sources.is_author

    def _entry(self, event: Event) -> Entry:
        entry = Entry(
            sequence=event.sequence,
            kind=event.kind,
            moment=event.at,
            title=self._title(event),
            party=self._party(event),
            status=event.target,
        )
        if event.kind == EventKind.COMMENT:
            entry.comments, entry.comment_id = 1, event.contribution_id
        elif event.kind == EventKind.CORRECTED:
            entry.changes = self._changes(event)
        else:
            self._quote(entry, event)
        return entry

    def _lead_to_status(self, entry: Entry, event: Event) -> None:
        entry.status = event.target
        entry.title = self._join(entry.title, say(sentences.TRANSITIONS[event.transition]))
        if event.contribution_id and not entry.text:
            self._quote(entry, event)

    def _one_more_comment(self, entry: Entry, event: Event) -> None:
        entry.comments += 1
        entry.moment, entry.sequence, entry.comment_id = event.at, event.sequence, event.contribution_id
        entry.title = ngettext("%(count)d comment was written.", "%(count)d comments were written.", entry.comments) % {
            "count": entry.comments
        }

    def _one_more_receiver(self, entry: Entry, event: Event) -> None:
        if event.organisation is not None:
            self.sent_together.setdefault(entry.sequence, []).append(event)
            names = [one.organisation.name for one in self.sent_together[entry.sequence] if one.organisation]
            first = next(one for one in self.sources.events if one.sequence == entry.sequence)
            entry.title = self._sending(first, names)

    def _sending(self, event: Event, others: Sequence[str] = ()) -> str:
        words = sentences.ASSIGNED_BY_HAND if event.data.get("by_hand") else sentences.EVENTS[event.kind]
        names = ", ".join([event.organisation.name if event.organisation else "", *others])
        return self._join(say(words, organisation=names), self._terms_when_sent(event))

    def _title(self, event: Event) -> str:
        match event.kind:
            case EventKind.STATUS:
                return self._join(say(sentences.TRANSITIONS[event.transition]), self._terms_after_reopening(event))
            case EventKind.ROUTED:
                return self._sending(event)
            case EventKind.ACCEPTED | EventKind.EXECUTOR_NAMED:
                return self._acceptance(event)
            case EventKind.ANSWER | EventKind.DONE | EventKind.QUESTION | EventKind.EXECUTOR_DONE:
                return self._answer(event)
            case EventKind.RETURNED:
                return self._join(self._say(sentences.EVENTS[event.kind], event), self._next_addressee(event))
            case EventKind.HIDDEN | EventKind.SHOWN:
                return self._hiding(event)
        return self._from_data(event) or self._say(_plain_words(event), event)

    def _from_data(self, event: Event) -> str:
        """The sentence of an event that says more than its kind by its own data; "" for any other."""
        if event.kind in CLOCK_EVENTS:
            return clock_sentence(event, self.sources.calendar, self.sources.today)
        if event.kind in BY_RESIDENTS:
            return community_sentence(event, self.sources.today)
        return moderation_sentence(event) if event.kind in MODERATION_EVENTS else ""

    def _say(self, words: sentences.Words, event: Event) -> str:
        known = event.data.get("ground", "")
        rule = GROUNDS.get(Ground(known)) if known in set(Ground) else None
        parts = [str(sentences.PARTS.get(name, name)) for name in event.data.get("fields", [])]
        return say(
            words,
            organisation=event.organisation.name if event.organisation else "",
            ground=str(rule.words) if rule else "",
            clause=rule.clause if rule else "5.1",
            fields=", ".join(parts),
        )

    def _acceptance(self, event: Event) -> str:
        known = event.data.get("kind", "")
        kind = AcceptanceKind(known) if known in AcceptanceKind.values else AcceptanceKind.SOLVE
        name = event.organisation.name if event.organisation else ""
        sentence = say(sentences.EVENTS[event.kind], organisation=name, kind=str(kind.label))
        assignment = self.assignments.get(event.organisation_id)
        executor = ""
        # An event keeps no names: only the latest naming is known to be the executor of now.
        if assignment and assignment.executor and self.latest_naming.get(event.organisation_id) == event.sequence:
            executor = say(sentences.EXECUTOR, executor=assignment.executor)
        answer = self.terms.to_answer(assignment, event.at) if assignment and event.kind == EventKind.ACCEPTED else ""
        return self._join(sentence, executor, answer)

    def _answer(self, event: Event) -> str:
        words = self.sources.contributions.get(event.contribution_id or 0)
        sentence = sentences.EVENTS[event.kind]
        if event.data.get("rework"):
            sentence = sentences.REWORK_DONE
        elif words is not None and words.explains:
            sentence = sentences.EXPLAINED
        planned = words.planned_date if words is not None else None
        when = say(sentences.PLANNED, day=day_words(planned, self.sources.today)) if planned else ""
        named = say(sentences.EXECUTOR, executor=words.executor) if words is not None and words.executor else ""
        return self._join(self._say(sentence, event), named, when)

    def _hiding(self, event: Event) -> str:
        if "media" not in event.data:
            if event.kind == EventKind.HIDDEN:
                return _("The moderator hid what somebody wrote.")
            return _("The moderator showed again what somebody wrote.")
        return (
            _("The moderator hid a photo.")
            if event.kind == EventKind.HIDDEN
            else _("The moderator showed a photo again.")
        )

    def _next_addressee(self, event: Event) -> str:
        after = (one for one in self.sources.events if one.sequence > event.sequence)
        sent = next((one for one in after if one.kind == EventKind.ROUTED and one.organisation), None)
        if sent is not None and sent.organisation is not None:
            return say(sentences.NEXT_ADDRESSEE, organisation=sent.organisation.name)
        return say(sentences.NEXT_UNKNOWN)

    def _terms_when_sent(self, event: Event) -> str:
        assignment = self.assignments.get(event.organisation_id)
        return self.terms.that_began([assignment] if assignment else [], event.at)

    def _terms_after_reopening(self, event: Event) -> str:
        if event.transition not in ("T9", "T10", "T14"):
            return ""
        return self.terms.that_began(self.assignments.values(), event.at)

    def _changes(self, event: Event) -> list[Change]:
        """What was corrected. What has not been public, or was taken down later, stays between author and desks."""
        is_public = self.published_by is not None and event.sequence > self.published_by
        if not (is_public or self.sources.sees_desk or self.sources.is_author):
            return []
        return [
            Change(
                str(sentences.PARTS.get(one.field, one.field)),
                self._value(one, one.before),
                self._value(one, one.after),
            )
            for one in self.sources.corrections.get(event.pk, [])
        ]

    def _value(self, correction: Correction, value: str) -> str:
        if correction.field != "categories":
            return value
        codes = [code.strip() for code in value.split(",") if code.strip()]
        return ", ".join(
            self.sources.categories[code].name if code in self.sources.categories else code for code in codes
        )

    def _quote(self, entry: Entry, event: Event) -> None:
        """The words and files that came with the event; what is not for the public only where the reader may see it."""
        words = self.sources.contributions.get(event.contribution_id or 0)
        if words is None:
            return
        entry.internal = words.kind not in PUBLIC_KINDS
        if entry.internal and not self.sources.sees_desk:
            entry.internal = False
            return
        entry.contribution_id = words.pk
        entry.hidden = words.hidden_at is not None
        if not entry.hidden:
            entry.text = words.text
            entry.media = self.sources.media.get(words.pk, [])

    def _party(self, event: Event) -> str:
        match event.party:
            case Party.SYSTEM:
                return _("By the System itself")
            case Party.AUTHOR:
                return self.sources.author_name
            case Party.CITIZEN if event.kind not in (EventKind.COMMENT, EventKind.FLAG, *BY_RESIDENTS):
                return self.sources.author_name
            case Party.CONTROL_BODY | Party.MODERATOR if event.kind not in _NAMES_ADDRESSEE:
                return event.organisation.name if event.organisation else str(Party(event.party).label)
            case Party.RESPONSIBLE_WORKER if event.kind == EventKind.CORRECTED and event.organisation:
                return event.organisation.name
        return ""

    @staticmethod
    def _join(*sentences_of_one: str) -> str:
        return " ".join(one for one in sentences_of_one if one)


def _plain_words(event: Event) -> sentences.Words:
    match event.kind:
        case EventKind.HEAD_INFORMED if event.data.get("way") in sentences.HEAD_BY:
            return sentences.HEAD_BY[event.data["way"]]
        case EventKind.SUBMITTED if event.party == Party.CONTROL_BODY:
            return sentences.BY_PHONE
        case EventKind.REPLY if event.party == Party.CONTROL_BODY:
            return sentences.CALLERS_REPLY
        case EventKind.HELD if event.data.get("why") == "sent_again":
            return sentences.SENT_AGAIN
    return sentences.EVENTS[event.kind]


def _publishes(event: Event) -> bool:
    return event.kind == EventKind.PUT_BACK or (event.kind == EventKind.STATUS and event.transition == "T1")


def _follows(event: Event, deed: Event) -> bool:
    """Whether a change of status is the outcome of the deed recorded just before it."""
    return (
        deed.kind in _LEADS_TO_STATUS
        and deed.transition == event.transition
        and deed.at == event.at
        and deed.organisation_id == event.organisation_id
    )


def _sent_together(event: Event, other: Event) -> bool:
    """Whether two organisations got the issue at once, with the same terms: told in one sentence."""
    return (
        event.kind == other.kind == EventKind.ROUTED
        and event.at == other.at
        and event.data.get("by_hand") == other.data.get("by_hand")
    )


def needs_categories(events: Iterable[Event]) -> bool:
    """Whether a correction of categories is to be told, for which their names are needed."""
    return any(event.kind == EventKind.CORRECTED and "categories" in event.data.get("fields", []) for event in events)
