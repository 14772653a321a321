"""What the one who runs the installation has to know of it (2.7)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxPause(models.Model):
    """While there is a row, no letter leaves: after a restore, what waits may have been sent long ago."""

    since = models.DateTimeField(default=timezone.now)
    backup_of = models.DateTimeField(_("state of"))
    """When the restored backup was made."""

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y %H:%M}"


class BackupRecord(models.Model):
    """A backup that was written to its end; kept so that the operator sees when the last one was."""

    made_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    issues = models.PositiveIntegerField(_("issues"))
    files = models.PositiveIntegerField(_("files"))

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%d.%m.%Y %H:%M}"
