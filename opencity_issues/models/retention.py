from django.db import models
from django.utils import timezone


class RetentionRun(models.Model):
    """A night in which data were removed that nobody needs any more; `removed` counts them by the rule's key."""

    at = models.DateTimeField(default=timezone.now)
    removed = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"
