"""What the past of an issue is in this System's rows: who had it, what happened when, and which clocks run from now on.

The door for statuses that come with their past: events are appended as everywhere, and a status is the fold of them
(`opencity_verify`). Nothing of the past is warned about or missed: unsolved issues are as if sent on the day of import, so
terms of the past leave no clocks at all. The responsible workers of then have no accounts here, so deeds have no actor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from opencity_issues.actions.past_issues.past_issue import RANK, PastIssue
from opencity_issues.actions.record_event import Happening
from opencity_issues.enums import AcceptanceKind, AssignmentState, EventKind, Party, Status
from opencity_issues.models import Assignment, Contribution, Deadline, IssuePage, Organisation
from opencity_issues.procedure.deadlines import ON_RECEIPT, due_at
from opencity_issues.procedure.working_days import WorkingCalendar

STATES = {
    Status.OPEN: AssignmentState.SENT,
    Status.ACCEPTED: AssignmentState.ACCEPTED,
    Status.CLOSED: AssignmentState.DONE,
    Status.ARCHIVED: AssignmentState.DONE,
}
CLOCKS = {Status.OPEN: ON_RECEIPT, Status.ACCEPTED: ("4.4",)}
IMPORTED = {"imported": True}


@dataclass(frozen=True)
class History:
    """An issue's past with those who had it; `control` acts where nobody did. `now` is the moment of import."""

    past: PastIssue
    organisations: Sequence[Organisation]
    control: Organisation | None
    calendar: WorkingCalendar
    now: datetime

    @property
    def archived_at(self) -> datetime | None:
        """When 4.6 archived it, as if the System had been there."""
        if self.past.closed_at is None:
            return None
        moment = due_at("4.6", self.past.closed_at, self.calendar)
        return moment if moment <= self.now else None

    @property
    def status(self) -> Status:
        """Where it has come to by the moment of import."""
        return Status.ARCHIVED if self.archived_at else self.past.status

    def columns(self) -> dict[str, Any]:
        """The moments of the issue's row."""
        return {
            "accepted_at": self.past.accepted_at,
            "closed_at": self.past.closed_at,
            "archived_at": self.archived_at,
        }

    def assignment(self, organisation: Organisation) -> dict[str, Any]:
        """An organisation's part."""
        past = self.past
        return {
            "state": STATES[self.status],
            "sent_at": past.submitted_at if past.rank else self.now,
            "seen_at": past.accepted_at,
            "head_informed_at": past.accepted_at,
            "accepted_at": past.accepted_at,
            "kind": AcceptanceKind.SOLVE if past.rank else "",
            "done_at": past.closed_at,
        }

    def answer(self, issue: IssuePage) -> Contribution | None:
        """What the card quotes at the closing (T5 and T6 require an answer)."""
        if self.past.closed_at is None:
            return None
        return Contribution(
            issue=issue,
            kind="done",
            organisation=self._doer,
            text=self.past.answer or _("Closed in the system that kept the issue before."),
            created_at=self.past.closed_at,
        )

    def deadlines(self, issue: IssuePage, assignments: Sequence[Assignment]) -> Iterator[Deadline]:
        """The clocks that run from now on, and the windows of 4.6, 4.7 and T9 that are still open."""
        for assignment in assignments:
            for clause in CLOCKS.get(self.status, ()):
                yield self._clock(issue, clause, self.now, assignment=assignment)
        if self.status == Status.CLOSED and self.past.closed_at:
            for clause in ("4.6", "4.7"):
                yield self._clock(issue, clause, self.past.closed_at)
        if self.archived_at:
            yield self._clock(issue, "T9", self.archived_at)

    def _clock(self, issue: IssuePage, clause: str, start: datetime, **to: Any) -> Deadline:
        due = due_at(clause, start, self.calendar)
        return Deadline(issue=issue, clause=clause, started_at=start, due_at=due, **to)

    @property
    def _doer(self) -> Organisation | None:
        return self.organisations[0] if self.organisations else self.control

    def happenings(self, answer: Contribution | None, known: int | None = None) -> list[Happening]:
        """The events in their order; with `known`, the rank that is written already, only what came after."""
        steps = [self._registered(), self._accepted(), self._closed(answer), self._archived()]
        first = 0 if known is None else known + 1
        return [one for rank, step in enumerate(steps) if first <= rank <= RANK[self.status] for one in step]

    def _registered(self) -> list[Happening]:
        at = self.past.submitted_at
        sent = at if self.past.rank else self.now
        routed = [
            _happening(EventKind.ROUTED, sent, Party.SYSTEM, organisation=one, data={"by_hand": False, **IMPORTED})
            for one in self.organisations
        ]
        return [
            _happening(EventKind.SUBMITTED, at, Party.CITIZEN, data=IMPORTED),
            _happening(EventKind.STATUS, at, Party.CITIZEN, transition="T1", target=Status.OPEN),
            *(routed or [_happening(EventKind.UNROUTED, sent, Party.SYSTEM)]),
        ]

    def _accepted(self) -> list[Happening]:
        at = self.past.accepted_at or self.now
        deeds = [
            _happening(
                EventKind.ACCEPTED,
                at,
                Party.RESPONSIBLE_WORKER,
                organisation=one,
                transition="T2",
                data={"executor_named": False, "kind": AcceptanceKind.SOLVE},
            )
            for one in self.organisations
        ]
        return [*deeds, self._status(at, "T2" if self.organisations else "T4", Status.OPEN, Status.ACCEPTED)]

    def _closed(self, answer: Contribution | None) -> list[Happening]:
        at = self.past.closed_at or self.now
        deeds = [
            _happening(
                EventKind.DONE,
                at,
                Party.RESPONSIBLE_WORKER,
                organisation=one,
                transition="T5",
                contribution=answer if one == self._doer else None,
            )
            for one in self.organisations
        ]
        return [*deeds, self._status(at, "T5" if self.organisations else "T6", Status.ACCEPTED, Status.CLOSED)]

    def _status(self, at: datetime, transition: str, source: Status, target: Status) -> Happening:
        party = Party.RESPONSIBLE_WORKER if self.organisations else Party.CONTROL_BODY
        return _happening(
            EventKind.STATUS,
            at,
            party,
            organisation=self._doer,
            transition=transition,
            source=source,
            target=target,
        )

    def _archived(self) -> list[Happening]:
        at = self.archived_at or self.now
        return [
            _happening(
                EventKind.STATUS, at, Party.SYSTEM, transition="T8", source=Status.CLOSED, target=Status.ARCHIVED
            )
        ]


def _happening(kind: EventKind, at: datetime, party: Party, **more: Any) -> Happening:
    """An event of the past: no letter tells of it."""
    return Happening(kind=kind, at=at, party=party, notify=False, **more)
