"""Residents solve an issue by self-organisation (1.1, T3, T7): one starts it, changes it, calls it off, reports the result.

It changes no status by itself: the moderator accepts by T3 and closes by T7, with the initiative as the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.community.undertakings import (
    CLAUSE,
    TEXT_LENGTH,
    faults_of,
    reason_of,
    refuse_faults,
    refuse_stop_words,
    require_planned,
)
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.letters.community_letters import tell_participants
from opencity_issues.actions.record_event import locked, record
from opencity_issues.enums import UNSOLVED, ContributionKind, EventKind, Party, UndertakingState
from opencity_issues.models import Contribution, Event, Initiative, InitiativeTask, IssuePage, Media, Participant
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles

PLACE_LENGTH = 250
CONTACT_LENGTH = 200
TASK_LENGTH = 200
TASKS_AT_MOST = 20
AHEAD_AT_MOST = timedelta(days=365)
PLANNED_AT_MOST = 5
"""Meetings that one person has ahead at a time."""

SAID_A_DAY = 20
"""How often one person announces and changes meetings within a day, each of which sends letters."""


@dataclass(frozen=True)
class InitiativeWords:
    """What is announced. `starts_at` is an instant; `contact` is for those who join alone; `tasks` one thing each."""

    text: str
    starts_at: datetime
    place: str
    needed: str = ""
    tasks: Sequence[str] = ()
    contact: str = ""
    show_organiser: bool = False


def start(issue: IssuePage, words: InitiativeWords, *, actor: Any, now: datetime | None = None) -> Initiative:
    """A resident gathers others to solve a published issue that is open or accepted; he or she takes part.

    Raises NotPermitted, NotPossible (solved, not published, or somebody has begun already), Missing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = require_citizen("start_initiative", issue, actor)
        require_unsolved(issue)
        require_none_ahead(issue)
        ahead = Initiative.objects.filter(state=UndertakingState.PLANNED, hidden_at=None)
        if ahead.filter(organiser_id=roles.user_id).count() >= PLANNED_AT_MOST:
            raise NotPossible(
                _("You have %(count)d meetings ahead already.") % {"count": PLANNED_AT_MOST}, clause=CLAUSE
            )
        _require_calm(roles, now)
        _check(words, issue, now)
        initiative = Initiative.objects.create(
            issue=issue, organiser_id=roles.user_id, created_at=now, **_columns(words)
        )
        _write_tasks(initiative, words.tasks)
        Participant.objects.create(initiative=initiative, user_id=roles.user_id, joined_at=now)
        _record(initiative, EventKind.INITIATIVE_STARTED, roles, now)
    return initiative


def change(initiative: Initiative, words: InitiativeWords, *, actor: Any, now: datetime | None = None) -> Initiative:
    """The organiser says it otherwise; who takes part is written to. A task keeps its taker while its words stay."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = as_organiser(initiative, actor)
        require_planned(initiative)
        require_unsolved(initiative.issue)
        _require_calm(roles, now)
        _check(words, initiative.issue, now)
        columns = _columns(words)
        changed = {name for name, value in columns.items() if getattr(initiative, name) != value}
        for name, value in columns.items():
            setattr(initiative, name, value)
        initiative.save(update_fields=list(columns))
        _write_tasks(initiative, words.tasks)
        if changed & {"text", "starts_at", "place", "needed", "contact"}:
            _record(initiative, EventKind.INITIATIVE_CHANGED, roles, now)
            tell_participants(initiative, "initiative_changed", now, but=roles.user_id)
    return initiative


def call_off(initiative: Initiative, reason: str, *, actor: Any, now: datetime | None = None) -> Initiative:
    """The organiser calls it off and says why; who takes part is written to."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = as_organiser(initiative, actor)
        require_planned(initiative)
        reason = reason_of(reason)
        refuse_stop_words(initiative.issue.city, {"reason": reason})
        end(initiative, UndertakingState.CANCELLED, now, cancel_reason=reason)
        _record(initiative, EventKind.INITIATIVE_CANCELLED, roles, now)
        tell_participants(initiative, "initiative_cancelled", now, but=roles.user_id)
    return initiative


def report_result(
    initiative: Initiative, text: str, *, actor: Any, media: Sequence[Media] = (), now: datetime | None = None
) -> Contribution:
    """The organiser tells what was done, with photos; the moderator may close the issue on it (T7)."""
    now = now or timezone.now()
    with transaction.atomic():
        initiative, roles = as_organiser(initiative, actor)
        require_planned(initiative)
        if not initiative.issue.is_published:
            raise NotPossible(_("The issue is not published."), clause="5.1", state=initiative.issue.publication)
        refuse_stop_words(initiative.issue.city, {"text": text})
        result = write_contribution(
            initiative.issue, ContributionKind.INITIATIVE, text, author=actor, now=now, media=media
        )
        end(initiative, UndertakingState.DONE, now, result=result)
        _record(initiative, EventKind.INITIATIVE_DONE, roles, now, contribution=result)
        tell_participants(initiative, "initiative_done", now, but=roles.user_id)
    return result


# --- shared with `take_part` and the clock ------------------------------------------------------------------------------


