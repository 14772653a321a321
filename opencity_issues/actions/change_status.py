"""The one door for a status: checks the table, the permission and the moment, and writes all in one transaction.

Nothing else writes `status`, `again` or `reopening` (a test holds that). The table is `procedure/lifecycle.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions import status_effects
from opencity_issues.actions.cabinet import executor_links
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.contribute import check_planned
from opencity_issues.actions.record_event import Happening, locked, locked_if_free, record_all, record_many, write
from opencity_issues.enums import AcceptanceKind, EventKind, Party, Publication, Reopening, Status
from opencity_issues.models import Assignment, Deadline, IssuePage, Media, Organisation
from opencity_issues.models.map_cell import count_moves, count_moves_of
from opencity_issues.procedure import lifecycle
from opencity_issues.procedure.deadlines import due_at
from opencity_issues.procedure.lifecycle import Transition
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible, Refusal
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class Offer:
    """A transition that somebody may do now, and the organisation that he or she would act for."""

    transition: Transition
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Move:
    """What was asked for: the fields that the table can require, and what may come with them."""

    executor: str = ""
    answer: str = ""
    reason: str = ""
    kind: AcceptanceKind = AcceptanceKind.SOLVE
    media: Sequence[Media] = field(default_factory=tuple)
    executor_email: str = ""
    """Where the executor without an account gets a private link (T2, 2.8)."""
    planned_date: date | None = None


def offers(issue: IssuePage, roles: Roles, now: datetime | None = None) -> list[Offer]:
    """Every transition that these roles may do with the issue at this moment, in the order of the table.

    Reads `issue.assignments` once (prefetch it for a list); changes nothing.
    """
    now = now or timezone.now()
    found: list[Offer] = []
    for row in lifecycle.TABLE:
        found += [
            Offer(row, organisation)
            for organisation in _capacities(row, issue, roles)
            if _refusal(row, issue, roles, organisation, now) is None
        ]
    return found


def change_status(
    issue: IssuePage,
    transition: str,
    *,
    actor: Any,
    organisation: Organisation | None = None,
    move: Move | None = None,
    now: datetime | None = None,
) -> IssuePage:
    """Carry out one transition of the table (T2–T7, T9–T14) and return the issue as it is then.

    `actor` is the person, `organisation` the one acted for; None for the author, or where the person has only one that fits.
    Raises NotPermitted (not your role), NotPossible (not in this state or moment), Missing (something required is not given).
    """
    now = now or timezone.now()
    move = move or Move()
    if move.executor_email:
        move = replace(move, executor_email=executor_links.check_address(move.executor_email))
    if move.planned_date is not None:
        check_planned(issue, move.planned_date, now)
    if transition not in lifecycle.BY_ID or transition in ("T1", "T8"):
        raise NotPossible(_("There is no such transition to ask for."), transition=transition, state=issue.status)
    archive_if_due(issue, now)
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        row, organisation = _choose(transition, issue, roles, organisation)
        refusal = _refusal(row, issue, roles, organisation, now) or _missing(row, move)
        if refusal is not None:
            raise refusal
        status_effects.apply(row, issue, organisation, move, actor_id=roles.user_id, now=now)
    return issue


def archive_if_due(issue: IssuePage, now: datetime) -> bool:
    """T8, by the System: a closed issue is archived as of the moment that 4.6 names, however late this runs."""
    if issue.status != Status.CLOSED:
        return False
    with transaction.atomic():
        return bool(_archive([locked(issue)], now))


def archive_batch(ids: Sequence[int], now: datetime) -> int:
    """T8 for those of these issues that have come to it and that nobody acts on at this moment; returns how many."""
    with transaction.atomic():
        return len(_archive(locked_if_free(ids), now))


def _archive(issues: Sequence[IssuePage], now: datetime) -> list[IssuePage]:
    """T8 on locked issues. Each step is one statement for all of them."""
    row = lifecycle.BY_ID["T8"][0]
    closed = [one for one in issues if one.status == row.source and one.publication == Publication.PUBLISHED]
    moments = watch_deadlines.archive(closed, now)
    archived = [one for one in closed if one.pk in moments]
    if not archived:
        return []
    moment = Deadline.objects.filter(issue=OuterRef("pk"), clause="4.6", met_at__isnull=False).order_by("-met_at")
    IssuePage.objects.filter(pk__in=list(moments)).update(
        status=row.target, archived_at=Subquery(moment.values("met_at")[:1])
    )
    count_moves_of(archived, {Status.CLOSED: -1, Status.ARCHIVED: +1})
    record_many(
        [
            (
                one,
                [
                    Happening(
                        kind=EventKind.STATUS,
                        at=moments[one.pk],
                        party=row.party,
                        transition=row.id,
                        source=Status.CLOSED,
                        target=row.target,
                    )
                ],
            )
            for one in archived
        ]
    )
    return archived


def publish(
    issue: IssuePage,
    *,
    actor_id: int | None,
    party: Party,
    organisation: Organisation | None,
    now: datetime,
    **said: Any,
) -> None:
    """T1 on the axis of publication: the locked issue becomes public, open, and countable on the map.

    `said`: what else the event of putting it back holds, as its contribution.
    """
    first = issue.published_at is None
    write(issue, **columns_when_published(issue, now))
    count_moves(issue, category_ids(issue), {issue.status: +1})
    happening = Happening(
        kind=EventKind.PUT_BACK, at=now, actor_id=actor_id, party=party, organisation=organisation, **said
    )
    record_all(issue, [replace(happening, **T1) if first else happening])


T1: dict[str, Any] = {"kind": EventKind.STATUS, "transition": "T1", "target": Status.OPEN}
"""The event of the first publication."""


def columns_when_published(issue: IssuePage, now: datetime) -> dict[str, Any]:
    """What an issue's row says once it is public; the moments of an earlier publication stay."""
    return {
        "publication": Publication.PUBLISHED,
        "live": True,
        "published_at": issue.published_at or now,
        "opened_at": issue.opened_at or now,
        "refusal_ground": "",
        "refusal_reason": "",
    }


