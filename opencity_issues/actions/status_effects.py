"""What each transition changes besides the status: assignments, deadlines, contributions. Called by the one door alone."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from opencity_issues.actions.cabinet import executor_links
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.contribute import attach
from opencity_issues.actions.record_event import record, write
from opencity_issues.enums import (
    ACTIVE_ASSIGNMENTS,
    FINISHED_ASSIGNMENTS,
    AssignmentState,
    ContributionKind,
    EventKind,
    Reopening,
    Status,
)
from opencity_issues.models import Assignment, Contribution, IssuePage, Organisation
from opencity_issues.models.map_cell import count_moves
from opencity_issues.procedure.deadlines import ON_RECEIPT
from opencity_issues.procedure.lifecycle import Transition

if TYPE_CHECKING:
    from opencity_issues.actions.change_status import Move


def apply(
    row: Transition,
    issue: IssuePage,
    organisation: Organisation | None,
    move: "Move",
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Carry out an allowed row on a locked issue."""
    deed = _Deed(row, issue, organisation, move, actor_id, now)
    match row.id:
        case "T2":
            deed.accept_own()
        case "T3" | "T4":
            deed.change_status()
        case "T5" | "T11":
            deed.finish_own()
        case "T6" | "T7" | "T12" | "T13":
            deed.close_whole()
        case "T9":
            deed.return_to_work()
        case "T10" | "T14":
            deed.reopen()


