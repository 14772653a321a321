from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind, Party, Status
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation

TABLE = "opencity_issues_event"

_CREATE = {
    "sqlite": (
        f"CREATE TRIGGER IF NOT EXISTS opencity_event_no_update BEFORE UPDATE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        f"CREATE TRIGGER IF NOT EXISTS opencity_event_no_delete BEFORE DELETE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION opencity_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
        f"CREATE OR REPLACE TRIGGER opencity_event_no_update BEFORE UPDATE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION opencity_event_refuse()",
        f"CREATE OR REPLACE TRIGGER opencity_event_no_delete BEFORE DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION opencity_event_refuse()",
    ),
}
_DROP = {
    "sqlite": ("DROP TRIGGER IF EXISTS opencity_event_no_update", "DROP TRIGGER IF EXISTS opencity_event_no_delete"),
    "postgresql": (
        f"DROP TRIGGER IF EXISTS opencity_event_no_update ON {TABLE}",
        f"DROP TRIGGER IF EXISTS opencity_event_no_delete ON {TABLE}",
    ),
}


def create_triggers(connection: Any) -> None:
    """Make the events append-only in the database itself. SQLite loses triggers when a migration remakes the table."""
    with connection.cursor() as cursor:
        for statement in _CREATE[connection.vendor]:
            cursor.execute(statement)


def drop_triggers(connection: Any) -> None:
    """For migrations of the table, and for tests that flush it."""
    with connection.cursor() as cursor:
        for statement in _DROP[connection.vendor]:
            cursor.execute(statement)


class Event(models.Model):
    """One thing that happened to an issue; append-only. Holds ids, never personal data, so that a person can be erased.

    `at` is the moment it counts from (T8 after an outage: the moment it was due), `recorded_at` the moment of writing.
    """

    issue = models.ForeignKey(IssuePage, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=24, choices=EventKind)
    transition = models.CharField(_("transition"), max_length=4, blank=True)
    source = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    target = models.CharField(_("to"), max_length=10, choices=Status, blank=True)
    party = models.CharField(_("as"), max_length=20, choices=Party, blank=True)
    # No constraint in the database: the row may not change when the account is erased.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    contribution = models.ForeignKey(
        "opencity_issues.Contribution", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["issue", "sequence"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["issue", "sequence"], name="event_sequence")]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.sequence} {self.kind}"
