"""The issue in a cabinet's right pane: everything an organisation may know of it, read in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from opencity_issues import rules
from opencity_issues.enums import AssignmentState, ContributionKind, EventKind
from opencity_issues.models import (
    Assignment,
    Caller,
    Category,
    Contribution,
    Correction,
    Deadline,
    Event,
    IssuePage,
    Media,
    Organisation,
)
from opencity_issues.procedure.moderation import GROUNDS, Ground
from opencity_issues.queries.card.shown_complaints import ShownComplaint, shown_complaints
from opencity_issues.queries.card.timeline import Entry, Sources, needs_categories, tell
from opencity_issues.queries.card.what_now import WhatNow, what_now
from opencity_issues.queries.card.why_held import WhyHeld, why_held
from opencity_issues.queries.desk.desk import nearest_due, own_assignment
from opencity_issues.queries.desk.outbox import UndeliveredLetter, describe, undelivered
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class Part:
    """What one organisation does about the issue, with its terms that still run."""

    assignment: Assignment
    deadlines: list[Deadline]
    is_own: bool


@dataclass
class OpenedIssue:
    """`author_name` is empty where the reader may not see it or its owner gave none; `parts` are all organisations."""

    issue: IssuePage
    now: WhatNow
    own: Assignment | None
    due: Deadline | None
    is_late: bool
    parts: list[Part]
    entries: list[Entry]
    media: list[Media]
    words: list[Contribution]
    """Residents' comments, replies and flags, oldest first, hidden ones included: each with `files`."""
    flags: list[Contribution]
    answers: list[Contribution]
    notes: list[Contribution]
    """The organisation's own internal notes, oldest first."""
    reported: Contribution | None
    """The executor's report that the organisation is to confirm (4.5), with its `files`."""
    sees_author: bool
    author_name: str
    ground: str
    held: WhyHeld | None = None
    complaints: list[ShownComplaint] = field(default_factory=list)
    """Complaints of organisations to the moderator that this cabinet may read, oldest first."""
    bounced: list[UndeliveredLetter] = field(default_factory=list)
    caller: Caller | None = None
    """Who telephoned the issue in, for the control body alone."""


_RESIDENTS = frozenset({ContributionKind.COMMENT, ContributionKind.REPLY, ContributionKind.FLAG})
_UNITS = frozenset({ContributionKind.ANSWER, ContributionKind.DONE})


def opened_issue(
    issue: IssuePage, organisation: Organisation, roles: Roles, now: datetime, *, with_bounced: bool = False
) -> OpenedIssue:
    """Read an issue, whose parts `queries/desk/desk.py` has prefetched, for a member of an organisation that may see it.

    `with_bounced`: together with the letters about it that did not arrive, for the control body.
    """
    events = list(Event.objects.filter(issue=issue).select_related("organisation").order_by("sequence"))
    said = list(Contribution.objects.filter(issue=issue).select_related("author", "organisation"))
    files = _files_by_words(issue)
    for words in said:
        words.files = files.get(words.pk, [])
    own = own_assignment(issue, organisation)
    due = nearest_due(issue.deadlines.all(), own)
    calendar = issue.city.config.calendar()
    sees_author = rules.allows("see_author_name", roles, issue)
    author_name = issue.author.get_full_name() if sees_author and issue.author else issue.public_author_name
    return OpenedIssue(
        issue=issue,
        now=what_now(issue, calendar, now),
        own=own,
        due=due,
        is_late=due is not None and due.is_overdue(now),
        parts=_parts(issue, own),
        entries=tell(
            Sources(
                issue=issue,
                events=events,
                contributions={one.pk: one for one in said},
                media=_shown(files),
                corrections=_corrections(issue, events),
                categories=_categories(events),
                calendar=calendar,
                today=timezone.localdate(now, calendar.tz),
                author_name=author_name,
                sees_desk=rules.allows("see_desk_view", roles, issue),
                is_author=False,
                notes_of=organisation.pk,
                complaints_of=None if _reads_all(organisation) else frozenset({organisation.pk}),
            )
        ),
        media=files.get(None, []),
        words=[one for one in said if one.kind in _RESIDENTS],
        flags=[one for one in said if one.kind == ContributionKind.FLAG and one.handled_at is None],
        answers=[one for one in said if one.kind in _UNITS and one.hidden_at is None],
        sees_author=sees_author,
        author_name=author_name,
        reported=_reported(said, own),
        notes=[one for one in said if one.kind == ContributionKind.NOTE and one.organisation_id == organisation.pk],
        ground=str(GROUNDS[Ground(issue.refusal_ground)].words) if issue.refusal_ground in set(Ground) else "",
        held=why_held(issue, events),
        complaints=shown_complaints(
            events,
            said,
            [one for found in files.values() for one in found],
            of=None if _reads_all(organisation) else organisation.pk,
        ),
        bounced=_bounced(issue) if with_bounced else [],
        caller=_caller(issue, organisation, roles),
    )


def _caller(issue: IssuePage, organisation: Organisation, roles: Roles) -> Caller | None:
    """Only on the control body's own desk, whatever else its member may be."""
    if not issue.by_phone or not organisation.is_control_body or not rules.allows("see_caller", roles, issue):
        return None
    return getattr(issue, "caller", None)


def _reads_all(organisation: Organisation) -> bool:
    """Complaints of all organisations are for the moderator and the control body."""
    return organisation.is_moderator or organisation.is_control_body


def _reported(said: list[Contribution], own: Assignment | None) -> Contribution | None:
    if own is None or own.executor_done_at is None or own.state != AssignmentState.ACCEPTED:
        return None
    reports = [
        one
        for one in said
        if one.kind == ContributionKind.EXECUTED and one.organisation_id == own.organisation_id and one.executor
    ]
    return reports[-1] if reports else None


def _files_by_words(issue: IssuePage) -> dict[int | None, list[Media]]:
    """The issue's files by the contribution they came with; None for its own."""
    files: dict[int | None, list[Media]] = defaultdict(list)
    for media in Media.objects.filter(issue=issue):
        media.thumb_url = media.url("thumb")
        files[media.contribution_id].append(media)
    return files


def _parts(issue: IssuePage, own: Assignment | None) -> list[Part]:
    running = [one for one in issue.deadlines.all() if one.met_at is None and one.cancelled_at is None]
    return [
        Part(assignment, [one for one in running if one.assignment_id == assignment.pk], assignment == own)
        for assignment in issue.assignments.all()
        if assignment.state != AssignmentState.WITHDRAWN
    ]


def _shown(files: dict[int | None, list[Media]]) -> dict[int, list[Media]]:
    """What came with somebody's words and is not hidden."""
    return {key: [one for one in found if one.hidden_at is None] for key, found in files.items() if key is not None}


def _corrections(issue: IssuePage, events: list[Event]) -> dict[int, list[Correction]]:
    corrections: dict[int, list[Correction]] = defaultdict(list)
    if any(event.kind == EventKind.CORRECTED for event in events):
        for correction in Correction.objects.filter(event__issue=issue):
            corrections[correction.event_id].append(correction)
    return corrections


def _categories(events: list[Event]) -> dict[str, Category]:
    return {one.code: one for one in Category.objects.all()} if needs_categories(events) else {}


def _bounced(issue: IssuePage) -> list[UndeliveredLetter]:
    return [describe(one) for one in undelivered(issue.city).filter(issue=issue)]
