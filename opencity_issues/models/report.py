from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import ReportKind
from opencity_issues.models.organisation import Organisation


class Report(models.Model):
    """A report on effectiveness: the moderator's by week and month (5.4), the control body's for any period (2.9).

    A draft's figures can be counted anew; signing freezes them, the words and the names for good.
    """

    city = models.ForeignKey("opencity_issues.IssueIndexPage", on_delete=models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    figures = models.JSONField(default=dict)
    words = models.TextField(_("conclusions and proposals"), blank=True)
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    signer = models.CharField(_("signed by: position and name"), max_length=200, blank=True)
    passed_at = models.DateTimeField(_("passed to the control body"), null=True, blank=True)
    received_at = models.DateTimeField(_("received by the control body"), null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-last_day", "-first_day", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "first_day", "last_day"], name="report_once"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="report_period_not_reversed"
            ),
            models.CheckConstraint(
                condition=models.Q(passed_at=None) | models.Q(signed_at__isnull=False),
                name="report_signed_before_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day:%d.%m.%Y}–{self.last_day:%d.%m.%Y}"

    @property
    def is_frozen(self) -> bool:
        return self.signed_at is not None

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises PermissionDenied once signed: a signed report stays on record (5.4)."""
        if self.is_frozen:
            raise PermissionDenied(_("A signed report is never deleted."))
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined] # templates must not call it
