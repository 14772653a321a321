"""What an organisation may do with an issue at this moment: one row a deed, so that each screen offers lawful ones only.

The actions ask the same again under their lock; a deed that is offered here can still be refused there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from opencity_issues import rules
from opencity_issues.actions.change_status import offers
from opencity_issues.actions.check_issue import is_checkable
from opencity_issues.actions.record_call import awaits_a_call, awaits_a_reply
from opencity_issues.enums import SOLVED, UNSOLVED, AssignmentState, Party, Publication, Reopening
from opencity_issues.models import Assignment, IssuePage, Organisation
from opencity_issues.procedure import lifecycle
from opencity_issues.procedure.deadlines import DEADLINES, WhenMissed
from opencity_issues.rules import Roles

OF_ANY_PARTY = frozenset({"correct", "note"})
"""Deeds that organisations of every function do."""


@dataclass(frozen=True)
class Situation:
    """How an organisation stands to an issue now. `own` is its part of the issue, if it has one."""

    issue: IssuePage
    organisation: Organisation
    own: Assignment | None

    @property
    def is_published(self) -> bool:
        return self.issue.publication == Publication.PUBLISHED

    @property
    def has_active_part(self) -> bool:
        return self.is_published and self.own is not None and self.own.is_active

    @property
    def others_at_work(self) -> bool:
        return self.is_published and any(one.is_active for one in self.issue.assignments.all())


@dataclass(frozen=True)
class DeedRule:
    """`permission` is one of `rules.PERMISSIONS`; `is_open` says whether the state of the issue allows it."""

    name: str
    permission: str
    party: Party
    clause: str
    is_open: Callable[[Situation], bool]


def _state_is(state: AssignmentState) -> Callable[[Situation], bool]:
    return lambda at: at.has_active_part and at.own is not None and at.own.state == state


_accepted = _state_is(AssignmentState.ACCEPTED)

# fmt: off
RULES: tuple[DeedRule, ...] = (
    DeedRule("seen", "work", Party.RESPONSIBLE_WORKER, "4.1",
             lambda at: at.has_active_part and at.own is not None and at.own.seen_at is None),
    DeedRule("inform-head", "work", Party.RESPONSIBLE_WORKER, "4.2",
             lambda at: at.has_active_part and at.own is not None and at.own.head_informed_at is None),
    DeedRule("name-executor", "work", Party.RESPONSIBLE_WORKER, "4.3", _state_is(AssignmentState.ACCEPTED)),
    DeedRule("ask", "ask", Party.RESPONSIBLE_WORKER, "4.4", lambda at: at.has_active_part),
    DeedRule("answer", "answer", Party.RESPONSIBLE_WORKER, "4.4", lambda at: at.has_active_part),
    DeedRule("rework-done", "work", Party.RESPONSIBLE_WORKER, "4.7",
             lambda at: at.has_active_part and at.issue.reopening == Reopening.CLOSED),
    DeedRule("send-back", "work", Party.RESPONSIBLE_WORKER, "4.5",
             lambda at: _accepted(at) and at.own is not None and at.own.executor_done_at is not None),
    DeedRule("end-link", "work", Party.RESPONSIBLE_WORKER, "2.8",
             lambda at: _accepted(at) and at.own is not None and bool(at.own.executor_email)),
    DeedRule("note", "write_note", Party.RESPONSIBLE_WORKER, "3.3", lambda _at: True),
    DeedRule("return", "work", Party.RESPONSIBLE_WORKER, "2.9", lambda at: at.has_active_part),
    DeedRule("assign", "assign", Party.CONTROL_BODY, "2.9",
             lambda at: at.is_published and at.issue.status in UNSOLVED),
    DeedRule("warn", "warn", Party.CONTROL_BODY, "4.3, 4.4", lambda at: at.others_at_work),
    DeedRule("caller-reply", "record_call", Party.CONTROL_BODY, "4.4", lambda at: awaits_a_reply(at.issue)),
    DeedRule("caller-told", "record_call", Party.CONTROL_BODY, "2.9", lambda at: awaits_a_call(at.issue)),
    DeedRule("publish", "moderate", Party.MODERATOR, "5.1",
             lambda at: at.issue.publication in (Publication.HELD, Publication.REFUSED)),
    DeedRule("refuse", "moderate", Party.MODERATOR, "5.2", lambda at: at.issue.publication == Publication.HELD),
    DeedRule("put-back", "moderate", Party.MODERATOR, "5.1", lambda at: at.issue.publication == Publication.TAKEN_DOWN),
    DeedRule("repeat", "repeat_message", Party.MODERATOR, "4.3, 4.4", lambda at: at.others_at_work),
    DeedRule("take-down", "moderate", Party.MODERATOR, "5.1", lambda at: at.is_published),
    DeedRule("hide", "moderate", Party.MODERATOR, "5.1", lambda _at: True),
    DeedRule("show", "moderate", Party.MODERATOR, "5.1", lambda _at: True),
    DeedRule("handle-flag", "moderate", Party.MODERATOR, "3.2", lambda at: at.issue.status in SOLVED),
    DeedRule("block", "moderate", Party.MODERATOR, "5.1", lambda _at: True),
    # Of a letter that did not arrive; the desk reads along whether there is one.
    DeedRule("bounce-handled", "handle_bounce", Party.CONTROL_BODY, "3.4", lambda at: getattr(at.issue, "has_bounced", False)),
    DeedRule("send-again", "handle_bounce", Party.CONTROL_BODY, "3.4", lambda at: getattr(at.issue, "has_bounced", False)),
    DeedRule("complain", "complain", Party.RESPONSIBLE_WORKER, "5.3", lambda at: at.is_published and at.own is not None),
    DeedRule("handle-complaint", "moderate", Party.MODERATOR, "5.3", lambda _at: True),
    DeedRule("merge", "merge", Party.MODERATOR, "3.3", lambda at: at.is_published),
    DeedRule("split", "merge", Party.MODERATOR, "3.3", lambda at: at.issue.publication == Publication.MERGED),
    DeedRule("check", "check", Party.MODERATOR, "3.2", lambda at: at.is_published and is_checkable(at.issue)),
    DeedRule("correct", "correct_place_or_category", Party.RESPONSIBLE_WORKER, "3.6",
             lambda at: at.issue.status in UNSOLVED and at.issue.publication in (Publication.PUBLISHED, Publication.HELD)),
)
# fmt: on


def offered_deeds(
    issue: IssuePage, organisation: Organisation, roles: Roles, now: datetime | None = None
) -> dict[str, str]:
    """The names of what may be done, transitions by their id, each with its clause, in the order they are offered.

    Reads `issue.assignments` and `issue.deadlines` as they are prefetched.
    """
    own = next(
        (
            one
            for one in issue.assignments.all()
            if one.organisation_id == organisation.pk and one.state != AssignmentState.WITHDRAWN
        ),
        None,
    )
    at = Situation(issue, organisation, own)
    found = {
        offer.transition.id: offer.transition.clause
        for offer in offers(issue, roles, now)
        if offer.organisation is not None and offer.organisation.pk == organisation.pk
    }
    for rule in _open(RULES, at):
        if rules.allows(rule.permission, roles, issue, organisation):
            found[rule.name] = rule.clause
    return found


def awaited(issue: IssuePage, offered: Iterable[str], now: datetime) -> str:
    """Which of the offered deeds the issue waits for, where that is no transition; "" where it waits for none of them.

    To be assigned where nobody is at work on it (2.9, 3.6); a warning or a repeated message that is still owed (4.3, 4.4).
    """
    parts = [one for one in issue.assignments.all() if one.is_active]
    if "assign" in offered and not parts and all(one.state != AssignmentState.DONE for one in issue.assignments.all()):
        return "assign"
    keys = {one.pk for one in parts}
    owed = [
        one
        for one in issue.deadlines.all()
        if one.assignment_id in keys
        and DEADLINES[one.clause].when_missed == WhenMissed.WARN_AND_REPEAT
        and one.is_overdue(now)
    ]
    if "warn" in offered and any(one.warned_at is None for one in owed):
        return "warn"
    return "repeat" if "repeat" in offered and any(one.repeated_at is None for one in owed) else ""


def _open(rows: Iterable[DeedRule], at: Situation) -> Iterable[DeedRule]:
    return (row for row in rows if row.is_open(at))


def is_permitted(name: str, issue: IssuePage, organisation: Organisation, roles: Roles) -> bool:
    """Whether a deed or transition is for these roles at all, whatever the issue's state is now."""
    rows = lifecycle.BY_ID.get(name, ())
    permissions = [str(row.party) for row in rows if row.party != Party.AUTHOR]
    permissions += [rule.permission for rule in RULES if rule.name == name]
    return any(rules.allows(permission, roles, issue, organisation) for permission in permissions)


def party_of(name: str) -> Party | None:
    """Whose deed it is; None for an unknown name and for what any of the three does."""
    for row in lifecycle.BY_ID.get(name, ()):
        return row.party
    return next((rule.party for rule in RULES if rule.name == name and rule.name not in OF_ANY_PARTY), None)
