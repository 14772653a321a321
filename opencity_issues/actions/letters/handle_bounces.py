"""A letter that the procedure wants did not arrive (3.4): the control body tells its addressee otherwise, or sends it again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import locked, record, ring_doorbell
from opencity_issues.enums import ContributionKind, EventKind, Party, Way
from opencity_issues.models import Notice, Organisation
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles


def handle_bounce(
    notice: Notice, note: str, *, way: Way, actor: Any, organisation: Organisation, now: datetime | None = None
) -> None:
    """Record that the control body (`organisation`) told it otherwise: by telephone, at a meeting, to another address.

    The note stays with the issue, for desks alone; a letter about no issue (a daily letter, a report) needs none.
    Raises NotPermitted, NotPossible for a letter that did not fail or is dealt with, Missing for an empty note.
    """
    now = now or timezone.now()
    with transaction.atomic():
        roles = Roles.of(actor)
        issue = locked(notice.issue) if notice.issue is not None else None
        notice = _failed(notice, roles, organisation)
        notice.handled_at = now
        notice.save(update_fields=["handled_at"])
        if issue is None:
            return
        words = write_contribution(
            issue, ContributionKind.NOTE, note, author=actor, organisation=organisation, now=now, way=way
        )
        record(
            issue,
            EventKind.BOUNCE_HANDLED,
            at=now,
            actor_id=roles.user_id,
            party=Party.CONTROL_BODY,
            organisation=organisation,
            contribution=words,
            data={"notice": notice.pk, "letter": notice.template, "way": way.value},
        )


def send_again(notice: Notice, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> None:
    """Try a letter anew that was given up, as after its address was mended. Raises NotPermitted, NotPossible."""
    now = now or timezone.now()
    with transaction.atomic():
        notice = _failed(notice, Roles.of(actor), organisation)
        notice.failed_at, notice.attempts, notice.leased_until, notice.send_after = None, 0, None, now
        notice.save(update_fields=["failed_at", "attempts", "leased_until", "send_after"])
        transaction.on_commit(ring_doorbell, robust=True)


def _failed(notice: Notice, roles: Roles, organisation: Organisation) -> Notice:
    """The locked row of a letter of the control body's own city that failed and waits to be dealt with."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("issue", "organisation").get(pk=notice.pk)
    city_id = notice.issue.city_id if notice.issue is not None else notice.city_id
    if not rules.allows("handle_bounce", roles, organisation=organisation) or city_id != organisation.city_id:
        raise NotPermitted(_("Only the control body deals with letters that did not arrive."), clause="3.4")
    if notice.failed_at is None or notice.handled_at is not None:
        raise NotPossible(_("This letter has been dealt with, or is on its way again."), clause="3.4")
    return notice
