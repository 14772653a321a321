from django.conf import settings
from django.db import models
from django.utils import timezone

from opencity_issues.models.issue import IssueIndexPage


class FirstRunTick(models.Model):
    """Something that a new city needs and no program can see: that the operator has seen to it, and when."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=30)
    ticked_at = models.DateTimeField(default=timezone.now)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "key"], name="first_run_tick_once")]

    def __str__(self) -> str:
        return f"{self.city_id} {self.key}"
