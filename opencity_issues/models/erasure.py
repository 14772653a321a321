from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """An account that its owner had erased, by its number alone: after a restored backup it is erased again."""

    account = models.PositiveBigIntegerField(unique=True)
    erased_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.account)
