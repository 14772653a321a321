import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.event import Event
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation


def new_message_id() -> str:
    return uuid.uuid4().hex


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> "NoticeQuerySet":
        return self.filter(sent_at=None, failed_at=None, unwanted_at=None)

    def bounced(self) -> "NoticeQuerySet":
        """Given up, and not yet dealt with by the control body."""
        return self.filter(failed_at__isnull=False, handled_at=None)


class Notice(models.Model):
    """One letter in the outbox, written in the transaction of its event; the queue is only its doorbell.

    `recipient` is the dedupe key ("organisation:3", "head:3", "control:1", "user:5", "executor:7"); a person's address is looked up when sending,
    so that an erased account leaves none behind. A letter without an event (a daily letter, a report) has a `key` instead.
    """

    event = models.ForeignKey(Event, null=True, on_delete=models.DO_NOTHING, related_name="notices")
    issue = models.ForeignKey(IssuePage, null=True, on_delete=models.CASCADE, related_name="notices")
    template = models.CharField(max_length=40)
    recipient = models.CharField(max_length=60)
    key = models.CharField(max_length=80, blank=True)
    city = models.ForeignKey("opencity_issues.IssueIndexPage", null=True, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey("opencity_issues.Report", null=True, on_delete=models.CASCADE, related_name="notices")
    link = models.ForeignKey(
        "opencity_issues.ExecutorLink", null=True, on_delete=models.CASCADE, related_name="notices"
    )
    follow = models.ForeignKey(
        "opencity_issues.Follow", null=True, on_delete=models.SET_NULL, related_name="notices"
    )  # why a follower gets it
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=64, unique=True, default=new_message_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    together = models.BooleanField(default=False)
    """Waits for its reader's daily or weekly letter."""
    unwanted_at = models.DateTimeField(_("not wanted by its reader"), null=True, blank=True)
    handled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "template"], name="notice_once"),
            models.UniqueConstraint(
                fields=["recipient", "template", "key"],
                condition=models.Q(event=None),
                name="notice_without_event_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=models.Q(sent_at=None, failed_at=None, unwanted_at=None),
                name="notice_waiting",
            ),
            models.Index(
                fields=["failed_at"],
                condition=models.Q(failed_at__isnull=False, handled_at=None),
                name="notice_bounced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient}"
