from django.db import models


class DemoMessage(models.Model):
    """One message that the demonstration sent to nobody but its own mailbox."""

    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
