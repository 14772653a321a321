"""A resident says "me too" under an issue, and takes it back: one a person, counted on the issue in the same transaction.

Who reported the issue, or a duplicate that was joined with it, supports it already and has nothing to press.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf, rules
from opencity_issues.actions.record_event import locked, write
from opencity_issues.models import Follow, IssuePage, Support
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.rules import Roles

CLAUSE = "3.3"


def support(issue: IssuePage, *, actor: Any, now: datetime | None = None) -> IssuePage:
    """Support the issue and follow it; saying it twice changes nothing. Returns the issue as it is then.

    Raises NotPermitted (not signed in, blocked, one's own) and NotPossible (not published, too many within the hour or day).
    """
    now = now or timezone.now()
    with transaction.atomic():
        issue = locked(issue)
        roles = _as_resident(issue, actor)
        if issue.supports.filter(user_id=roles.user_id).exists():
            return issue
        _check_limits(roles.user_id, now)
        Support.objects.create(issue=issue, user_id=roles.user_id, created_at=now)
        Follow.objects.get_or_create(
            user_id=roles.user_id, issue=issue, defaults={"city_id": issue.city_id, "created_at": now}
        )
        write(issue, support_count=issue.support_count + 1)
    return issue


def take_back(issue: IssuePage, *, actor: Any, now: datetime | None = None) -> IssuePage:
    """No longer support the issue. The following that came with it ends as well, one that was there before stays.

    Without a support nothing changes. Raises NotPermitted (not signed in, blocked) and NotPossible (not published).
    """
    with transaction.atomic():
        issue = locked(issue)
        roles = _as_resident(issue, actor)
        given = issue.supports.filter(user_id=roles.user_id).first()
        if given is None:
            return issue
        Follow.objects.filter(user_id=roles.user_id, issue=issue, created_at=given.created_at).delete()
        given.delete()
        write(issue, support_count=max(issue.support_count - 1, 0))
    return issue


def _as_resident(issue: IssuePage, actor: Any) -> Roles:
    roles = Roles.of(actor)
    if not rules.allows("support", roles, issue):
        raise NotPermitted(_why_not(roles), clause=CLAUSE)
    if not issue.is_published:
        raise NotPossible(_("The issue is not published."), clause="5.1", state=issue.publication)
    return roles


def _why_not(roles: Roles) -> Promise:
    if roles.is_blocked:
        return _("Your account is blocked. Write to the moderator.")
    if roles.is_registered:
        return _("You reported it yourself: you are counted already.")
    return _("Please sign in first.")


def _check_limits(user_id: int | None, now: datetime) -> None:
    """One account does not lift a street of issues at once (trust: brigading). Raises NotPossible beyond the limits."""
    recent = Support.objects.filter(user_id=user_id, created_at__gt=now - timedelta(days=1))
    within_an_hour = recent.filter(created_at__gt=now - timedelta(hours=1)).count()
    if within_an_hour >= conf.get("OPENCITY_SUPPORTS_PER_HOUR") or recent.count() >= conf.get(
        "OPENCITY_SUPPORTS_PER_DAY"
    ):
        raise NotPossible(_("You have supported very many issues just now. Please go on later."), clause=CLAUSE)