def unpublish(issue: IssuePage, publication: Publication, **changes: Any) -> None:
    """The locked issue leaves the public sites and the map; its status of the procedure stays."""
    if issue.publication == Publication.PUBLISHED:
        count_moves(issue, category_ids(issue), {issue.status: -1})
    write(issue, publication=publication, live=False, **changes)


def category_ids(issue: IssuePage) -> list[int]:
    return list(issue.issue_categories.values_list("category_id", flat=True))


def archive_moment(issue: IssuePage) -> datetime | None:
    """When 4.6 archives a closed issue: its running deadline of 4.6."""
    return _running_until(issue, "4.6")


def _running_until(issue: IssuePage, clause: str) -> datetime | None:
    # In Python, so that a list of issues with prefetched deadlines asks nothing more.
    moments = [
        one.due_at
        for one in issue.deadlines.all()
        if one.clause == clause and one.met_at is None and one.cancelled_at is None
    ]
    return max(moments, default=None)


def _capacities(row: Transition, issue: IssuePage, roles: Roles) -> list[Organisation | None]:
    match row.party:
        case Party.AUTHOR:
            return [None]
        case Party.RESPONSIBLE_WORKER:
            return list(roles.organisations_in(assignment.organisation_id for assignment in issue.assignments.all()))
        case Party.CONTROL_BODY:
            return list(roles.control_bodies(issue.city_id))
        case Party.MODERATOR:
            return list(roles.moderators(issue.city_id))
    return []


def _choose(
    transition: str, issue: IssuePage, roles: Roles, organisation: Organisation | None
) -> tuple[Transition, Organisation | None]:
    """The row of the table that is meant, and the organisation acted for."""
    rows = lifecycle.BY_ID[transition]
    if organisation is not None:
        for row in rows:
            if row.party != Party.AUTHOR:
                return row, organisation
    candidates = [
        (row, capacity)
        for row in reversed(rows)
        for capacity in _capacities(row, issue, roles)
        if rules.allows(row.party, roles, issue, capacity)
    ]
    if not candidates:
        return rows[-1], organisation
    own = [candidate for candidate in candidates if candidate[0].party == Party.AUTHOR]
    if own or len(candidates) == 1:
        return (own or candidates)[0]
    raise Missing(
        _("Say which organisation you act for."),
        fields={"as_organisation": _("Say which organisation you act for.")},
        transition=transition,
        clause=rows[0].clause,
    )


def _refusal(
    row: Transition, issue: IssuePage, roles: Roles, organisation: Organisation | None, now: datetime
) -> Refusal | None:
    """Why this row is not open to these roles now: permission first, then state, then moment. None: it is open."""
    if not rules.allows(row.party, roles, issue, organisation):
        return NotPermitted(_("This is not for your role."), transition=row.id, clause=row.clause)

    def impossible(message: Any) -> NotPossible:
        return NotPossible(message, transition=row.id, clause=row.clause, state=issue.status)

    if issue.publication != Publication.PUBLISHED:
        return impossible(_("The issue is not published."))
    status = _status_at(issue, now)
    if not lifecycle.is_possible(row, Status(status), issue.again, Reopening(issue.reopening)):
        if issue.reopening in row.forbidden_after and status in (row.source, Status.OPEN):
            return impossible(
                _("After a reopening by clause 4.7 only the moderator or the control body closes the issue.")
            )
        return impossible(_("The issue is in another state now."))
    if row.own_assignment and _own(issue, organisation).state not in row.own_assignment:
        return impossible(_("Your organisation's part of this issue is in another state now."))
    if row.needs_repeated_message and not _repeated_since_open(issue):
        return impossible(_("The moderator has not sent a repeated message since the issue became open."))
    if row.window and not _in_window(row, issue, now):
        return impossible(_("The 20 days for this have passed."))
    return None


def _status_at(issue: IssuePage, now: datetime) -> str:
    """The status with an overdue T8 applied, which comes before any other transition."""
    if issue.status == Status.CLOSED:
        moment = archive_moment(issue)
        if moment is not None and moment <= now:
            return Status.ARCHIVED
    return issue.status


def _own(issue: IssuePage, organisation: Organisation | None) -> Assignment:
    for assignment in issue.assignments.all():
        if organisation is not None and assignment.organisation_id == organisation.pk:
            return assignment
    raise NotPermitted(_("Your organisation does not have this issue."))


def _repeated_since_open(issue: IssuePage) -> bool:
    return issue.repeated_at is not None and issue.opened_at is not None and issue.repeated_at >= issue.opened_at


def _in_window(row: Transition, issue: IssuePage, now: datetime) -> bool:
    """Whether the row's 20 days still run (4.7 from closing, T9 from archiving), by the clock and not by a job."""
    end = _running_until(issue, row.window)
    if end is None and row.window == "T9" and issue.status == Status.CLOSED:
        archived = archive_moment(issue)
        end = due_at("T9", archived, issue.city.config.calendar()) if archived else None
    return end is not None and now < end


def _missing(row: Transition, move: Move) -> Missing | None:
    empty = {name: _("Please fill this in.") for name in row.requires if not getattr(move, name).strip()}
    if not empty:
        return None
    return Missing(
        _("Something that the procedure asks for is missing."), fields=empty, transition=row.id, clause=row.clause
    )
