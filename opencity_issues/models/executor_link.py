import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.assignment import Assignment


def new_nonce() -> str:
    return secrets.token_hex(16)


class ExecutorLink(models.Model):
    """A private way for one executor without an account to one assignment (2.8, 4.4, 4.5).

    The address carries the key and the nonce under the installation's signature: the row alone opens nothing.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="links")
    name = models.CharField(_("executor: position and name"), max_length=200)
    email = models.EmailField(_("executor's e-mail"))
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("executor's link")
        verbose_name_plural = _("executors' links")

    def __str__(self) -> str:
        return f"{self.name} · {self.assignment_id}"
