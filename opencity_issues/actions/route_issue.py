"""Where an issue goes: by the responsibility matrix (3.4, 3.6), or by the control body's hand (2.9)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.record_event import Happening, locked, record, record_all
from opencity_issues.enums import NOT_THEIRS, UNSOLVED, AssignmentState, EventKind, Party, Publication
from opencity_issues.models import Assignment, Category, IssueIndexPage, IssuePage, Organisation, Responsibility
from opencity_issues.models.map_cell import count_organisations
from opencity_issues.procedure.deadlines import ON_RECEIPT
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


def receivers(city: IssueIndexPage, categories: Iterable[Category]) -> list[Organisation]:
    """The organisations that the matrix of a city names for these categories; a category without a row uses its parent's.

    Two queries. An empty list means the control body, which assigns by hand (3.6).
    """
    return receivers_of(city, Category.objects.filter(pk__in=[category.pk for category in categories]).lineages())


def receivers_of(city: IssueIndexPage, lineages: Sequence[Sequence[int]]) -> list[Organisation]:
    """The same for categories whose lineages are known. One query."""
    named: dict[int, list[Organisation]] = {}
    rows = Responsibility.objects.filter(organisation__city=city, organisation__is_active=True).select_related(
        "organisation"
    )
    for row in rows.filter(category_id__in={pk for lineage in lineages for pk in lineage}):
        named.setdefault(row.category_id, []).append(row.organisation)
    found: dict[int, Organisation] = {}
    for lineage in lineages:
        nearest = next((named[pk] for pk in lineage if pk in named), [])
        found.update({organisation.pk: organisation for organisation in nearest})
    return sorted(found.values(), key=lambda organisation: organisation.pk)


def route(issue: IssuePage, *, actor_id: int | None = None, party: Party | str = Party.SYSTEM, now: datetime) -> None:
    """Send a locked, published issue to whom the matrix names now, and take it from those it named by mistake.

    What the control body assigned by hand stays. An issue that reaches nobody goes to the control body.
    """
    wanted = receivers(issue.city, Category.objects.filter(pk__in=issue.issue_categories.values("category_id")))
    present = {one.organisation_id: one for one in issue.assignments.select_related("organisation")}
    for assignment in present.values():
        if assignment.is_active and not assignment.by_hand and assignment.organisation not in wanted:
            withdraw_assignment(issue, assignment, actor_id=actor_id, party=party, now=now)
    missing = [
        organisation
        for organisation in wanted
        if organisation.pk not in present or present[organisation.pk].state == AssignmentState.WITHDRAWN
    ]
    if missing:
        send(issue, missing, actor_id=actor_id, party=party, now=now, present=present)
    elif not any(assignment.is_active for assignment in present.values()):
        record(issue, EventKind.UNROUTED, at=now, actor_id=actor_id, party=party)


def route_new(issue: IssuePage, lineages: Sequence[Sequence[int]], now: datetime) -> list[Happening]:
    """Send an issue that was registered in this transaction, and so is with nobody yet, to whom the matrix names.

    `lineages` are those of its categories. Returns what is to be recorded, so that registering writes its events at once.
    """
    wanted = receivers_of(issue.city, lineages)
    if not wanted:
        return [Happening(kind=EventKind.UNROUTED, at=now, party=Party.SYSTEM)]
    _begin(issue, wanted, now, present={}, by_hand=False)
    return [_routed(one, None, Party.SYSTEM, now, by_hand=False) for one in wanted]


def send(
    issue: IssuePage,
    organisations: Sequence[Organisation],
    *,
    actor_id: int | None,
    party: Party | str,
    now: datetime,
    present: Mapping[int, Assignment],
    by_hand: bool = False,
) -> list[Assignment]:
    """Send a locked issue to organisations: an entry in each cabinet, its clocks, and a letter (3.4).

    `present` holds the assignments that the issue has had, by organisation: one that ended is begun again.
    """
    begun = _begin(issue, organisations, now, present, by_hand=by_hand)
    record_all(issue, [_routed(one, actor_id, party, now, by_hand=by_hand) for one in organisations])
    return begun


def _begin(
    issue: IssuePage,
    organisations: Sequence[Organisation],
    now: datetime,
    present: Mapping[int, Assignment],
    *,
    by_hand: bool,
) -> list[Assignment]:
    again = [present[one.pk] for one in organisations if one.pk in present]
    new_to_them = [one.pk for one in organisations if one.pk not in present or present[one.pk].state in NOT_THEIRS]
    for assignment in again:
        assignment.state, assignment.sent_at, assignment.by_hand = AssignmentState.SENT, now, by_hand
        assignment.seen_at = assignment.head_informed_at = assignment.accepted_at = None
        assignment.done_at = assignment.answered_at = assignment.planned_date = assignment.returned_at = None
        assignment.kind = assignment.executor = assignment.return_reason = ""
        assignment.save()
    new = Assignment.objects.bulk_create(
        Assignment(issue=issue, organisation=one, sent_at=now, by_hand=by_hand)
        for one in organisations
        if one.pk not in present
    )
    count_organisations(issue, new_to_them, +1)
    watch_deadlines.start(issue, [*again, *new], ON_RECEIPT, now, issue.city.config.calendar())
    return [*again, *new]


def _routed(
    organisation: Organisation, actor_id: int | None, party: Party | str, now: datetime, *, by_hand: bool
) -> Happening:
    return Happening(
        kind=EventKind.ROUTED,
        at=now,
        actor_id=actor_id,
        party=party,
        organisation=organisation,
        data={"by_hand": by_hand},
    )


def withdraw_assignment(
    issue: IssuePage, assignment: Assignment, *, actor_id: int | None, party: Party | str, now: datetime
) -> None:
    """Take a locked issue from an organisation that it does not belong to."""
    assignment.state = AssignmentState.WITHDRAWN
    assignment.save(update_fields=["state"])
    count_organisations(issue, [assignment.organisation_id], -1)
    watch_deadlines.cancel(issue, now, [assignment])
    record(
        issue,
        EventKind.ASSIGNMENT_WITHDRAWN,
        at=now,
        actor_id=actor_id,
        party=party,
        organisation=assignment.organisation,
    )


def assign(
    issue: IssuePage, target: Organisation, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Assignment:
    """The control body (`organisation`) sends an issue to `target` by hand (2.9): unrouted, returned, or one more.

    Raises NotPermitted, NotPossible (solved, unpublished, or already with the target), Missing (another city's target).
    """
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("assign", roles, issue, organisation):
            raise NotPermitted(_("Only the control body assigns issues by hand."), clause="2.9")
        if issue.publication != Publication.PUBLISHED or issue.status not in UNSOLVED:
            raise NotPossible(
                _("Only a published issue that is not solved can be assigned."), clause="2.9", state=issue.status
            )
        if target.city_id != issue.city_id or not target.is_active:
            raise Missing(
                _("Choose an organisation of this city."),
                fields={"organisation": _("Choose an organisation of this city.")},
            )
        present = {one.organisation_id: one for one in issue.assignments.all()}
        if target.pk in present and present[target.pk].is_active:
            raise NotPossible(_("The issue is with this organisation already."), clause="2.9", state=issue.status)
        sent = send(
            issue,
            [target],
            actor_id=roles.user_id,
            party=Party.CONTROL_BODY,
            now=now,
            present=present,
            by_hand=True,
        )
        return sent[0]
