"""How long data about people are kept, and their removal each night: one table, days by OPENCITY_RETENTION_DAYS.

What is not in the table stays for good, and why: issues with their events are the city's record (3.3), from which an erased
account is a bare number; letters name their recipients by keys; the numbers of erased accounts are needed as long as any
backup is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import Task

from opencity_issues import conf
from opencity_issues.enums import Status
from opencity_issues.models import (
    Assignment,
    Caller,
    Device,
    ExecutorLink,
    ImportFile,
    Invitation,
    Notice,
    RetentionRun,
    Submission,
)
from opencity_issues.signals import retention_rules

RUNS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Rule:
    """What is kept until how many `days` after what; `remove` removes what is older than a moment and counts it.

    `days` None: for good. Without `remove` another run does it, and the rule is only told.
    """

    key: str
    what: Any
    after: Any
    days: int | None
    remove: Callable[[datetime], int] | None = None


def _callers(before: datetime) -> int:
    return _deleted(Caller.objects.filter(issue__status=Status.ARCHIVED, issue__archived_at__lte=before))


def _links(before: datetime) -> int:
    """The address alone goes: the row stays, since letters and the history of the assignment refer to it."""
    over = ExecutorLink.objects.filter(Q(expires_at__lte=before) | Q(revoked_at__lte=before)).exclude(email="")
    last = Assignment.objects.filter(links__in=over).exclude(links__expires_at__gt=before, links__revoked_at=None)
    last.exclude(executor_email="").update(executor_email="")
    return over.update(email="")


def _invitations(before: datetime) -> int:
    return _deleted(Invitation.objects.filter(Q(expires_at__lte=before) | Q(accepted_at__lte=before)))


def _errors(before: datetime) -> int:
    """The mail servers' own words, in which addresses stand."""
    over = Notice.objects.filter(created_at__lte=before).exclude(last_error="")
    return over.exclude(failed_at__isnull=False, handled_at=None).update(last_error="")


def _sessions(before: datetime) -> int:
    """Sessions that have run out, and the devices that they were; whatever keeps the host's sessions says how."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    if not apps.is_installed("django.contrib.sessions") or "db" not in settings.SESSION_ENGINE:
        return 0
    live = apps.get_model("sessions", "Session").objects.values("session_key")
    return _deleted(Device.objects.filter(created_at__lte=before).exclude(session_key__in=live))


def retention_table() -> list[Rule]:
    """The rules, with the host's numbers of days and its own rules."""
    days = {**conf.RETENTION_DAYS, **conf.get("OPENCITY_RETENTION_DAYS")}

    def rule(key: str, what: Any, after: Any, remove: Callable[[datetime], int] | None = None) -> Rule:
        return Rule(key, what, after, days[key], remove)

    answers: list[tuple[Any, Any]] = retention_rules.send(sender=Rule)
    hosts: list[Rule] = [one for _receiver, found in answers for one in found]
    return [
        rule("callers", _("Name and number of who telephoned"), _("the issue went to the archive"), _callers),
        rule("executor_links", _("E-mail address of an executor without an account"), _("the link ended"), _links),
        rule("invitations", _("E-mail address of who was invited"), _("the invitation ended"), _invitations),
        rule("submissions", _("Keys by which a report arrives once"), _("the report"), _older(Submission)),
        rule("mail_errors", _("Answers of mail servers, with addresses"), _("the letter was written"), _errors),
        rule("failures", _("Failures of the queue, with what they were about"), _("the failure"), _tasks),
        rule("import_files", _("Files that were tried and not imported"), _("the upload"), _older(ImportFile)),
        rule("sessions", _("Sessions and devices"), _("the session ran out"), _sessions),
        rule("drafts", _("Drafts of reports, and files that belong to nothing"), _("they were last touched")),
        rule("erasures", _("Numbers of erased accounts, for old backups"), _("the erasure")),
        *(replace(one, days=days.get(one.key, one.days)) for one in hosts),
    ]


def _older(model: Any) -> Callable[[datetime], int]:
    return lambda before: _deleted(model.objects.filter(created_at__lte=before))


def _tasks(before: datetime) -> int:
    return _deleted(Task.objects.filter(stopped__lte=before))


def _deleted(found: Any) -> int:
    """Removes rows and counts them, without what hung on them."""
    _all, by_model = found.delete()
    return int(by_model.get(found.model._meta.label, 0))


def keep_retention(now: datetime | None = None) -> dict[str, int]:
    """Remove what has been kept long enough; returns how much by the rule's key. Safe to run twice."""
    now = now or timezone.now()
    removed: dict[str, int] = {}
    for rule in retention_table():
        if rule.remove is not None and rule.days is not None:
            with transaction.atomic():
                removed[rule.key] = rule.remove(now - timedelta(days=rule.days))
    RetentionRun.objects.filter(at__lt=now - RUNS_KEPT).delete()
    RetentionRun.objects.create(at=now, removed=removed)
    return removed
