from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from opencity_issues.models.issue import IssueIndexPage


class ImportFile(models.Model):
    """A file that was tried in the admin and waits for the word to import it; gone then, or by retention.

    In the database, so that it is the same whichever process answers, and is no file among people's photos.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    content = models.BinaryField()
    replace = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
