"""Corrections with a trace: by the author until an organisation accepts, of category and place by staff; withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions import change_status, correct_answers
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.actions.route_issue import route
from opencity_issues.actions.submit_issue import Report, check, holding_reason
from opencity_issues.enums import UNSOLVED, AssignmentState, EventKind, Party, Publication, Status
from opencity_issues.models import Category, Correction, District, IssueCategory, IssuePage, Organisation
from opencity_issues.models.map_cell import count_moves
from opencity_issues.models.place import grid_cell
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.queries.gazetteer import address_of
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class Changes:
    """What an issue shall say. `location` is (lng, lat) in WGS 84 degrees, or None for no place.

    `answers` to the city's questions, by the question's key: what is not named stays, an empty one is taken away.
    """

    title: str
    description: str
    categories: Sequence[Category]
    location: tuple[float, float] | None
    address: str
    answers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, issue: IssuePage) -> "Changes":
        """What it says now, to be replaced in part."""
        return cls(issue.title, issue.description, list(issue.categories.all()), issue.location, issue.address)


def is_correctable(issue: IssuePage) -> bool:
    """Until an organisation has accepted, and whenever it is not published, withdrawn or merged with another."""
    if issue.publication == Publication.PUBLISHED:
        return (
            issue.status == Status.OPEN
            and not issue.again
            and not any(
                one.state in (AssignmentState.ACCEPTED, AssignmentState.DONE) for one in issue.assignments.all()
            )
        )
    return issue.publication not in (Publication.WITHDRAWN, Publication.MERGED)


def correct_own(issue: IssuePage, changes: Changes, *, actor: Any, now: datetime | None = None) -> IssuePage:
    """The author corrects the issue until an organisation accepts it; a refused one is sent to the moderator again (5.2).

    Raises NotPermitted, NotPossible (accepted meanwhile), Missing (as in reporting).
    """
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("correct_own", roles, issue):
            raise NotPermitted(_("Only the author corrects the text."), clause="3.1")
        if not is_correctable(issue):
            raise NotPossible(
                _("An organisation has accepted the issue; write a comment instead."), clause="3.1", state=issue.status
            )
        check(issue.city, _as_report(changes))
        routes_again = _apply(issue, changes, roles, Party.AUTHOR, None, now)
        why = holding_reason(issue.city, _as_report(changes), actor, now)
        if issue.publication in (Publication.REFUSED, Publication.TAKEN_DOWN):
            write(issue, publication=Publication.HELD)
            record(
                issue, EventKind.HELD, at=now, actor_id=roles.user_id, party=Party.AUTHOR, data={"why": "sent_again"}
            )
        elif issue.publication == Publication.PUBLISHED and why == "stop_word":
            watch_deadlines.cancel(issue, now)
            change_status.unpublish(issue, Publication.HELD)
            record(issue, EventKind.HELD, at=now, party=Party.SYSTEM, data={"why": why})
        elif issue.publication == Publication.PUBLISHED and routes_again:
            route(issue, actor_id=roles.user_id, party=Party.AUTHOR, now=now)
    return issue


def correct_place_or_category(
    issue: IssuePage,
    *,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
    categories: Sequence[Category] | None = None,
    location: tuple[float, float] | None = None,
    address: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> IssuePage:
    """Staff correct a wrong category, pin or answer; the matrix is asked again and the history kept. None leaves as it is."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("correct_place_or_category", roles, issue, organisation):
            raise NotPermitted(_("This is not for your role."), clause="3.6")
        if issue.status not in UNSOLVED or issue.publication not in (Publication.PUBLISHED, Publication.HELD):
            raise NotPossible(_("Only an issue that is not solved is corrected."), clause="3.6", state=issue.status)
        present = Changes.of(issue)
        changes = Changes(
            present.title,
            present.description,
            present.categories if categories is None else categories,
            present.location if location is None else location,
            present.address if address is None else address,
            answers or {},
        )
        check(issue.city, _as_report(changes))
        party = next(
            party
            for party in (Party.RESPONSIBLE_WORKER, Party.CONTROL_BODY, Party.MODERATOR)
            if rules.allows(party, roles, issue, organisation)
        )
        routes_again = _apply(issue, changes, roles, party, organisation, now)
        if routes_again and issue.publication == Publication.PUBLISHED:
            route(issue, actor_id=roles.user_id, party=party, now=now)
    return issue


