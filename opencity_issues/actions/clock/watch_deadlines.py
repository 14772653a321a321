"""The clocks of section 4: started, met, missed and cancelled by what happens to the issue.

A term that passes unmet is recorded by the sweep (`miss_deadlines.py`), within a minute. Where the worker was away and
somebody acts first, the clock is recorded as missed before it is stopped, with the same moment: nothing is forgiven.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from opencity_issues.actions.record_event import Happening, record_all
from opencity_issues.enums import EventKind, Party
from opencity_issues.models import Assignment, Deadline, IssuePage
from opencity_issues.models.deadline import DeadlineQuerySet
from opencity_issues.models.map_cell import count_late, late_ids
from opencity_issues.procedure.deadlines import due_at
from opencity_issues.procedure.working_days import WorkingCalendar

WHEN_RETURNED_TO_WORK = ("4.4",)
"""The clock that starts when an organisation that had accepted is called again (T9)."""

WHEN_CLOSED = ("4.6", "4.7")
"""Clocks of the issue as a whole that start when it closes."""

WHEN_ARCHIVED = ("T9",)
"""The author's 20 days from the archiving."""


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


def start_for_issue(issue: IssuePage, clauses: Iterable[str], now: datetime, calendar: WorkingCalendar) -> None:
    """Start clocks of the issue as a whole, counted from `now`."""
    Deadline.objects.bulk_create(
        [
            Deadline(issue=issue, clause=clause, started_at=now, due_at=due_at(clause, now, calendar))
            for clause in clauses
        ]
    )


def meet(assignment: Assignment, clause: str, now: datetime) -> None:
    """The event of a clause has happened for this organisation; `assignment` is one of the locked issue's own."""
    running = _running(assignment.issue).filter(assignment=assignment, clause=clause)
    note_missed(assignment.issue, running, now)
    _stop(assignment.issue, running, met_at=now)


def cancel(issue: IssuePage, now: datetime, assignments: Iterable[Assignment] | None = None) -> None:
    """Stop every clock of these assignments, or of the whole issue where none are named."""
    running = _running(issue)
    if assignments is not None:
        running = running.filter(assignment__in=list(assignments))
    note_missed(issue, running, now)
    _stop(issue, running, cancelled_at=now)


def to_record(running: DeadlineQuerySet, now: datetime) -> DeadlineQuerySet:
    """Those of these clocks that have run out and are not recorded as missed yet, in the order of their moments."""
    return running.unrecorded(now).order_by("due_at", "clause", "pk")


def note_missed(issue: IssuePage, running: DeadlineQuerySet, now: datetime) -> None:
    """Record on a locked issue what has run out by now. No letters: whoever stops these clocks is at work on it."""
    passed = list(to_record(running, now).select_related("assignment__organisation"))
    for one in passed:
        one.issue = issue
    if passed:
        mark_missed(passed)
        record_all(issue, [as_missed(one, notify=False) for one in passed])


def mark_missed(passed: Sequence[Deadline]) -> None:
    """Missed at the moment that the term ended, however late this runs; the map shows it (`models/map_cell.py`)."""
    issues = {one.issue_id: one.issue for one in passed}
    known = late_ids(issues)
    Deadline.objects.filter(pk__in=[one.pk for one in passed]).update(missed_at=F("due_at"))
    count_late([issue for key, issue in issues.items() if key not in known], +1)


def as_missed(deadline: Deadline, *, notify: bool = True) -> Happening:
    """The event of a missed deadline; it needs `deadline.assignment.organisation`."""
    return Happening(
        kind=EventKind.MISSED,
        at=deadline.due_at,
        party=Party.SYSTEM,
        organisation=deadline.assignment.organisation if deadline.assignment else None,
        data={"clause": deadline.clause, "deadline": deadline.pk},
        notify=notify,
    )


def archive(issues: Sequence[IssuePage], now: datetime) -> dict[int, datetime]:
    """Stop the clocks of those issues whose 4.6 has run out, and start T9 from that moment; each one's moment by its key."""
    running = Deadline.objects.running().filter(issue__in=issues)
    moments = dict(running.filter(clause="4.6", due_at__lte=now).order_by("due_at").values_list("issue_id", "due_at"))
    ending = running.filter(issue_id__in=moments)
    # The windows of 4.6 and 4.7 open and close together.
    ending.filter(clause="4.6").update(met_at=F("due_at"))
    ending.filter(clause="4.7").update(cancelled_at=F("due_at"))
    for other in ending:
        Deadline.objects.filter(pk=other.pk).update(cancelled_at=moments[other.issue_id])
    calendars = {issue.city_id: issue.city.config.calendar() for issue in {one.city_id: one for one in issues}.values()}
    Deadline.objects.bulk_create(
        Deadline(
            issue=issue,
            clause=clause,
            started_at=moments[issue.pk],
            due_at=due_at(clause, moments[issue.pk], calendars[issue.city_id]),
        )
        for issue in issues
        if issue.pk in moments
        for clause in WHEN_ARCHIVED
    )
    return moments


def _stop(issue: IssuePage, running: DeadlineQuerySet, **at: datetime) -> None:
    """Stop these clocks of a locked issue; on the map it is late no more with the last missed one that ran."""
    was_late = bool(late_ids([issue.pk]))
    running.update(**at)
    if was_late and not late_ids([issue.pk]):
        count_late([issue], -1)


def _running(issue: IssuePage) -> DeadlineQuerySet:
    return Deadline.objects.running().filter(issue=issue)
