"""Everything that the page of an issue shows (3.3), read for one visitor in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects
from django.utils.translation import gettext as _

from opencity_issues import rules
from opencity_issues.enums import ACTIVE_ASSIGNMENTS, SOLVED, AssignmentState, ContributionKind, EventKind
from opencity_issues.models import (
    Assignment,
    Category,
    Contribution,
    Correction,
    Deadline,
    Event,
    GivenAnswer,
    IssuePage,
    Membership,
    Organisation,
)
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.card.community_sentences import UNDERTAKINGS
from opencity_issues.queries.card.sentences import day_words
from opencity_issues.queries.card.shown_duplicates import ShownDuplicate, shown_duplicates
from opencity_issues.queries.card.shown_media import ShownMedia, first_photo
from opencity_issues.queries.card.timeline import Entry, Sources, needs_categories, tell
from opencity_issues.queries.card.what_now import WhatNow, what_now
from opencity_issues.rules import Roles

COMMENTS_AT_ONCE = 50
SHOWN_CLAUSES = ("4.3", "4.4")
RESULTS = frozenset(
    {
        ContributionKind.DONE,
        ContributionKind.ANSWER,
        ContributionKind.CHECK,
        ContributionKind.INITIATIVE,
        ContributionKind.PROJECT,
    }
)
"""Words whose photos show what was done."""


@dataclass(frozen=True)
class Talk:
    """One comment as its readers may see it: who by, never a hidden name; the words and files unless hidden."""

    id: int
    author: str
    organisation: str
    by_author: bool
    moment: datetime
    text: str
    media: Sequence[ShownMedia]
    hidden: bool


@dataclass(frozen=True)
class Term:
    """One term of an organisation: its clause, its last day in words, and whether it was met or has passed."""

    clause: str
    day: str
    is_met: bool
    is_late: bool


@dataclass(frozen=True)
class Part:
    """One organisation's part of the issue."""

    organisation: Organisation
    state: str
    executor: str
    planned: str
    terms: Sequence[Term]
    is_active: bool


@dataclass(frozen=True)
class Card:
    issue: IssuePage
    now: WhatNow
    entries: Sequence[Entry]
    talk: Sequence[Talk]
    earlier_comments: int
    media: Sequence[ShownMedia]
    parts: Sequence[Part]
    author: str
    sees_hidden_name: bool
    question: Contribution | None
    flagged: bool
    overdue: bool
    duplicates: Sequence[ShownDuplicate] = ()
    after: ShownMedia | None = None
    """The latest photo of what was done, once the issue is solved."""
    undertaken: frozenset[str] = frozenset()
    """The kinds of events of what residents or organisations have undertaken for it (1.1)."""
    answers: Sequence[GivenAnswer] = ()
    """To what the city asks about its categories."""

    @property
    def times_reported(self) -> int:
        """By how many reports, the issue's own included."""
        return len(self.duplicates) + 1


def read_card(issue: IssuePage, visitor: Roles, now: datetime, *, all_comments: bool = False) -> Card:
    """The card as this visitor may see it.

    `issue` comes with its author, its city's settings, assignments, deadlines and categories read (`views.visit`).
    """
    return _Reader(issue, visitor, now).read(all_comments)


