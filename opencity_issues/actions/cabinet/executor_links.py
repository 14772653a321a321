"""Private links for executors without an account (2.8, 4.4, 4.5): given, found by their address, ended.

A link opens the page of one assignment and nothing else. Its address is the row's key and nonce under the installation's
signature: neither the database alone nor a guess makes one. It works while the assignment is in work.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf, rules
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import enclose, locked, record
from opencity_issues.enums import AssignmentState, ContributionKind, EventKind, Party
from opencity_issues.models import Assignment, Contribution, ExecutorLink, IssuePage, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.executor_links import open_link_of
from opencity_issues.rules import Roles


def check_address(email: str) -> str:
    """The e-mail address without blanks; raises Missing where it cannot be one."""
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            message = _("Enter a valid e-mail address, or leave it empty.")
            raise Missing(message, fields={"executor_email": message}, clause="4.3") from error
    return email


def give(issue: IssuePage, own: Assignment, email: str, *, actor_id: int | None, now: datetime) -> ExecutorLink:
    """Send the executor of a locked issue's assignment a new link; the earlier ones end."""
    end(own, now)
    own.executor_email = email
    own.save(update_fields=["executor_email"])
    link = _new(own, actor_id, now)
    event = record(
        issue,
        EventKind.LINK_SENT,
        at=now,
        actor_id=actor_id,
        party=Party.RESPONSIBLE_WORKER,
        organisation=own.organisation,
        data={"link": link.pk},
    )
    enclose(event, issue, template="executor_link", recipient=f"executor:{link.pk}", link=link)
    return link


def end(own: Assignment, now: datetime) -> None:
    """End every link of an assignment; its executor has no way in until another is given.

    An assignment names its executor's e-mail only while there is a link.
    """
    if own.executor_email:
        own.links.filter(revoked_at=None).update(revoked_at=now)
        own.executor_email = ""
        own.save(update_fields=["executor_email"])


def revoke(issue: IssuePage, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> None:
    """The responsible worker ends the executor's link by a click."""
    now = now or timezone.now()
    with transaction.atomic():
        issue, own, _roles = _own_part(issue, actor, organisation)
        if not own.executor_email:
            raise NotPossible(_("The link has ended already."), clause="2.8", state=own.state)
        end(own, now)


def send_back(
    issue: IssuePage, reason: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Contribution:
    """The responsible worker does not confirm the executor's report (4.5): back with a reason, and the link again."""
    now = now or timezone.now()
    if not reason.strip():
        message = _("Say what is still to be done.")
        raise Missing(message, fields={"reason": message}, clause="4.5")
    with transaction.atomic():
        issue, own, roles = _own_part(issue, actor, organisation)
        if own.state != AssignmentState.ACCEPTED or own.executor_done_at is None:
            raise NotPossible(_("The executor has not reported the work as done."), clause="4.5", state=own.state)
        report = issue.contributions.filter(kind=ContributionKind.EXECUTED, organisation=organisation).last()
        words = write_contribution(
            issue, ContributionKind.EXECUTED, reason, author=actor, organisation=organisation, now=now, answers=report
        )
        own.executor_done_at = None
        own.save(update_fields=["executor_done_at"])
        event = record(
            issue,
            EventKind.SENT_BACK,
            at=now,
            actor_id=roles.user_id,
            party=Party.RESPONSIBLE_WORKER,
            organisation=organisation,
            contribution=words,
        )
        if own.executor_email:
            link = open_link_of(own, now) or _new(own, roles.user_id, now)
            enclose(event, issue, template="executor_sent_back", recipient=f"executor:{link.pk}", link=link)
    return words


def _own_part(issue: IssuePage, actor: Any, organisation: Organisation) -> tuple[IssuePage, Assignment, Roles]:
    issue = locked(issue)
    roles = Roles.of(actor)
    if not rules.allows("work", roles, issue, organisation):
        raise NotPermitted(_("This is not for your role."), clause="2.4")
    return issue, next(one for one in issue.assignments.all() if one.organisation_id == organisation.pk), roles


def _new(own: Assignment, actor_id: int | None, now: datetime) -> ExecutorLink:
    return ExecutorLink.objects.create(
        assignment=own,
        name=own.executor,
        email=own.executor_email,
        created_by_id=actor_id,
        created_at=now,
        expires_at=now + timedelta(days=conf.get("OPENCITY_EXECUTOR_LINK_DAYS")),
    )
