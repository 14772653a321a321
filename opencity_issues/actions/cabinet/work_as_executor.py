"""What an executor without an account does by the private link: asks, explains, reports the work as done (4.4, 4.5).

The link is the permission: it is read again under the issue's lock, and opens its own assignment alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.contribute import check_planned, write_contribution
from opencity_issues.actions.record_event import locked, record
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST
from opencity_issues.actions.work_on_assignment import Answer, write_answer
from opencity_issues.enums import ContributionKind, EventKind
from opencity_issues.models import Assignment, Contribution, ExecutorLink, IssuePage, Media
from opencity_issues.procedure.moderation import find_stop_words
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.executor_links import LinkState, state_of

MESSAGES_A_DAY = 20
"""More than this from one executor within 24 hours is no work on an issue: the link has come into other hands."""


def ask_author(link: ExecutorLink, text: str, *, now: datetime | None = None) -> Contribution:
    """The executor asks the author for more information, in the organisation's name (4.4)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, own = _as_executor(link, text, now)
        question = write_contribution(issue, ContributionKind.QUESTION, text, **_words(link, own, now))
        _record(issue, EventKind.QUESTION, link, own, now, contribution=question)
    return question


def explain(link: ExecutorLink, answer: Answer, *, now: datetime | None = None) -> Contribution:
    """The executor tells the author the planned date or the justified reasons why not (4.4)."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, own = _as_executor(link, answer.text, now)
        if answer.planned_date is not None:
            check_planned(issue, answer.planned_date, now)
        by = {"data": {"link": link.pk}}
        return write_answer(issue, own, answer, author=None, now=now, by=by, executor=link.name)


def report_done(
    link: ExecutorLink, text: str, *, media: Sequence[Media] = (), now: datetime | None = None
) -> Contribution:
    """The executor reports to the head, the organisation and control (4.5); public once the responsible worker confirms it."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, own = _as_executor(link, text, now)
        if own.executor_done_at is not None:
            raise NotPossible(
                _("Your report is with the responsible worker, who confirms it."), clause="4.5", state=own.state
            )
        report = write_contribution(issue, ContributionKind.EXECUTED, text, media=media, **_words(link, own, now))
        own.executor_done_at = now
        own.save(update_fields=["executor_done_at"])
        _record(issue, EventKind.EXECUTOR_DONE, link, own, now, contribution=report)
    return report


def waiting_files(tokens: Iterable[str]) -> list[Media]:
    """Files that came in by this page and belong to nothing yet. A token cannot be guessed: who has it brought the file."""
    free = Media.objects.filter(uploader=None, draft=None, issue=None, contribution=None)
    return list(free.filter(token__in=list(tokens)[:MEDIA_AT_MOST]))


def _as_executor(link: ExecutorLink, text: str, now: datetime) -> tuple[IssuePage, Assignment]:
    issue = locked(link.assignment.issue)
    fresh = ExecutorLink.objects.select_related("assignment__organisation").get(pk=link.pk)
    own = fresh.assignment
    own.issue = issue
    if state_of(fresh, now) != LinkState.OPEN:
        raise NotPermitted(_("This link does not work any more."), clause="2.8")
    since = now - timedelta(hours=24)
    lately = issue.contributions.filter(author=None, organisation=own.organisation, executor=link.name)
    if lately.filter(created_at__gt=since).count() >= MESSAGES_A_DAY:
        raise NotPossible(_("This is too much for one day. Please call your organisation."), clause="4.4")
    if find_stop_words(text, issue.city.config.stop_list):
        message = _("Please write it without obscene or insulting words (5.2).")
        raise Missing(message, fields={"text": message}, clause="5.2")
    return issue, own


def _words(link: ExecutorLink, own: Assignment, now: datetime) -> dict[str, Any]:
    return {"author": None, "organisation": own.organisation, "now": now, "executor": link.name}


def _record(
    issue: IssuePage, kind: EventKind, link: ExecutorLink, own: Assignment, now: datetime, contribution: Contribution
) -> None:
    record(issue, kind, at=now, organisation=own.organisation, contribution=contribution, data={"link": link.pk})
