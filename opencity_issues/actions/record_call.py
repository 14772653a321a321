"""The control body records an issue for somebody who telephones, tells the result, and removes the caller's data.

The caller is nobody's author: name and number are the control body's own note (`models.Caller`), read under the rule
`see_caller` alone, in no event, letter or list. They are removed at the caller's wish at any time, and by themselves once
the issue can no longer be returned from the archive (20 days, T9): then there is nothing left to tell.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import locked, record
from opencity_issues.actions.submit_issue import Registrar, Report, register
from opencity_issues.enums import SOLVED, UNSOLVED, ContributionKind, EventKind, Party, Publication, Way
from opencity_issues.models import Caller, Contribution, IssueIndexPage, IssuePage, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

NAME_LENGTH = 150
PHONE_LENGTH = 60
DIGITS_AT_LEAST = 5

UNPUBLISHED_FOR_GOOD = frozenset({Publication.REFUSED, Publication.TAKEN_DOWN, Publication.MERGED})


@dataclass(frozen=True)
class CallerWords:
    """What the caller says of him- or herself, and whether he or she agreed to its being written down."""

    name: str
    phone: str
    consents: bool = False


def record_call(
    city: IssueIndexPage,
    report: Report,
    caller: CallerWords,
    *,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
) -> IssuePage:
    """Register the issue like any other (T1), marked as recorded from a call; held by the same rules, the flood's aside.

    Raises NotPermitted to all but the control body, Missing (a field of the report or of the caller, no consent).
    """
    now = now or timezone.now()
    with transaction.atomic():
        roles = Roles.of(actor)
        if organisation.city_id != city.pk or not rules.allows("record_call", roles, organisation=organisation):
            raise NotPermitted(_("Only the control body records calls."), transition="T1", clause="2.9")
        _check(caller)
        issue = register(city, report, Registrar(actor, Party.CONTROL_BODY, organisation), now)
        Caller.objects.get_or_create(
            issue=issue,
            defaults={
                "name": caller.name.strip(),
                "phone": caller.phone.strip(),
                "consent_at": now,
                "recorded_by_id": actor.pk,
            },
        )
    return issue


def tell_caller(issue: IssuePage, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> IssuePage:
    """The control body has told the caller by telephone how it ended."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, caller = _of_a_call(issue, actor, organisation)
        if not is_to_be_told(issue, caller):
            raise NotPossible(_("There is nothing to tell this caller now."), clause="2.9", state=issue.status)
        Caller.objects.filter(pk=caller.pk).update(told_at=now)
        record(
            issue,
            EventKind.CALLER_TOLD,
            at=now,
            actor_id=actor.pk,
            party=Party.CONTROL_BODY,
            organisation=organisation,
        )
    return issue


def is_to_be_told(issue: IssuePage, caller: Caller) -> bool:
    """Whether the issue has ended, solved or unpublished for good, and the caller does not know it since then."""
    if issue.publication in UNPUBLISHED_FOR_GOOD:
        return caller.told_at is None
    if issue.publication != Publication.PUBLISHED or issue.status not in SOLVED:
        return False
    return caller.told_at is None or (issue.closed_at is not None and caller.told_at < issue.closed_at)


def awaits_a_call(issue: IssuePage) -> bool:
    """Whether somebody telephoned this issue in and is to be told how it ended."""
    caller = getattr(issue, "caller", None) if issue.by_phone else None
    return caller is not None and is_to_be_told(issue, caller)


def reply_for_caller(
    issue: IssuePage, text: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """What the caller answered by telephone to an organisation's question (4.4), passed on by the control body."""
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        if not rules.allows("record_call", Roles.of(actor), issue, organisation):
            raise NotPermitted(_("Only the control body speaks with callers."), clause="4.4")
        question = open_question(issue) if issue.by_phone else None
        if question is None:
            raise NotPossible(_("No question waits for a reply."), clause="4.4", state=issue.status)
        words = write_contribution(
            issue,
            ContributionKind.REPLY,
            text,
            author=actor,
            now=now,
            organisation=organisation,
            answers=question,
            way=Way.PHONE,
        )
        record(
            issue,
            EventKind.REPLY,
            at=now,
            actor_id=actor.pk,
            party=Party.CONTROL_BODY,
            organisation=question.organisation,
            contribution=words,
        )
    return words


def open_question(issue: IssuePage) -> Contribution | None:
    """The latest question to the author that has no reply."""
    asked = issue.contributions.filter(kind=ContributionKind.QUESTION, replies=None, hidden_at=None)
    return asked.order_by("-created_at", "-pk").first()


def awaits_a_reply(issue: IssuePage) -> bool:
    """Whether an organisation asks whoever telephoned this issue in. Costs a query for such issues alone."""
    return (
        issue.by_phone
        and issue.publication == Publication.PUBLISHED
        and issue.status in UNSOLVED
        and open_question(issue) is not None
    )


def remove_caller(issue: IssuePage, *, actor: Any, organisation: Organisation) -> None:
    """Remove the caller's name and number at his or her wish; the issue stays."""
    with transaction.atomic():
        _issue, caller = _of_a_call(issue, actor, organisation)
        caller.delete()


def _of_a_call(issue: IssuePage, actor: Any, organisation: Organisation) -> tuple[IssuePage, Caller]:
    issue = locked(issue)
    if not rules.allows("record_call", Roles.of(actor), issue, organisation):
        raise NotPermitted(_("Only the control body speaks with callers."), clause="2.9")
    caller = Caller.objects.select_for_update().filter(issue=issue).first()
    if caller is None:
        raise NotPossible(_("There are no data of a caller."), clause="2.9", state="none")
    return issue, caller


def _check(caller: CallerWords) -> None:
    faults: dict[str, Any] = {}
    for name, text, at_most in (("name", caller.name, NAME_LENGTH), ("phone", caller.phone, PHONE_LENGTH)):
        if not text.strip():
            faults[name] = _("Please fill this in.")
        elif len(text) > at_most:
            faults[name] = _("This is too long: at most %(count)d characters.") % {"count": at_most}
    if "phone" not in faults and sum(sign.isdigit() for sign in caller.phone) < DIGITS_AT_LEAST:
        faults["phone"] = _("This is no telephone number.")
    if not caller.consents:
        faults["consent"] = _("Without the caller's consent the call cannot be recorded.")
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, transition="T1", clause="2.6")