def require_citizen(permission: str, issue: IssuePage, actor: Any) -> Roles:
    """The roles of a resident who may do it. Raises NotPermitted."""
    roles = Roles.of(actor)
    if not rules.allows(permission, roles, issue):
        raise not_permitted(roles)
    return roles


def not_permitted(roles: Roles) -> NotPermitted:
    """Why a visitor may not: not signed in, or blocked."""
    words = _("Your account is blocked. Write to the moderator.") if roles.is_blocked else _("Please sign in first.")
    return NotPermitted(words, clause=CLAUSE)


def require_none_ahead(issue: IssuePage) -> None:
    """Raises NotPossible where residents have begun already: there is one meeting at a time."""
    if Initiative.objects.filter(issue=issue, state=UndertakingState.PLANNED, hidden_at=None).exists():
        raise NotPossible(_("Residents have begun already: join them."), clause=CLAUSE, state=issue.status)


def _require_calm(roles: Roles, now: datetime) -> None:
    said = Event.objects.filter(
        actor_id=roles.user_id,
        kind__in=(EventKind.INITIATIVE_STARTED, EventKind.INITIATIVE_CHANGED),
        at__gt=now - timedelta(days=1),
    )
    if said.count() >= SAID_A_DAY:
        raise NotPossible(_("That is enough for today. Go on tomorrow."), clause=CLAUSE)


def require_unsolved(issue: IssuePage) -> None:
    """Raises NotPossible for what is not published, or solved already."""
    if not issue.is_published:
        raise NotPossible(_("The issue is not published."), clause="5.1", state=issue.publication)
    if issue.status not in UNSOLVED:
        raise NotPossible(_("The issue is solved already."), clause=CLAUSE, state=issue.status)


def held(initiative: Initiative) -> Initiative:
    """The initiative as it is now, with its issue, whose lock keeps both until the transaction ends."""
    issue = locked(initiative.issue)
    initiative = Initiative.objects.get(pk=initiative.pk)
    initiative.issue = issue
    return initiative


def as_organiser(initiative: Initiative, actor: Any) -> tuple[Initiative, Roles]:
    """The locked initiative for its own organiser. Raises NotPermitted."""
    initiative = held(initiative)
    roles = require_citizen("start_initiative", initiative.issue, actor)
    if initiative.organiser_id is None or initiative.organiser_id != roles.user_id:
        raise NotPermitted(_("Only the organiser may do this."), clause=CLAUSE)
    return initiative, roles


def end(initiative: Initiative, state: UndertakingState, now: datetime, **columns: Any) -> None:
    """It is over: done, or called off."""
    initiative.state, initiative.ended_at = state, now
    for name, value in columns.items():
        setattr(initiative, name, value)
    initiative.save(update_fields=["state", "ended_at", *columns])


def happening_data(initiative: Initiative) -> dict[str, Any]:
    """What an event keeps of it: which it is, and the day of the meeting in the city."""
    day = initiative.starts_at.astimezone(initiative.issue.city.config.zone).date()
    return {"initiative": initiative.pk, "day": day.isoformat()}


def _record(initiative: Initiative, kind: EventKind, roles: Roles, now: datetime, **said: Any) -> None:
    data = happening_data(initiative)
    record(initiative.issue, kind, at=now, actor_id=roles.user_id, party=Party.CITIZEN, data=data, **said)


def _columns(words: InitiativeWords) -> dict[str, Any]:
    return {
        "text": words.text.strip(),
        "starts_at": words.starts_at,
        "place": words.place.strip(),
        "needed": words.needed.strip(),
        "contact": words.contact.strip(),
        "show_organiser": words.show_organiser,
    }


def _check(words: InitiativeWords, issue: IssuePage, now: datetime) -> None:
    faults = faults_of(
        {
            "text": (words.text, TEXT_LENGTH, True),
            "place": (words.place, PLACE_LENGTH, True),
            "needed": (words.needed, TEXT_LENGTH, False),
            "contact": (words.contact, CONTACT_LENGTH, False),
        }
    )
    if words.starts_at <= now:
        faults["starts_at"] = _("This moment has passed.")
    elif words.starts_at > now + AHEAD_AT_MOST:
        faults["starts_at"] = _("Choose a day within a year.")
    tasks = _lines(words.tasks)
    if len(tasks) > TASKS_AT_MOST:
        faults["tasks"] = _("At most %(count)d tasks.") % {"count": TASKS_AT_MOST}
    elif any(len(task) > TASK_LENGTH for task in tasks):
        faults["tasks"] = _("A task is too long: at most %(count)d characters.") % {"count": TASK_LENGTH}
    refuse_faults(faults)
    said = {"text": words.text, "place": words.place, "needed": words.needed, "tasks": tasks, "contact": words.contact}
    refuse_stop_words(issue.city, said)


def _lines(tasks: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(task.strip() for task in tasks if task.strip()))


def _write_tasks(initiative: Initiative, tasks: Sequence[str]) -> None:
    wanted = _lines(tasks)
    kept = {task.text: task for task in initiative.tasks.all()}
    initiative.tasks.exclude(text__in=wanted).delete()
    for order, text in enumerate(wanted):
        if text in kept:
            InitiativeTask.objects.filter(pk=kept[text].pk).update(order=order)
        else:
            InitiativeTask.objects.create(initiative=initiative, text=text, order=order)
