from django.db import models
from django.utils import timezone

from opencity_issues.models.issue import IssueIndexPage, IssuePage


class ImportedIssue(models.Model):
    """Where an issue came from with its past: the key that it has there, and what was known of it when last read."""

    issue = models.OneToOneField(IssuePage, on_delete=models.CASCADE, related_name="imported")
    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    event_count = models.PositiveIntegerField()
    """How many there were when the import last wrote: an issue to which a person did something since is left alone."""
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "source", "external_id"], name="imported_issue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
