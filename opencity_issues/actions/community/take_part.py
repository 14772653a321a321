"""Residents join those who solve an issue themselves, and take a task on (1.1): one tap each, and one tap back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.community.organise_initiative import held, require_citizen, require_unsolved
from opencity_issues.actions.community.undertakings import CLAUSE, require_planned
from opencity_issues.models import Initiative, InitiativeTask, Participant
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.rules import Roles

PARTICIPANTS_AT_MOST = 1000


def join(initiative: Initiative, *, actor: Any, now: datetime | None = None) -> Participant:
    """Take part in what has not begun yet; doing so twice changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = _as_citizen(initiative, actor)
        _require_ahead(initiative, now)
        return _joined(initiative, roles, now)


def leave(initiative: Initiative, *, actor: Any, now: datetime | None = None) -> None:
    """Not to take part after all: the tasks one has taken are free again. The organiser calls it off instead."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = _as_citizen(initiative, actor)
        if initiative.organiser_id == roles.user_id:
            raise NotPossible(_("You organise it. If you cannot come, call it off."), clause=CLAUSE)
        require_planned(initiative)
        initiative.tasks.filter(taken_by_id=roles.user_id).update(taken_by=None)
        initiative.participants.filter(user_id=roles.user_id).delete()


def take_task(task: InitiativeTask, *, actor: Any, now: datetime | None = None) -> InitiativeTask:
    """Take a free task on, joining by it; or give one's own back. Raises NotPossible for another's."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = _as_citizen(task.initiative, actor)
        found = InitiativeTask.objects.filter(pk=task.pk).first()
        if found is None:
            raise NotPossible(_("The organiser has removed this task."), clause=CLAUSE)
        task = found
        _require_ahead(initiative, now)
        if task.taken_by_id not in (None, roles.user_id):
            raise NotPossible(_("Somebody has taken this task already."), clause=CLAUSE)
        if task.taken_by_id is None:
            _joined(initiative, roles, now)
        task.taken_by_id = roles.user_id if task.taken_by_id is None else None
        task.save(update_fields=["taken_by"])
    return task


def _joined(initiative: Initiative, roles: Roles, now: datetime) -> Participant:
    found = initiative.participants.filter(user_id=roles.user_id).first()
    if found is not None:
        return found
    if initiative.participants.count() >= PARTICIPANTS_AT_MOST:
        raise NotPossible(_("There are enough people already. Thank you!"), clause=CLAUSE)
    return Participant.objects.create(initiative=initiative, user_id=roles.user_id, joined_at=now)


def _as_citizen(initiative: Initiative, actor: Any) -> tuple[Initiative, Roles]:
    initiative = held(initiative)
    return initiative, require_citizen("join_initiative", initiative.issue, actor)


def _require_ahead(initiative: Initiative, now: datetime) -> None:
    require_planned(initiative)
    require_unsolved(initiative.issue)
    if initiative.ends_at <= now:
        raise NotPossible(_("The meeting is over already."), clause=CLAUSE, state="begun")
