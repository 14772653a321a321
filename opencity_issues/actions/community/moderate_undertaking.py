"""The moderator hides a self-organisation or a project by the terms of use (5.1, 5.2), or shows it again."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.community.undertakings import reason_of
from opencity_issues.actions.letters.community_letters import tell_participants
from opencity_issues.actions.record_event import Happening, locked_all, record_many
from opencity_issues.enums import EventKind, Party, UndertakingState
from opencity_issues.models import Contribution, Initiative, Organisation, Project
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles

REASON_SHOWN = 250


def hide(
    undertaking: Initiative | Project,
    *,
    reason: str,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
) -> None:
    """Take it from every page, with the words of its result. Who takes part in a meeting ahead is written to."""
    now = now or timezone.now()
    reason = reason_of(reason)
    with transaction.atomic():
        undertaking = _set_hidden(undertaking, now, reason, EventKind.HIDDEN, actor, organisation, now)
        if isinstance(undertaking, Initiative) and undertaking.state == UndertakingState.PLANNED:
            tell_participants(undertaking, "initiative_hidden", now)


def show_again(
    undertaking: Initiative | Project, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> None:
    """Undo the hiding. Raises NotPossible where residents have begun anew for the same issue since."""
    now = now or timezone.now()
    try:
        with transaction.atomic():
            _set_hidden(undertaking, None, "", EventKind.SHOWN, actor, organisation, now)
    except IntegrityError as error:
        raise NotPossible(_("Residents have begun anew since: there is one at a time."), clause="5.1") from error


def _set_hidden(
    undertaking: Initiative | Project,
    hidden_at: datetime | None,
    reason: str,
    kind: EventKind,
    actor: Any,
    organisation: Organisation,
    now: datetime,
) -> Initiative | Project:
    issues = locked_all(_issue_ids(undertaking))
    roles = Roles.of(actor)
    city_id = undertaking.issue.city_id if isinstance(undertaking, Initiative) else undertaking.city_id
    if organisation.city_id != city_id or not rules.allows("moderate", roles, organisation=organisation):
        raise NotPermitted(_("This is not for your role."), clause="5.1")
    model = type(undertaking)
    found = model.objects.select_for_update(of=("self",)).get(pk=undertaking.pk)
    if (found.hidden_at is None) == (hidden_at is None):
        raise NotPossible(_("That has been done already."), clause="5.1")
    found.hidden_at, found.hidden_reason = hidden_at, reason[:REASON_SHOWN]
    found.save(update_fields=["hidden_at", "hidden_reason"])
    Contribution.objects.filter(pk__in=_result_ids(found)).update(
        hidden_at=hidden_at, hidden_reason=found.hidden_reason
    )
    happening = Happening(
        kind=kind,
        at=now,
        actor_id=roles.user_id,
        party=Party.MODERATOR,
        organisation=organisation,
        data={model.__name__.lower(): found.pk},
    )
    record_many([(issue, [happening]) for issue in issues])
    return found


def _issue_ids(undertaking: Initiative | Project) -> list[int]:
    if isinstance(undertaking, Initiative):
        return [undertaking.issue_id]
    return list(undertaking.project_issues.values_list("issue_id", flat=True))


def _result_ids(undertaking: Initiative | Project) -> list[int]:
    if isinstance(undertaking, Initiative):
        return [undertaking.result_id] if undertaking.result_id else []
    return list(undertaking.project_issues.filter(result__isnull=False).values_list("result_id", flat=True))
