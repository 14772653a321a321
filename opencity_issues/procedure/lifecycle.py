"""The life of an issue as data: the table of clause 3.2 with 4.6 and 4.7, one row a transition, T1–T14.

Nothing here touches the database; `actions/change_status.py` is the one door that applies these rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import AssignmentState, Party, Reopening, Status


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table in 3.2.

    source/target: statuses; a source of None is a new issue.
    again: True where the row speaks of "(повторно)" as its source, None where it does not matter.
    sets_reopening: the origin that a reopening is remembered by, None where the row does not reopen.
    forbidden_after: origins of the latest reopening after which this row is closed to its party (4.7 against T11).
    requires: fields that must be filled in, out of "executor", "answer", "reason".
    needs_repeated_message: T4 only, the moderator's repeated message since the issue last became open.
    own_assignment: states of the actor's own organisation's assignment in which the row is offered; empty: no own one needed.
    window: the clause whose deadline ends the offer, or "".
    """

    id: str
    source: Status | None
    target: Status
    party: Party
    clause: str
    condition: Promise | str = ""
    again: bool | None = None
    sets_reopening: Reopening | None = None
    forbidden_after: frozenset[Reopening] = frozenset()
    requires: tuple[str, ...] = ()
    needs_repeated_message: bool = False
    own_assignment: frozenset[AssignmentState] = frozenset()
    window: str = ""


_SENT = frozenset({AssignmentState.SENT})
_ACCEPTED = frozenset({AssignmentState.ACCEPTED})
_ACTIVE = _SENT | _ACCEPTED
_AFTER_4_7 = frozenset({Reopening.CLOSED})

_ROWS = (
    Transition("T1", None, Status.OPEN, Party.CITIZEN, "3.2"),
    Transition(
        "T2",
        Status.OPEN,
        Status.ACCEPTED,
        Party.RESPONSIBLE_WORKER,
        "3.2, 4.3",
        condition=_("several organisations may each accept"),
        requires=("executor",),
        own_assignment=_SENT,
    ),
    Transition(
        "T3",
        Status.OPEN,
        Status.ACCEPTED,
        Party.MODERATOR,
        "3.2",
        condition=_("it is being solved by self-organisation"),
        requires=("reason",),
    ),
    Transition(
        "T4",
        Status.OPEN,
        Status.ACCEPTED,
        Party.CONTROL_BODY,
        "3.2",
        condition=_("on the moderator's repeated message"),
        needs_repeated_message=True,
    ),
    Transition(
        "T5",
        Status.ACCEPTED,
        Status.CLOSED,
        Party.RESPONSIBLE_WORKER,
        "3.2, 4.5",
        requires=("answer",),
        own_assignment=_ACCEPTED,
        forbidden_after=_AFTER_4_7,
    ),
    Transition(
        "T6",
        Status.ACCEPTED,
        Status.CLOSED,
        Party.CONTROL_BODY,
        "3.2",
        condition=_("on the structural unit's answer"),
        requires=("answer",),
    ),
    Transition(
        "T7",
        Status.ACCEPTED,
        Status.CLOSED,
        Party.MODERATOR,
        "3.2",
        condition=_("on the structural unit's answer, or solved by self-organisation"),
        requires=("answer",),
    ),
    Transition("T8", Status.CLOSED, Status.ARCHIVED, Party.SYSTEM, "3.2, 4.6", condition=_("20 days after closing")),
    Transition(
        "T9",
        Status.ARCHIVED,
        Status.ACCEPTED,
        Party.AUTHOR,
        "3.2",
        condition=_("closed but not solved, within 20 days"),
        requires=("reason",),
        sets_reopening=Reopening.ARCHIVE,
        window="T9",
    ),
    Transition(
        "T10",
        Status.ARCHIVED,
        Status.OPEN,
        Party.MODERATOR,
        "3.2",
        condition=_("after a check, or on other messages"),
        requires=("reason",),
        sets_reopening=Reopening.ARCHIVE,
    ),
    Transition(
        "T11",
        Status.OPEN,
        Status.CLOSED,
        Party.RESPONSIBLE_WORKER,
        "3.2",
        condition=_("after rework"),
        again=True,
        requires=("answer",),
        own_assignment=_ACTIVE,
        forbidden_after=_AFTER_4_7,
    ),
    Transition(
        "T12",
        Status.OPEN,
        Status.CLOSED,
        Party.CONTROL_BODY,
        "3.2, 4.7",
        condition=_("on the structural unit's answer, or a check"),
        again=True,
        requires=("answer",),
    ),
    Transition(
        "T13",
        Status.OPEN,
        Status.CLOSED,
        Party.MODERATOR,
        "3.2, 4.7",
        condition=_("on the structural unit's answer, or a check"),
        again=True,
        requires=("answer",),
    ),
    # 4.7 gives this row to two parties; they differ in nothing else.
    Transition(
        "T14",
        Status.CLOSED,
        Status.OPEN,
        Party.MODERATOR,
        "4.7",
        condition=_("within 20 days of closing"),
        requires=("reason",),
        sets_reopening=Reopening.CLOSED,
        window="4.7",
    ),
    Transition(
        "T14",
        Status.CLOSED,
        Status.OPEN,
        Party.AUTHOR,
        "4.7",
        condition=_("within 20 days of closing"),
        requires=("reason",),
        sets_reopening=Reopening.CLOSED,
        window="4.7",
    ),
)

TABLE: tuple[Transition, ...] = _ROWS
BY_ID: Mapping[str, tuple[Transition, ...]] = {
    row.id: tuple(other for other in _ROWS if other.id == row.id) for row in _ROWS
}


def fold(targets: Iterable[Status]) -> Status:
    """The status that a sequence of status events ends in; an issue without any is as it was registered, open (T1)."""
    status = Status.OPEN
    for target in targets:
        status = target
    return status


def is_possible(row: Transition, status: Status, again: bool, reopening: Reopening) -> bool:
    """Whether the row starts from this situation of the issue, moments and assignments aside.

    T2 also starts from accepted: an organisation that has not yet accepted may do so after another
    has, or after T3 or T4; then the status stays as it is (reading of "several organisations may each accept").
    """
    if row.source != status and not (row.id == "T2" and status == Status.ACCEPTED):
        return False
    if row.again is not None and row.again != again:
        return False
    return reopening not in row.forbidden_after
