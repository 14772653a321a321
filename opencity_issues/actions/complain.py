"""A responsible worker's complaint to the moderator (5.3), and the moderator's answer to the organisation.

Neither the public nor the author learns of it: what the moderator then does (hides, takes down, blocks) is public by
its own event.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import locked, record
from opencity_issues.enums import ContributionKind, EventKind, Party, Publication
from opencity_issues.models import Contribution, IssuePage, Media, Organisation
from opencity_issues.procedure.moderation import Complaint
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles


def complain(
    issue: IssuePage,
    kind: str,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    part: Media | Contribution | None = None,
    now: datetime | None = None,
) -> Contribution:
    """Complain of the issue, or of one photo or comment of it (`part`), to the moderator.

    `kind` is one of `Complaint`. Raises NotPermitted, NotPossible (not published, or one of yours waits already), Missing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("complain", roles, issue, organisation):
            raise NotPermitted(_("Only an organisation that has the issue complains of it."), clause="5.3")
        if issue.publication != Publication.PUBLISHED:
            raise NotPossible(_("The issue is not published."), clause="5.3", state=issue.publication)
        if kind not in set(Complaint):
            raise Missing(_("Choose of what you complain."), fields={"kind": _("Choose of what you complain.")})
        if part is not None and not _is_part(part, issue):
            raise NotPossible(_("This is not a part of the issue."), clause="5.3", state=issue.status)
        if _waits(issue, organisation, part):
            raise NotPossible(_("Your complaint of this is with the moderator already."), clause="5.3")
        complaint = write_contribution(
            issue,
            ContributionKind.COMPLAINT,
            text,
            author=actor,
            organisation=organisation,
            now=now,
            answers=part if isinstance(part, Contribution) else None,
        )
        record(
            issue,
            EventKind.COMPLAINT,
            at=now,
            actor_id=roles.user_id,
            party=Party.RESPONSIBLE_WORKER,
            organisation=organisation,
            contribution=complaint,
            data={"of": kind, **({"media": part.pk} if isinstance(part, Media) else {})},
        )
    return complaint


def handle_complaint(
    complaint: Contribution, answer: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """The moderator has looked at a complaint and answers the organisation that made it."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(complaint.issue)
        roles = Roles.of(actor)
        if not rules.allows("moderate", roles, issue, organisation):
            raise NotPermitted(_("Only the moderator looks at complaints."), clause="5.3")
        waiting = Contribution.objects.filter(pk=complaint.pk, kind=ContributionKind.COMPLAINT, handled_at=None)
        if not waiting.update(handled_at=now):
            raise NotPossible(_("That has been done already."), clause="5.3")
        words = write_contribution(
            issue,
            ContributionKind.COMPLAINT,
            answer,
            author=actor,
            organisation=complaint.organisation,
            now=now,
            answers=complaint,
            handled_at=now,
        )
        record(
            issue,
            EventKind.COMPLAINT_HANDLED,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=complaint.organisation,
            contribution=words,
            data={"contribution": complaint.pk},
        )
    return words


RESIDENTS = frozenset({ContributionKind.COMMENT, ContributionKind.REPLY, ContributionKind.FLAG})
"""Words of residents, of which a worker can complain."""


def _is_part(part: Media | Contribution, issue: IssuePage) -> bool:
    return part.issue_id == issue.pk and (isinstance(part, Media) or part.kind in RESIDENTS)


def _waits(issue: IssuePage, organisation: Organisation, part: Media | Contribution | None) -> bool:
    """Whether this organisation has complained of the same thing and has no answer yet."""
    waiting = issue.contributions.filter(
        kind=ContributionKind.COMPLAINT, organisation=organisation, handled_at=None
    ).values_list("pk", "answers_id")
    photos = dict(
        issue.events.filter(kind=EventKind.COMPLAINT, contribution__in=[key for key, _words in waiting]).values_list(
            "contribution_id", "data__media"
        )
    )
    of_words = part.pk if isinstance(part, Contribution) else None
    of_photo = part.pk if isinstance(part, Media) else None
    return any((words, photos.get(key)) == (of_words, of_photo) for key, words in waiting)
