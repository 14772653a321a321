from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.assignment import Assignment
from opencity_issues.models.issue import IssuePage
from opencity_issues.procedure.deadlines import DEADLINES


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> "DeadlineQuerySet":
        return self.filter(met_at=None, cancelled_at=None)

    def overdue(self, now: datetime) -> "DeadlineQuerySet":
        return self.running().filter(due_at__lte=now)

    def unrecorded(self, now: datetime) -> "DeadlineQuerySet":
        """Missed by an organisation without the sweep having recorded it yet: few, however many have run out.

        Only the clocks of an assignment can be missed (4.2, 4.3, 4.4); those of the issue as a whole end by themselves.
        """
        return self.overdue(now).filter(missed_at=None, assignment__isnull=False)


class Deadline(models.Model):
    """One clock of section 4, stored as instants when it starts. `procedure/deadlines.py` holds the rules."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="deadlines")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.CASCADE, related_name="deadlines"
    )
    clause = models.CharField(_("clause"), max_length=5)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warning sent"), null=True, blank=True)
    repeated_at = models.DateTimeField(_("repeated message sent"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "assignment", "clause"],
                condition=models.Q(met_at=None, cancelled_at=None),
                name="one_running_deadline",
            )
        ]
        indexes = [
            models.Index(
                fields=["clause", "due_at"],
                condition=models.Q(met_at=None, cancelled_at=None),
                name="deadline_of_clause",
            ),
            # Asked for by each view of the map: without the windows of T9, which run out one by one and stay.
            models.Index(
                fields=["due_at", "issue"],
                condition=models.Q(met_at=None, cancelled_at=None, missed_at=None, assignment__isnull=False),
                name="deadline_to_miss",
            ),
            models.Index(fields=["issue", "clause"], name="deadline_of_issue"),
            # The terms that an organisation can miss, without those of the issue as a whole: enough for a desk to count by.
            models.Index(
                fields=["clause", "due_at", "warned_at", "repeated_at", "issue"],
                condition=models.Q(met_at=None, cancelled_at=None, assignment__isnull=False),
                name="deadline_of_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} · {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def what(self) -> str:
        """What the clause asks for, in words."""
        return str(DEADLINES[self.clause].what)

    @property
    def last_day(self) -> date:
        """The day that people are told, in the city's time zone: the deadline ends with it."""
        return self.issue.city.config.calendar().last_day(self.due_at)

    def is_overdue(self, now: datetime) -> bool:
        return self.met_at is None and self.cancelled_at is None and self.due_at <= now
