import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NewsTiming(models.TextChoices):
    """When news of the project come by e-mail."""

    AT_ONCE = "at_once", pgettext_lazy("news letters", "At once")
    WEEKLY = "weekly", pgettext_lazy("news letters", "Once a week, together")
    MONTHLY = "monthly", pgettext_lazy("news letters", "Once a month, together")


def new_key() -> str:
    return uuid.uuid4().hex


class NewsSubscription(models.Model):
    """Somebody who wants the news of a city's project by e-mail: an account, or an address without one.

    Of an account the address and the language are read when a letter goes, so that they are kept once. An address without
    an account counts from its confirmation on: until then nothing but the letter that asks for it is sent there.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    """What letters and links name it by: never given twice, a restored backup included."""

    city = models.ForeignKey("opencity_issues.IssueIndexPage", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="opencity_news_subscriptions"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="uk")
    timing = models.CharField(_("when"), max_length=8, choices=NewsTiming, default=NewsTiming.WEEKLY)
    told_until = models.DateTimeField(default=timezone.now)
    """What was published up to this moment has been told, or was there before."""

    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("subscription to news")
        verbose_name_plural = _("subscriptions to news")
        constraints = [
            models.UniqueConstraint(fields=["city", "user"], name="news_subscription_of_an_account"),
            models.UniqueConstraint(
                fields=["city", "email"], condition=~models.Q(email=""), name="news_subscription_of_an_address"
            ),
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(email=""), name="news_subscription_is_one_or_the_other"
            ),
        ]
        indexes = [models.Index(fields=["city", "timing", "told_until"], name="news_subscriptions_due")]

    def __str__(self) -> str:
        return self.key

    def told(self) -> dict[str, Any]:
        """The subscription as its owner's data."""
        return {"when": self.timing, "since": (self.confirmed_at or self.created_at).isoformat()}
