"""What people write on a card: comments, replies, "still not solved" (3.3, 4.4, 4.7)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.enums import SOLVED, ContributionKind, EventKind, Party, Publication
from opencity_issues.models import Contribution, IssuePage, Media, Organisation
from opencity_issues.procedure.moderation import find_stop_words
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

TEXT_LENGTH = 3000


def write_contribution(
    issue: IssuePage,
    kind: ContributionKind,
    text: str,
    *,
    author: Any,
    now: datetime,
    organisation: Organisation | None = None,
    media: Sequence[Media] = (),
    **extra: Any,
) -> Contribution:
    """Keep somebody's words and files on a locked issue; `author` is None for an executor without an account. Raises Missing for an empty or overlong text."""
    text = text.strip()
    if not text:
        raise Missing(_("Please write something."), fields={"text": _("Please write something.")}, clause="3.3")
    if len(text) > TEXT_LENGTH:
        message = _("This is too long: at most %(count)d characters.") % {"count": TEXT_LENGTH}
        raise Missing(message, fields={"text": message}, clause="3.3")
    contribution = Contribution.objects.create(
        issue=issue,
        kind=kind,
        author_id=author.pk if author is not None else None,
        organisation=organisation,
        text=text,
        created_at=now,
        **extra,
    )
    attach(media, contribution)
    return contribution


def check_planned(issue: IssuePage, planned: date, now: datetime) -> None:
    """Raises Missing for a planned date that has passed by the city's calendar (4.4)."""
    if planned < now.astimezone(issue.city.config.zone).date():
        raise Missing(
            _("The planned date has passed."), fields={"planned_date": _("Choose a date from today on.")}, clause="4.4"
        )


def attach(media: Sequence[Media], contribution: Contribution) -> None:
    """Put files to somebody's words: new ones, and those of the executor's report that the organisation confirms (4.5)."""
    if not media:
        return
    new = Q(issue=None, contribution=None)
    reported = Q(
        issue=contribution.issue_id,
        contribution__kind=ContributionKind.EXECUTED,
        contribution__organisation=contribution.organisation_id,
    )
    free = Media.objects.filter(new | reported, pk__in=[one.pk for one in media])
    Media.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(
        issue=contribution.issue_id, contribution=contribution, draft=None
    )


def comment(
    issue: IssuePage, text: str, *, actor: Any, media: Sequence[Media] = (), now: datetime | None = None
) -> Contribution:
    """A resident's comment, with photos if any (3.3). One with a word of the stop-list is not taken (5.2)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles = _as_citizen(issue, actor, "comment", "3.3")
        if find_stop_words(text, issue.city.config.stop_list):
            message = _("Please write it without obscene or insulting words (5.2).")
            raise Missing(message, fields={"text": message}, clause="5.2")
        contribution = write_contribution(issue, ContributionKind.COMMENT, text, author=actor, now=now, media=media)
        write(issue, comment_count=issue.comment_count + 1)
        record(issue, EventKind.COMMENT, at=now, actor_id=roles.user_id, party=Party.CITIZEN, contribution=contribution)
    return contribution


def flag_unsolved(issue: IssuePage, text: str, *, actor: Any, now: datetime | None = None) -> Contribution:
    """A resident says that a closed or archived issue is still not solved; reaches the moderator, changes no status (T10)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, roles = _as_citizen(issue, actor, "flag", "3.2")
        if issue.status not in SOLVED:
            raise NotPossible(_("The issue is not closed."), clause="3.2", state=issue.status)
        if issue.contributions.filter(kind=ContributionKind.FLAG, author_id=roles.user_id, handled_at=None).exists():
            raise NotPossible(_("You have told the moderator already."), clause="3.2", state=issue.status)
        flag = write_contribution(issue, ContributionKind.FLAG, text, author=actor, now=now)
        record(issue, EventKind.FLAG, at=now, actor_id=roles.user_id, party=Party.CITIZEN, contribution=flag)
    return flag


def reply(
    issue: IssuePage,
    text: str,
    *,
    actor: Any,
    question: Contribution | None = None,
    media: Sequence[Media] = (),
    now: datetime | None = None,
) -> Contribution:
    """The author answers an organisation's question (4.4), by default the latest one that has no reply."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = Roles.of(actor)
        if not rules.allows("reply", roles, issue):
            raise NotPermitted(_("Only the author replies to an organisation's question."), clause="4.4")
        question = question or (
            issue.contributions.filter(kind=ContributionKind.QUESTION, replies=None)
            .order_by("-created_at", "-pk")
            .first()
        )
        if question is None or question.issue_id != issue.pk or question.kind != ContributionKind.QUESTION:
            raise NotPossible(_("No question waits for a reply."), clause="4.4", state=issue.status)
        words = write_contribution(
            issue, ContributionKind.REPLY, text, author=actor, now=now, media=media, answers=question
        )
        record(
            issue,
            EventKind.REPLY,
            at=now,
            actor_id=roles.user_id,
            party=Party.AUTHOR,
            organisation=question.organisation,
            contribution=words,
        )
    return words


def _as_citizen(issue: IssuePage, actor: Any, permission: str, clause: str) -> tuple[IssuePage, Roles]:
    issue = locked(issue)
    roles = Roles.of(actor)
    if not rules.allows(permission, roles, issue):
        message = (
            _("Your account is blocked. Write to the moderator.") if roles.is_blocked else _("Please sign in first.")
        )
        raise NotPermitted(message, clause=clause)
    if issue.publication != Publication.PUBLISHED:
        raise NotPossible(_("The issue is not published."), clause="5.1", state=issue.publication)
    return issue, roles
