"""What a responsible worker does with an organisation's part of an issue besides its transitions (4.1–4.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.cabinet import executor_links
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.contribute import check_planned, write_contribution
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.enums import (
    AssignmentState,
    ContributionKind,
    EventKind,
    Party,
    Publication,
    Reopening,
    Status,
    Way,
)
from opencity_issues.models import Assignment, Contribution, IssuePage, Media, Organisation
from opencity_issues.models.map_cell import count_organisations
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class Answer:
    """An organisation's answer to the author (4.4): `planned_date` or `explains` (justified reasons why not) meet the 30 days."""

    text: str
    planned_date: date | None = None
    explains: bool = False
    media: Sequence[Media] = field(default_factory=tuple)


def mark_seen(issue: IssuePage, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> None:
    """The organisation has looked at the issue (4.1). Doing it again changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        if own.seen_at is None and own.is_active:
            own.seen_at = now
            own.save(update_fields=["seen_at"])
            _record(issue, EventKind.SEEN, roles, organisation, now)


def inform_head(
    issue: IssuePage, *, actor: Any, organisation: Organisation, way: Way = Way.MEETING, now: datetime | None = None
) -> None:
    """The responsible worker has informed the head of the organisation (4.2), or does so now by the System's letter.

    `way`: EMAIL sends the head the whole issue; the others record what was said. Raises Missing without an address.
    """
    now = now or timezone.now()
    if way == Way.EMAIL and not organisation.head_email:
        message = _("The head's e-mail address is not known. The operator enters it.")
        raise Missing(message, fields={"way": message}, clause="4.2")
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        _require_active(own, "4.2")
        if own.head_informed_at is not None:
            raise NotPossible(_("The head has been informed already."), clause="4.2", state=own.state)
        own.head_informed_at = now
        own.seen_at = own.seen_at or now
        own.save(update_fields=["head_informed_at", "seen_at"])
        watch_deadlines.meet(own, "4.2", now)
        by_letter = way == Way.EMAIL
        _record(issue, EventKind.HEAD_INFORMED, roles, organisation, now, data={"way": way}, notify=by_letter)


def name_executor(
    issue: IssuePage,
    executor: str,
    *,
    actor: Any,
    organisation: Organisation,
    email: str = "",
    now: datetime | None = None,
) -> None:
    """The head has appointed another executor (4.3). The former one's private link ends; `email` gives this one a link.

    The same name with an e-mail sends that executor a new link.
    """
    now = now or timezone.now()
    executor = executor.strip()[:200]
    if not executor:
        raise Missing(_("Name the executor."), fields={"executor": _("Name the executor.")}, clause="4.3")
    email = executor_links.check_address(email)
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        if own.state != AssignmentState.ACCEPTED:
            raise NotPossible(_("Accept the issue first."), clause="4.3", state=own.state)
        executor_links.end(own, now)
        if executor != own.executor or not email:
            own.executor, own.executor_done_at = executor, None
            own.save(update_fields=["executor", "executor_done_at"])
            _record(issue, EventKind.EXECUTOR_NAMED, roles, organisation, now)
        if email:
            executor_links.give(issue, own, email, actor_id=roles.user_id, now=now)


def ask_author(
    issue: IssuePage, text: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """Ask the author for more information (4.4)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        _require_active(own, "4.4")
        question = write_contribution(
            issue, ContributionKind.QUESTION, text, author=actor, organisation=organisation, now=now
        )
        _record(issue, EventKind.QUESTION, roles, organisation, now, contribution=question)
    return question


def give_answer(
    issue: IssuePage, answer: Answer, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """Tell the author the planned date or the justified reasons why not (4.4); an answer with reasons meets the 30 days."""
    now = now or timezone.now()
    if answer.planned_date is not None:
        check_planned(issue, answer.planned_date, now)
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        _require_active(own, "4.4")
        by = {"actor_id": roles.user_id, "party": Party.RESPONSIBLE_WORKER}
        return write_answer(issue, own, answer, author=actor, now=now, by=by)


def write_answer(
    issue: IssuePage,
    own: Assignment,
    answer: Answer,
    *,
    author: Any,
    now: datetime,
    by: Mapping[str, Any],
    executor: str = "",
) -> Contribution:
    """Keep an answer on a locked issue: the worker's, or the words of an executor by private link (4.4).

    `by`: whose deed the event records.
    """
    contribution = write_contribution(
        issue,
        ContributionKind.ANSWER,
        answer.text,
        author=author,
        organisation=own.organisation,
        now=now,
        planned_date=answer.planned_date,
        explains=answer.explains,
        media=answer.media,
        executor=executor,
    )
    own.answered_at = now
    own.planned_date = answer.planned_date or own.planned_date
    own.save(update_fields=["answered_at", "planned_date"])
    if answer.explains:
        watch_deadlines.meet(own, "4.4", now)
        write(issue, explained=True)
    record(issue, EventKind.ANSWER, at=now, organisation=own.organisation, contribution=contribution, **by)
    return contribution


def report_rework_done(
    issue: IssuePage,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    media: Sequence[Media] = (),
    now: datetime | None = None,
) -> Contribution:
    """After a reopening by 4.7: the rework is done, and moderator and control body close the issue."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        _require_active(own, "4.7")
        if issue.reopening != Reopening.CLOSED or issue.status not in (Status.OPEN, Status.ACCEPTED):
            raise NotPossible(_("This is for issues reopened by clause 4.7."), clause="4.7", state=issue.status)
        report = write_contribution(
            issue, ContributionKind.DONE, text, author=actor, organisation=organisation, now=now, media=media
        )
        own.state, own.done_at = AssignmentState.DONE, now
        own.save(update_fields=["state", "done_at"])
        watch_deadlines.meet(own, "4.4", now)
        watch_deadlines.cancel(issue, now, [own])
        _record(issue, EventKind.DONE, roles, organisation, now, contribution=report, data={"rework": True})
    return report


def return_assignment(
    issue: IssuePage, reason: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> None:
    """The issue is not this organisation's: back to the control body with a reason. The status stays as it is."""
    now = now or timezone.now()
    if not reason.strip():
        raise Missing(_("Say why."), fields={"reason": _("Say why, and whose it is if you know.")}, clause="2.9")
    with transaction.atomic():
        issue, roles, own = _as_worker(issue, actor, organisation)
        _require_active(own, "2.9")
        executor_links.end(own, now)
        own.state, own.returned_at, own.return_reason = AssignmentState.RETURNED, now, reason.strip()
        own.executor_done_at = None
        own.save(update_fields=["state", "returned_at", "return_reason", "executor_done_at"])
        count_organisations(issue, [organisation.pk], -1)
        watch_deadlines.cancel(issue, now, [own])
        words = write_contribution(
            issue, ContributionKind.REASON, reason, author=actor, organisation=organisation, now=now
        )
        _record(issue, EventKind.RETURNED, roles, organisation, now, contribution=words)


def _as_worker(issue: IssuePage, actor: Any, organisation: Organisation) -> tuple[IssuePage, Roles, Assignment]:
    issue = locked(issue)
    roles = Roles.of(actor)
    if not rules.allows("work", roles, issue, organisation):
        raise NotPermitted(_("This is not for your role."), clause="2.4")
    if issue.publication != Publication.PUBLISHED:
        raise NotPossible(_("The issue is not published."), clause="5.1", state=issue.publication)
    return issue, roles, next(one for one in issue.assignments.all() if one.organisation_id == organisation.pk)


def _require_active(own: Assignment, clause: str) -> None:
    if not own.is_active:
        raise NotPossible(
            _("Your organisation's part of this issue is in another state now."), clause=clause, state=own.state
        )


def _record(
    issue: IssuePage, kind: EventKind, roles: Roles, organisation: Organisation, now: datetime, **extra: Any
) -> None:
    record(
        issue, kind, at=now, actor_id=roles.user_id, party=Party.RESPONSIBLE_WORKER, organisation=organisation, **extra
    )
