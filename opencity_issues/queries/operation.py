"""How the installation runs (2.7): worker, queue, outbox, backups and versions, for the operator's page and for monitors."""

import platform
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

import django
import wagtail
from django.db import connection
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule

from opencity_issues import schedules
from opencity_issues.models import BackupRecord, Notice, OutboxPause
from opencity_issues.queries.desk.outbox import LateLetters, late_letters

WORKER_LATE = timedelta(minutes=5)
"""How long after its time a run may still not have begun before the worker is taken for stopped."""

BACKUP_LATE = timedelta(days=2)
FAILURES_SHOWN = 10


@dataclass(frozen=True)
class Run:
    """A row of the table of runs; `does` says it in words, `next_run` is None where it is not installed."""

    name: str
    does: str
    next_run: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Operation:
    """All that the operator's page shows. `failures` are the queue's last ones."""

    runs: list[Run]
    queued: int
    failures: list[Failure]
    waiting: int
    late: LateLetters
    bounced: int
    sent_today: int
    pause: OutboxPause | None
    backup: BackupRecord | None
    backup_is_late: bool
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def worker_runs(self) -> bool:
        return not any(run.is_late for run in self.runs)


def operation(now: datetime | None = None) -> Operation:
    """The state of the installation at a moment, the present one if not given."""
    now = now or timezone.now()
    backup = BackupRecord.objects.first()
    return Operation(
        runs=runs(now),
        queued=OrmQ.objects.count(),
        failures=list(Failure.objects.order_by("-stopped")[:FAILURES_SHOWN]),
        waiting=Notice.objects.waiting().count(),
        late=late_letters(now),
        bounced=Notice.objects.bounced().count(),
        sent_today=Notice.objects.filter(sent_at__gte=now - timedelta(days=1)).count(),
        pause=outbox_pause(),
        backup=backup,
        backup_is_late=backup is None or backup.made_at < now - BACKUP_LATE,
        versions=versions(),
    )


def runs(now: datetime) -> list[Run]:
    """The table of runs with when each is due next; all late where the worker stands still. One query."""
    planned = dict(Schedule.objects.filter(name__in=schedules.RUNS).values_list("name", "next_run"))
    found = []
    for name in schedules.RUNS:
        due = planned.get(name)
        found.append(Run(name, str(schedules.WORDS[name]), due, due is None or due < now - WORKER_LATE))
    return found


def outbox_pause() -> OutboxPause | None:
    """Since when no letter leaves, if so."""
    return OutboxPause.objects.first()


def own_version() -> str:
    """The installed distribution's number, or "source" where it runs from its tree."""
    try:
        return version("wagtail-opencity")
    except PackageNotFoundError:
        return "source"


def versions() -> dict[str, str]:
    """What runs here."""
    return {
        "Open City": own_version(),
        "Wagtail": wagtail.__version__,
        "Django": django.get_version(),
        "Python": platform.python_version(),
        connection.display_name: ".".join(str(part) for part in connection.get_database_version()),
    }
