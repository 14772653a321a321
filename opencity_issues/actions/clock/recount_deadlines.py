"""After a change of the calendar, the time zone, the country or martial law: running deadlines are counted anew (4.1–4.7).

An explicit step with a trace: the calendar alone moves nothing that has begun. What was met or cancelled stays as it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.actions.clock.due_batches import BATCH
from opencity_issues.actions.record_event import Happening, locked_all, record_many
from opencity_issues.enums import EventKind, Party
from opencity_issues.models import CitySettings, Deadline, IssueIndexPage, IssuePage
from opencity_issues.models.map_cell import count_late, late_ids
from opencity_issues.procedure.deadlines import MISSABLE, due_at
from opencity_issues.procedure.refusals import NotPermitted
from opencity_issues.procedure.working_days import WorkingCalendar

LOG_ACTION = "opencity.recount"


@dataclass
class Recount:
    """What counting anew changes, or has changed. `deadlines` of so many `issues`; the others are parts of them."""

    running: int = 0
    deadlines: int = 0
    issues: int = 0
    later: int = 0
    earlier: int = 0
    missed_at_once: int = 0
    """Due before this moment by the new count and not recorded as missed yet."""
    taken_back: int = 0
    """Recorded as missed by the old count, and not missed by the new one."""
    by_clause: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Change:
    deadline: Deadline
    due: datetime
    takes_back: bool


def may_recount(user: Any) -> bool:
    """Who may change the city's settings (2.7): by Django's permissions, nobody's role in the procedure."""
    return bool(ModelPermissionPolicy(CitySettings).user_has_permission(user, "change"))


def recount_deadlines(
    city: IssueIndexPage, *, actor: Any, now: datetime | None = None, dry_run: bool = False
) -> Recount:
    """Count the running deadlines of a city anew from the moments they started; tells what that changes. Repeatable.

    `actor` of None is the operator at the console; anybody else needs the right to change the settings (NotPermitted).
    A deadline recorded as missed that by the new count still runs was not missed: its record is taken back and it can be
    missed at its new end, once. Not so where a warning or a repeated message has gone out: what was sent cannot be unsent,
    so the record stays and nothing is recorded or sent a second time; only the end moves.
    """
    if actor is not None and not may_recount(actor):
        raise NotPermitted(_("Only who may change the city's settings counts deadlines anew."), clause="2.7")
    now = now or timezone.now()
    settings = CitySettings.objects.get_or_create(city=city)[0]
    calendar = settings.calendar()
    result = Recount()
    running = Deadline.objects.running().filter(issue__city=city)
    ids = list(running.order_by("issue_id").values_list("issue_id", flat=True).distinct())
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        if dry_run:
            _count(result, list(_changes(batch, calendar, now, result)), now)
            continue
        with transaction.atomic():
            issues = {one.pk: one for one in locked_all(batch)}
            changes = list(_changes(batch, calendar, now, result))
            _count(result, changes, now)
            _write(changes, issues, actor, now)
    if not dry_run and result.deadlines:
        data = {"deadlines": result.deadlines, "issues": result.issues}
        log(instance=settings, action=LOG_ACTION, user=actor, data=data)
    return result


def _changes(issue_ids: Sequence[int], calendar: WorkingCalendar, now: datetime, result: Recount) -> Iterator[_Change]:
    running = Deadline.objects.running().filter(issue_id__in=issue_ids).order_by("issue_id", "clause", "pk")
    for deadline in running.select_related("assignment"):
        result.running += 1
        due = due_at(deadline.clause, deadline.started_at, calendar)
        if due != deadline.due_at:
            unsent = deadline.warned_at is None and deadline.repeated_at is None
            yield _Change(deadline, due, deadline.missed_at is not None and due > now and unsent)


def _count(result: Recount, changes: Sequence[_Change], now: datetime) -> None:
    result.deadlines += len(changes)
    result.issues += len({one.deadline.issue_id for one in changes})
    for one in changes:
        clause = one.deadline.clause
        result.by_clause[clause] = result.by_clause.get(clause, 0) + 1
        result.later += one.due > one.deadline.due_at
        result.earlier += one.due < one.deadline.due_at
        result.taken_back += one.takes_back
        result.missed_at_once += (
            clause in MISSABLE and one.deadline.missed_at is None and one.due <= now < one.deadline.due_at
        )


def _write(changes: Sequence[_Change], issues: dict[int, IssuePage], actor: Any, now: datetime) -> None:
    """Move the ends, and say on each issue what they were and what they are."""
    histories = []
    for issue_id, own in groupby(changes, key=lambda one: one.deadline.issue_id):
        told = [_told(one) for one in own]
        histories.append(
            (
                issues[issue_id],
                [
                    Happening(
                        kind=EventKind.RECOUNTED,
                        at=now,
                        actor_id=actor.pk if actor is not None else None,
                        party="" if actor is not None else Party.SYSTEM,
                        data={"changes": told},
                    )
                ],
            )
        )
    were_late = late_ids(issues)
    for one in changes:
        one.deadline.due_at = one.due
        if one.takes_back:
            one.deadline.missed_at = None
    Deadline.objects.bulk_update([one.deadline for one in changes], ["due_at", "missed_at"], batch_size=100)
    count_late([issues[key] for key in were_late - late_ids(were_late)], -1)
    record_many(histories)


def _told(change: _Change) -> dict[str, Any]:
    deadline = change.deadline
    return {
        "clause": deadline.clause,
        "organisation": deadline.assignment.organisation_id if deadline.assignment else None,
        "before": deadline.due_at.isoformat(),
        "after": change.due.isoformat(),
        "taken_back": change.takes_back,
    }
