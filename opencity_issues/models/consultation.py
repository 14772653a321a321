from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import Way
from opencity_issues.models.media import private_storage
from opencity_issues.models.organisation import Organisation


class _OfCity(models.Model):
    city = models.ForeignKey("opencity_issues.IssueIndexPage", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class ConsultationPlan(_OfCity):
    """The plan by which the moderator advises responsible workers: set by the control body, agreed with the moderator (5.5)."""

    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    text = models.TextField(_("aims and order"), blank=True)
    set_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("sent to the moderator"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_by = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    remarks = models.TextField(_("moderator's remarks"), blank=True)

    class Meta:
        ordering = ["-first_day"]
        verbose_name = _("plan of consultations")
        verbose_name_plural = _("plans of consultations")

    def __str__(self) -> str:
        return f"{self.first_day:%d.%m.%Y}–{self.last_day:%d.%m.%Y}"


class PlanItem(models.Model):
    """One measure of a plan: what, in which way, when."""

    plan = models.ForeignKey(ConsultationPlan, on_delete=models.CASCADE, related_name="items")
    what = models.CharField(_("what"), max_length=250)
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.PHONE)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        # Said by the query, since the two databases put what has no date at opposite ends.
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.what


class Seminar(_OfCity):
    """A training seminar for responsible workers (5.6)."""

    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("length, minutes"), default=90)
    place = models.CharField(_("place"), max_length=250)
    text = models.TextField(_("programme"), blank=True)
    held_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=500, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("seminar")
        verbose_name_plural = _("seminars")

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Attendance(models.Model):
    """Somebody who put his or her name down for a seminar, and whether he or she came."""

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name, for who has no account"), max_length=150, blank=True)
    signed_up_at = models.DateTimeField(default=timezone.now)
    came = models.BooleanField(_("came"), null=True)

    class Meta:
        ordering = ["organisation__name_uk", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "user"], condition=models.Q(user__isnull=False), name="attendance_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.user)


class Consultation(_OfCity):
    """A responsible worker's question and the moderator's answer (5.6): in the System, or noted from the telephone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consultations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asker_name = models.CharField(_("name, for who has no account"), max_length=150, blank=True)
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.SYSTEM)
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    issue = models.ForeignKey(
        "opencity_issues.IssuePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    shared = models.BooleanField(_("other cabinets may read it, without who asked"), default=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        indexes = [
            models.Index(fields=["city"], condition=models.Q(answered_at=None), name="consultation_to_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.asked_at:%Y-%m-%d}"


class Instruction(_OfCity):
    """An instruction or methodical material, published to the cabinets (5.6)."""

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to="instructions/", blank=True)
    published_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["-published_at"]
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")

    def __str__(self) -> str:
        return self.title
