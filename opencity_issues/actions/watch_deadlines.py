"""The clocks of section 4: started, met and cancelled by what happens to the issue."""

from collections.abc import Iterable
from datetime import datetime

from opencity_issues.models import Assignment, Deadline, IssuePage
from opencity_issues.models.deadline import DeadlineQuerySet
from opencity_issues.procedure.deadlines import due_at
from opencity_issues.procedure.working_days import WorkingCalendar

WHEN_SENT = ("4.2", "4.3", "4.4")
"""Clocks that start when an organisation gets an issue."""

WHEN_RETURNED_TO_WORK = ("4.4",)
"""The clock that starts when an organisation that had accepted is called again (T9)."""

WHEN_CLOSED = ("4.6", "4.7")
"""Clocks of the issue as a whole that start when it closes."""


def start(
    issue: IssuePage,
    assignments: Iterable[Assignment],
    clauses: Iterable[str],
    now: datetime,
    calendar: WorkingCalendar,
) -> None:
    """Start the clocks of these clauses for each assignment; none of them may still run there (see `cancel`)."""
    Deadline.objects.bulk_create(
        [
            Deadline(
                issue=issue, assignment=assignment, clause=clause, started_at=now, due_at=due_at(clause, now, calendar)
            )
            for assignment in assignments
            for clause in clauses
        ]
    )


WHEN_ARCHIVED = ("T9",)
"""The author's 20 days from the archiving."""


def start_for_issue(issue: IssuePage, clauses: Iterable[str], now: datetime, calendar: WorkingCalendar) -> None:
    """Start clocks of the issue as a whole, counted from `now`."""
    Deadline.objects.bulk_create(
        [
            Deadline(issue=issue, clause=clause, started_at=now, due_at=due_at(clause, now, calendar))
            for clause in clauses
        ]
    )


def meet(assignment: Assignment, clause: str, now: datetime) -> None:
    """The event of a clause has happened for this organisation."""
    _running(assignment.issue).filter(assignment=assignment, clause=clause).update(met_at=now)


def meet_for_issue(issue: IssuePage, clause: str, now: datetime) -> None:
    _running(issue).filter(assignment=None, clause=clause).update(met_at=now)


def cancel(issue: IssuePage, now: datetime, assignments: Iterable[Assignment] | None = None) -> None:
    """Stop every clock of these assignments, or of the whole issue where none are named."""
    running = _running(issue)
    if assignments is not None:
        running = running.filter(assignment__in=list(assignments))
    running.update(cancelled_at=now)


def _running(issue: IssuePage) -> DeadlineQuerySet:
    return Deadline.objects.running().filter(issue=issue)