class _Deed:
    """One transition being carried out."""

    def __init__(
        self,
        row: Transition,
        issue: IssuePage,
        organisation: Organisation | None,
        move: "Move",
        actor_id: int | None,
        now: datetime,
    ) -> None:
        self.row, self.issue, self.organisation = row, issue, organisation
        self.move, self.actor_id, self.now = move, actor_id, now
        self.calendar = issue.city.config.calendar()
        self.assignments = list(issue.assignments.all())

    def accept_own(self) -> None:
        """T2, 4.3: the organisation accepts and names its executor; only the first acceptance changes the status."""
        own = self._own()
        own.state = AssignmentState.ACCEPTED
        own.accepted_at = self.now
        own.kind = self.move.kind
        own.executor = self.move.executor.strip()
        own.worker_id = self.actor_id
        own.seen_at = own.seen_at or self.now
        # The head appoints the executor, hence has been informed.
        own.head_informed_at = own.head_informed_at or self.now
        own.planned_date = self.move.planned_date or own.planned_date
        own.executor_done_at = None
        executor_links.end(own, self.now)
        own.save()
        watch_deadlines.meet(own, "4.2", self.now)
        watch_deadlines.meet(own, "4.3", self.now)
        first = self.issue.status == Status.OPEN
        self._record(EventKind.ACCEPTED, data={"executor_named": True, "kind": own.kind})
        if first:
            self.change_status()
        if self.move.executor_email:
            executor_links.give(self.issue, own, self.move.executor_email, actor_id=self.actor_id, now=self.now)

    def finish_own(self) -> None:
        """T5, T11, 4.5: one's own part is done; the status changes when no other holds the closing back."""
        own = self._own()
        own.state = AssignmentState.DONE
        own.done_at = self.now
        own.save(update_fields=["state", "done_at"])
        watch_deadlines.meet(own, "4.4", self.now)
        watch_deadlines.cancel(self.issue, self.now, [own])
        last = not any(assignment.holds_closing for assignment in self.assignments)
        self._record(EventKind.DONE, contribution=self._write(ContributionKind.DONE, self.move.answer), notify=not last)
        if last:
            self._close()

    def close_whole(self) -> None:
        """T6, T7, T12, T13: control body or moderator close the issue with all its assignments."""
        self._record(
            EventKind.ANSWER, contribution=self._write(ContributionKind.ANSWER, self.move.answer), notify=False
        )
        self._close()

    def _close(self) -> None:
        for assignment in self.assignments:
            if assignment.is_active:
                watch_deadlines.meet(assignment, "4.4", self.now)
        self.change_status(closed_at=self.now, again=False, explained=False)
        # After the letters of the change, which go to the organisations that were still at work.
        self.issue.assignments.filter(state__in=ACTIVE_ASSIGNMENTS).update(state=AssignmentState.ENDED)
        watch_deadlines.cancel(self.issue, self.now)
        watch_deadlines.start_for_issue(self.issue, watch_deadlines.WHEN_CLOSED, self.now, self.calendar)

    def return_to_work(self) -> None:
        """T9: assignments that had been accepted are accepted again, with a new deadline of 4.4."""
        ever = set(self.issue.events.filter(kind=EventKind.ACCEPTED).values_list("organisation_id", flat=True))
        called = [one for one in self.assignments if one.state in FINISHED_ASSIGNMENTS and one.organisation_id in ever]
        for assignment in called:
            assignment.state = AssignmentState.ACCEPTED
            assignment.accepted_at = assignment.accepted_at or self.now
            assignment.done_at = assignment.answered_at = assignment.planned_date = assignment.executor_done_at = None
            executor_links.end(assignment, self.now)
            assignment.save()
        watch_deadlines.cancel(self.issue, self.now)
        watch_deadlines.start(self.issue, called, watch_deadlines.WHEN_RETURNED_TO_WORK, self.now, self.calendar)
        self._reopened(accepted_at=self.now)

    def reopen(self) -> None:
        """T10, T14: all its organisations are sent the issue again, with new deadlines."""
        called = [one for one in self.assignments if one.is_active or one.state in FINISHED_ASSIGNMENTS]
        for assignment in called:
            assignment.state = AssignmentState.SENT
            assignment.sent_at = self.now
            assignment.seen_at = assignment.head_informed_at = assignment.accepted_at = None
            assignment.done_at = assignment.answered_at = assignment.planned_date = assignment.executor_done_at = None
            executor_links.end(assignment, self.now)
            # The executor's name stays, to be confirmed or changed with the next acceptance.
            assignment.kind = ""
            assignment.save()
        watch_deadlines.cancel(self.issue, self.now)
        watch_deadlines.start(self.issue, called, ON_RECEIPT, self.now, self.calendar)
        self._reopened(accepted_at=None, opened_at=self.now)

    def _reopened(self, **changes: Any) -> None:
        reopening = self.row.sets_reopening or Reopening.NEVER
        self.change_status(
            again=True, reopening=reopening, explained=False, closed_at=None, archived_at=None, **changes
        )

    def change_status(self, **changes: Any) -> None:
        """Write the status, its event and letters, and move the issue on the map."""
        source, target = Status(self.issue.status), self.row.target
        if target == Status.ACCEPTED:
            changes.setdefault("accepted_at", self.now)
        write(self.issue, status=target, **changes)
        categories = list(self.issue.issue_categories.values_list("category_id", flat=True))
        count_moves(self.issue, categories, {source: -1, target: +1})
        self._record(
            EventKind.STATUS,
            source=source,
            target=target,
            contribution=self._write(ContributionKind.REASON, self.move.reason) if self.move.reason.strip() else None,
        )

    def _own(self) -> Assignment:
        return next(
            one for one in self.assignments if self.organisation and one.organisation_id == self.organisation.pk
        )

    def _write(self, kind: ContributionKind, text: str) -> Contribution:
        contribution = Contribution.objects.create(
            issue=self.issue,
            kind=kind,
            author_id=self.actor_id,
            organisation=self.organisation,
            text=text.strip(),
            created_at=self.now,
        )
        attach(self.move.media, contribution)
        return contribution

    def _record(self, kind: EventKind, **extra: Any) -> None:
        record(
            self.issue,
            kind,
            at=self.now,
            actor_id=self.actor_id,
            party=self.row.party,
            organisation=self.organisation,
            transition=self.row.id,
            **extra,
        )