def withdraw(issue: IssuePage, *, actor: Any, now: datetime | None = None) -> IssuePage:
    """The author takes the issue back before an organisation accepts it; it leaves the public site."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("correct_own", roles, issue):
            raise NotPermitted(_("Only the author withdraws an issue."), clause="3.1")
        if not is_correctable(issue):
            raise NotPossible(
                _("An organisation has accepted the issue; it can no longer be withdrawn."),
                clause="3.1",
                state=issue.status,
            )
        if issue.duplicate_count:
            raise NotPossible(
                _("Others have reported the same: the issue is theirs too and cannot be withdrawn."),
                clause="3.1",
                state=issue.status,
            )
        record(issue, EventKind.WITHDRAWN, at=now, actor_id=roles.user_id, party=Party.AUTHOR)
        change_status.unpublish(issue, Publication.WITHDRAWN)
        issue.assignments.active().update(state=AssignmentState.WITHDRAWN)
        watch_deadlines.cancel(issue, now)
    return issue


def show_author_name(issue: IssuePage, shown: bool, *, actor: Any, now: datetime | None = None) -> IssuePage:
    """The author shows or hides his or her name beside the issue (2.6)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("correct_own", roles, issue):
            raise NotPermitted(_("Only the author decides about the name."), clause="2.6")
        if issue.show_author != shown:
            write(issue, show_author=shown)
            record(
                issue, EventKind.AUTHOR_NAME, at=now, actor_id=roles.user_id, party=Party.AUTHOR, data={"shown": shown}
            )
    return issue


def _apply(
    issue: IssuePage, changes: Changes, roles: Roles, party: Party, organisation: Organisation | None, now: datetime
) -> bool:
    """Write what differs with its trace; True where the categories changed, so that the matrix is asked again."""
    before = Changes.of(issue)
    changes = _readdressed(issue, before, changes)
    answers = correct_answers.heed_answers(issue, changes.answers)
    differing = [
        name
        for name in ("title", "description", "location", "address")
        if getattr(before, name) != getattr(changes, name)
    ]
    routes_again = {one.pk for one in before.categories} != {one.pk for one in changes.categories}
    if not (differing or answers or routes_again):
        return False
    published = issue.publication == Publication.PUBLISHED
    if published:
        count_moves(issue, [one.pk for one in before.categories], {issue.status: -1})
    mx, my = grid_cell(*changes.location) if changes.location else (None, None)
    lng, lat = changes.location or (None, None)
    title = changes.title.strip()
    write(
        issue,
        title=title,
        draft_title=title,
        description=changes.description.strip(),
        address=changes.address.strip(),
        lng=lng,
        lat=lat,
        mx=mx,
        my=my,
        district=District.objects.at(issue.city, changes.location),
    )
    if routes_again:
        issue.issue_categories.all().delete()
        IssueCategory.objects.bulk_create(
            [IssueCategory(issue=issue, category=category) for category in dict.fromkeys(changes.categories)]
        )
    if published:
        count_moves(issue, [one.pk for one in changes.categories], {issue.status: +1})
    fields = [*differing, "categories"] if routes_again else differing
    traces = [(name, _words(getattr(before, name)), _words(getattr(changes, name))) for name in fields]
    if answers:
        traces.append((correct_answers.FIELD, *correct_answers.write_answers(issue, answers)))
    event = record(
        issue,
        EventKind.CORRECTED,
        at=now,
        actor_id=roles.user_id,
        party=party,
        organisation=organisation,
        data={"fields": [name for name, _before, _after in traces]},
    )
    Correction.objects.bulk_create(
        [Correction(event=event, field=name, before=said, after=says) for name, said, says in traces]
    )
    return routes_again


def _readdressed(issue: IssuePage, before: Changes, changes: Changes) -> Changes:
    """A moved pin takes along the address that the gazetteer had given; what a person wrote stays."""
    if before.location == changes.location:
        return changes
    said = changes.address.strip()
    if said and said == address_of(issue.city, before.location, ""):
        said = ""
    return replace(changes, address=address_of(issue.city, changes.location, said))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if value and isinstance(value[0], Category):
        return ", ".join(sorted(category.code for category in value))
    return ", ".join(str(part) for part in value)


def _as_report(changes: Changes) -> Report:
    said = (changes.title, changes.description, changes.categories, changes.location, changes.address)
    return Report(*said, answers=changes.answers)
