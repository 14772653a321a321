"""The moderator looks at the place of a solved issue (T10, 4.7) and says what is there, with a photo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from opencity_issues import rules
from opencity_issues.actions.change_status import Move, archive_if_due, change_status, offers
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.moderate_issue import handle_flag
from opencity_issues.actions.record_event import locked, record
from opencity_issues.enums import SOLVED, CheckOutcome, ContributionKind, EventKind, Party, Publication
from opencity_issues.models import Contribution, IssuePage, Media, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

CLAUSE = "3.2, 4.7"
REOPENS = ("T14", "T10")


def check_issue(
    issue: IssuePage,
    outcome: str,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    media: Sequence[Media] = (),
    now: datetime | None = None,
) -> Contribution:
    """Record a check of a solved issue, or of one that was opened again; words and photo are public.

    `outcome` is one of `CheckOutcome`. "Not solved" opens a closed issue again by T14 and an archived one by T10, in the
    same transaction. A told outcome settles the residents' "still not solved". What is found solved needs no words.
    Raises NotPermitted, NotPossible (not published, or never closed), Missing.
    """
    now = now or timezone.now()
    archive_if_due(issue, now)
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("check", roles, issue, organisation):
            raise NotPermitted(_("Only the moderator checks issues."), clause=CLAUSE)
        _require(issue, outcome)
        if outcome == CheckOutcome.SOLVED and not text.strip():
            text = _("Checked at the place: it is solved.")
        words = write_contribution(
            issue,
            ContributionKind.CHECK,
            text,
            author=actor,
            organisation=organisation,
            media=media,
            now=now,
            outcome=outcome,
        )
        reopening = _reopening(issue, roles, organisation, now) if outcome == CheckOutcome.NOT_SOLVED else ""
        record(
            issue,
            EventKind.CHECKED,
            at=now,
            actor_id=roles.user_id,
            party=Party.MODERATOR,
            organisation=organisation,
            contribution=words,
            transition=reopening,
            data={"outcome": outcome},
            # The letters of the reopening tell it.
            notify=not reopening,
        )
        if outcome != CheckOutcome.UNCLEAR:
            for flag in issue.contributions.filter(kind=ContributionKind.FLAG, handled_at=None):
                handle_flag(flag, actor=actor, organisation=organisation, now=now)
        if reopening:
            change_status(issue, reopening, actor=actor, organisation=organisation, move=Move(reason=text), now=now)
    return words


def _require(issue: IssuePage, outcome: str) -> None:
    if issue.publication != Publication.PUBLISHED:
        raise NotPossible(_("The issue is not published."), clause=CLAUSE, state=issue.publication)
    if not is_checkable(issue):
        raise NotPossible(_("The issue has not been closed yet."), clause=CLAUSE, state=issue.status)
    if outcome not in CheckOutcome.values:
        raise Missing(_("Say what you found."), fields={"outcome": _("Say what you found.")}, clause=CLAUSE)


def reopen(
    issue: IssuePage,
    transition: str,
    reason: str,
    *,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
) -> IssuePage:
    """T14 or T10 by the moderator, which settles the residents' "still not solved" with it. Raises what `change_status` does."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = change_status(
            issue, transition, actor=actor, organisation=organisation, move=Move(reason=reason), now=now
        )
        for flag in issue.contributions.filter(kind=ContributionKind.FLAG, handled_at=None):
            handle_flag(flag, actor=actor, organisation=organisation, now=now)
    return issue


def is_checkable(issue: IssuePage) -> bool:
    """A solved issue, or one that was opened again and whose rework wants looking at (T13)."""
    return issue.status in SOLVED or issue.again


def _reopening(issue: IssuePage, roles: Roles, organisation: Organisation, now: datetime) -> str:
    """The transition that opens the issue again now, or "" where it is open as it is."""
    lawful = [
        offer.transition.id
        for offer in offers(issue, roles, now)
        if offer.organisation is not None and offer.organisation.pk == organisation.pk
    ]
    return next((name for name in REOPENS if name in lawful), "")