class _Reader:
    def __init__(self, issue: IssuePage, visitor: Roles, now: datetime) -> None:
        self.issue, self.visitor, self.now = issue, visitor, now
        # The calendar is asked for here and by the offers of T9; its days are read once.
        prefetch_related_objects([issue], "city__city_settings__calendar_days")
        self.calendar: WorkingCalendar = issue.city.config.calendar()
        self.today = now.astimezone(self.calendar.tz).date()
        self.is_author = issue.is_by(visitor.user_id)
        self.sees_name = rules.allows("see_author_name", visitor, issue)
        self.sees_desk = rules.allows("see_desk_view", visitor, issue)

    def read(self, all_comments: bool) -> Card:
        contributions = self._contributions(all_comments)
        comments = [one for one in contributions if one.kind == ContributionKind.COMMENT]
        words = {one.pk: one for one in contributions if one.kind != ContributionKind.COMMENT}
        events = list(self.issue.events.select_related("organisation").order_by("sequence"))
        media = self._media(contributions)
        flags = [one for one in words.values() if one.kind == ContributionKind.FLAG and one.handled_at is None]
        return Card(
            issue=self.issue,
            now=what_now(self.issue, self.calendar, self.now),
            entries=tell(self._sources(events, words, media)),
            talk=self._talk(comments, media),
            earlier_comments=sum(event.kind == EventKind.COMMENT for event in events) - len(comments),
            media=media.get(0, []),
            parts=[self._part(one) for one in self.issue.assignments.all()],
            author=self._author_name(),
            sees_hidden_name=self.sees_name and not self.issue.public_author_name,
            question=self._open_question(words.values()),
            flagged=self.visitor.is_registered and any(one.author_id == self.visitor.user_id for one in flags),
            overdue=any(one.is_overdue(self.now) for one in self.issue.deadlines.all() if one.clause in MISSABLE),
            duplicates=shown_duplicates(self.issue),
            after=self._after(words.values(), media),
            undertaken=frozenset(event.kind for event in events if event.kind in UNDERTAKINGS),
            answers=list(self.issue.given_answers.select_related("question")),
        )

    def _contributions(self, all_comments: bool) -> list[Contribution]:
        """The words of the procedure and the latest comments, in the order they were written."""
        found = self.issue.contributions.select_related("author__opencity_citizen", "organisation").order_by(
            "created_at", "pk"
        )
        if not all_comments:
            comments = self.issue.contributions.filter(kind=ContributionKind.COMMENT).order_by("-created_at", "-pk")
            latest = comments.values("pk")[:COMMENTS_AT_ONCE]
            found = found.filter(~Q(kind=ContributionKind.COMMENT) | Q(pk__in=latest))
        return list(found.annotate(**self._speaking_for()))

    def _speaking_for(self) -> dict[str, Subquery]:
        """Whose worker a commenter is, where the organisation has to do with the issue: it speaks, not the person."""
        concerned = Q(organisation__in=[one.organisation_id for one in self.issue.assignments.all()])
        concerned |= Q(organisation__is_control_body=True) | Q(organisation__is_moderator=True)
        memberships = (
            Membership.objects.live()
            .filter(concerned, user=OuterRef("author"), organisation__city=self.issue.city_id)
            .order_by("pk")
        )
        return {
            f"speaks_for_{name}": Subquery(memberships.values(f"organisation__{name}")[:1])
            for name in ("name_uk", "name_en")
        }

    def _media(self, contributions: Iterable[Contribution]) -> dict[int, list[ShownMedia]]:
        """Photos and videos by the contribution they came with; the issue's own under 0. Hidden ones too, to be named."""
        ids = [one.pk for one in contributions if one.hidden_at is None]
        found: dict[int, list[ShownMedia]] = {}
        for one in self.issue.media.filter(Q(contribution=None) | Q(contribution__in=ids)):
            found.setdefault(one.contribution_id or 0, []).append(ShownMedia.of(one))
        return found

    def _after(self, words: Iterable[Contribution], media: Mapping[int, Sequence[ShownMedia]]) -> ShownMedia | None:
        """What residents see beside the first photo: the way it was, and the way it is now."""
        if self.issue.status not in SOLVED:
            return None
        results = [one for one in words if one.kind in RESULTS and one.hidden_at is None]
        shown = (first_photo(media.get(one.pk, ())) for one in reversed(results))
        return next((photo for photo in shown if photo is not None), None)

    def _sources(
        self, events: list[Event], words: dict[int, Contribution], media: dict[int, list[ShownMedia]]
    ) -> Sources:
        corrections: dict[int, list[Correction]] = {}
        if any(event.kind == EventKind.CORRECTED for event in events):
            for correction in Correction.objects.filter(event__issue=self.issue):
                corrections.setdefault(correction.event_id, []).append(correction)
        return Sources(
            issue=self.issue,
            events=events,
            contributions=words,
            media=media,
            corrections=corrections,
            categories={one.code: one for one in Category.objects.all()} if needs_categories(events) else {},
            calendar=self.calendar,
            today=self.today,
            author_name=self._author_name(),
            sees_desk=self.sees_desk,
            is_author=self.is_author,
        )

    def _author_name(self) -> str:
        """The name where the public or this visitor may see it, otherwise the plain word."""
        if self.sees_name and self.issue.author is not None and self.issue.author.get_full_name():
            return str(self.issue.author.get_full_name())
        return self.issue.public_author_name or _("Resident")

    def _talk(self, comments: list[Contribution], media: dict[int, list[ShownMedia]]) -> list[Talk]:
        return [
            Talk(
                id=one.pk,
                author=self._commenter(one),
                organisation=self._organisation_of(one),
                by_author=one.author_id is not None and one.author_id == self.issue.author_id,
                moment=one.created_at,
                text="" if one.hidden_at else one.text,
                media=[] if one.hidden_at else media.get(one.pk, []),
                hidden=one.hidden_at is not None,
            )
            for one in comments
        ]

    def _organisation_of(self, comment: Contribution) -> str:
        """The name of the organisation that the commenter speaks for, in the reader's language; the issue's author for none."""
        if comment.author_id == self.issue.author_id:
            return ""
        spoken = Organisation(
            name_uk=comment.speaks_for_name_uk or "",
            name_en=comment.speaks_for_name_en or "",  # type: ignore[attr-defined]
        )
        return spoken.name

    def _commenter(self, comment: Contribution) -> str:
        """A commenter's name by his or her own choice; the issue's author is named by the issue's choice alone."""
        if comment.author is None:
            return _("Resident")
        if comment.author_id == self.issue.author_id:
            return self._author_name()
        citizen = getattr(comment.author, "opencity_citizen", None)
        name = comment.author.get_full_name() if citizen is not None and citizen.show_name else ""
        return name or _("Resident")

    def _open_question(self, words: Iterable[Contribution]) -> Contribution | None:
        """The latest question that has no reply yet."""
        words = list(words)
        replied = {one.answers_id for one in words if one.kind == ContributionKind.REPLY}
        open_ones = [one for one in words if one.kind == ContributionKind.QUESTION and one.pk not in replied]
        return max(open_ones, key=lambda one: (one.created_at, one.pk), default=None)

    def _part(self, assignment: Assignment) -> Part:
        state = AssignmentState(assignment.state)
        is_current = assignment.state in ACTIVE_ASSIGNMENTS
        terms = [one for one in self.issue.deadlines.all() if is_current and self._is_shown(one, assignment)]
        return Part(
            organisation=assignment.organisation,
            state=str(state.label),
            executor=assignment.executor if state != AssignmentState.SENT else "",
            planned=day_words(assignment.planned_date, self.today) if assignment.planned_date else "",
            terms=[self._term(one) for one in terms],
            is_active=is_current,
        )

    def _is_shown(self, deadline: Deadline, assignment: Assignment) -> bool:
        if deadline.assignment_id != assignment.pk or deadline.cancelled_at or deadline.started_at < assignment.sent_at:
            return False
        return deadline.clause in SHOWN_CLAUSES or (deadline.clause == "4.2" and deadline.is_overdue(self.now))

    def _term(self, deadline: Deadline) -> Term:
        day = day_words(self.calendar.last_day(deadline.due_at), self.today)
        return Term(deadline.clause, day, is_met=deadline.met_at is not None, is_late=deadline.is_overdue(self.now))
