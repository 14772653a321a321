"""The terms of the procedure as data, one row a clause, and the instant at which each of them ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_issues.procedure.working_days import WorkingCalendar


class Unit(StrEnum):
    """How the amount of a term is counted; the day of the event is never counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS_TO_WORKING = "calendar_days_to_working"
    SAME_TIME_DAYS = "same_time_days"
    DAILY = "daily"


class Start(StrEnum):
    """The event whose instant a term is counted from."""

    LOOKED = "looked"
    NOTIFIED = "notified"
    ROUTED = "routed"
    CLOSED = "closed"
    ARCHIVED = "archived"


class MetBy(StrEnum):
    """What has to happen before the term ends."""

    LOOKED = "looked"
    HEAD_INFORMED = "head_informed"
    ACCEPTED_WITH_EXECUTOR = "accepted_with_executor"
    SOLVED_OR_EXPLAINED = "solved_or_explained"
    ARCHIVED = "archived"
    REOPENED = "reopened"


class WhenMissed(StrEnum):
    """What follows when the term ends without it."""

    DIGEST = "digest"
    SHOW_AND_TELL_CONTROL = "show_and_tell_control"
    WARN_AND_REPEAT = "warn_and_repeat"
    HAPPENS_BY_ITSELF = "happens_by_itself"
    NO_LONGER_OFFERED = "no_longer_offered"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One term: who has to do what, by when, and what follows otherwise.

    scope: "assignment" where each organisation has its own term, "issue" where the issue has one.
    """

    clause: str
    what: Promise | str
    amount: int
    unit: Unit
    starts: Start
    met_by: MetBy
    when_missed: WhenMissed
    scope: Literal["assignment", "issue"]


# One row a term.
# fmt: off
_ROWS = (
    DeadlineRule(
        "4.1", _("the responsible worker looks at the mailbox and the cabinet"),
        1, Unit.DAILY, Start.LOOKED, MetBy.LOOKED, WhenMissed.DIGEST, "assignment",
    ),
    DeadlineRule(
        "4.2", _("the responsible worker informs the head of the organisation"),
        1, Unit.WORKING_DAYS, Start.NOTIFIED, MetBy.HEAD_INFORMED, WhenMissed.SHOW_AND_TELL_CONTROL, "assignment",
    ),
    DeadlineRule(
        "4.3", _("the issue is accepted and its executor named"),
        3, Unit.WORKING_DAYS, Start.ROUTED, MetBy.ACCEPTED_WITH_EXECUTOR, WhenMissed.WARN_AND_REPEAT, "assignment",
    ),
    DeadlineRule(
        "4.4", _("the issue is solved, or its author told the justified reasons why it cannot be"),
        30, Unit.CALENDAR_DAYS_TO_WORKING, Start.ROUTED, MetBy.SOLVED_OR_EXPLAINED, WhenMissed.WARN_AND_REPEAT,
        "assignment",
    ),
    DeadlineRule(
        "4.6", _("the closed issue goes to the archive"),
        20, Unit.SAME_TIME_DAYS, Start.CLOSED, MetBy.ARCHIVED, WhenMissed.HAPPENS_BY_ITSELF, "issue",
    ),
    DeadlineRule(
        "4.7", _("the moderator or the author can reopen the closed issue"),
        20, Unit.SAME_TIME_DAYS, Start.CLOSED, MetBy.REOPENED, WhenMissed.NO_LONGER_OFFERED, "issue",
    ),
    # The table of statuses gives this window to a transition and not to a clause, so it is named by the transition.
    DeadlineRule(
        "T9", _("the author can return the archived issue to work"),
        20, Unit.SAME_TIME_DAYS, Start.ARCHIVED, MetBy.REOPENED, WhenMissed.NO_LONGER_OFFERED, "issue",
    ),
)
# fmt: on

DEADLINES: Mapping[str, DeadlineRule] = {row.clause: row for row in _ROWS}

WARNED = tuple(row.clause for row in _ROWS if row.when_missed == WhenMissed.WARN_AND_REPEAT)
"""Clauses after whose missed terms the control body warns and the moderator repeats the message."""

MISSABLE = tuple(
    row.clause for row in _ROWS if row.when_missed == WhenMissed.SHOW_AND_TELL_CONTROL or row.clause in WARNED
)
"""Clauses whose terms an organisation can miss; the others end by themselves."""

ON_RECEIPT = tuple(row.clause for row in _ROWS if row.starts in {Start.NOTIFIED, Start.ROUTED})
"""Clauses whose terms begin when an organisation gets an issue."""


def due_at(clause: str, start: datetime, calendar: WorkingCalendar) -> datetime:
    """The instant (UTC) at which the term of ``clause`` ends that began with the event at ``start``.

    What happens before this instant is in time, what happens at it or later is not. "Every day" is read as
    every working day: who looked today has until the end of the next working day to look again.
    Raises KeyError for a clause without a term and ValueError for a naive ``start``.
    """
    rule = DEADLINES[clause]
    match rule.unit:
        case Unit.WORKING_DAYS | Unit.DAILY:
            return calendar.end_of_working_day(start, rule.amount)
        case Unit.CALENDAR_DAYS_TO_WORKING:
            return calendar.calendar_days_then_working(start, rule.amount)
        case Unit.SAME_TIME_DAYS:
            return calendar.same_time_after(start, rule.amount)
