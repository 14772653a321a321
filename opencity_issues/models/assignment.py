from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, AcceptanceKind, AssignmentState
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def active(self) -> "AssignmentQuerySet":
        return self.filter(state__in=ACTIVE_ASSIGNMENTS)


class Assignment(models.Model):
    """An issue sent to an organisation, and how far that organisation is with it. Each goes its own way."""

    issue = models.ForeignKey(IssuePage, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(_("state"), max_length=10, choices=AssignmentState, default=AssignmentState.SENT)
    by_hand = models.BooleanField(_("assigned by the control body"), default=False)
    sent_at = models.DateTimeField(_("sent"))
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    head_informed_at = models.DateTimeField(_("head informed (4.2)"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    kind = models.CharField(_("accepted to"), max_length=10, choices=AcceptanceKind, blank=True)
    executor = models.CharField(_("executor: position and name"), max_length=200, blank=True)
    executor_email = models.EmailField(_("executor's e-mail"), blank=True)
    executor_done_at = models.DateTimeField(_("reported as done by the executor"), null=True, blank=True)
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible worker"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    planned_date = models.DateField(_("planned date"), null=True, blank=True)
    plan_reminded_for = models.DateField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    return_reason = models.TextField(_("reason of the return"), blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["issue", "organisation"], name="assignment_once")]
        indexes = [
            models.Index(fields=["organisation", "state", "sent_at"], name="assignment_inbox"),
            models.Index(
                fields=["planned_date"], condition=models.Q(state=AssignmentState.ACCEPTED), name="assignment_planned"
            ),
            # Conditions without a value: SQLite uses no other partial index when the value is bound later.
            models.Index(
                fields=["planned_date", "state"],
                condition=models.Q(planned_date__isnull=False),
                name="assignment_promised",
            ),
            models.Index(
                fields=["organisation", "done_at"],
                condition=models.Q(done_at__isnull=False),
                name="assignment_done_lately",
            ),
            models.Index(
                fields=["returned_at"], condition=models.Q(returned_at__isnull=False), name="assignment_returned"
            ),
            models.Index(
                fields=["executor_done_at"],
                condition=models.Q(executor_done_at__isnull=False),
                name="assignment_executor_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.organisation_id}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_ASSIGNMENTS

    @property
    def holds_closing(self) -> bool:
        """Whether the issue cannot close before this one ends: active, and not accepted only to control (3.2)."""
        return self.is_active and not (self.state == AssignmentState.ACCEPTED and self.kind == AcceptanceKind.CONTROL)
