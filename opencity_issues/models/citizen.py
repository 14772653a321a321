import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf
from opencity_issues.enums import LetterChoice
from opencity_issues.models.organisation import digest_of


class Citizen(models.Model):
    """What the System keeps of a registered person (2.2) beside the host site's account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opencity_citizen")
    language = models.CharField(_("language of letters"), max_length=10, default="uk")
    letters = models.CharField(
        _("letters about my issues"), max_length=8, choices=LetterChoice, default=LetterChoice.AT_ONCE
    )
    show_name = models.BooleanField(_("show my name beside my issues"), default=False)
    terms_version = models.CharField(max_length=20, blank=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    consent_at = models.DateTimeField(_("consented to data processing"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    block_reason = models.TextField(_("reason of the block"), blank=True)

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def has_accepted_terms(self) -> bool:
        """Whether the present version of the terms and the consent to data processing are recorded."""
        return bool(self.consent_at) and self.terms_version == conf.get("OPENCITY_TERMS_VERSION")

    def accept_terms(self) -> None:
        self.terms_version = conf.get("OPENCITY_TERMS_VERSION")
        self.terms_accepted_at = self.consent_at = timezone.now()


class ApiToken(models.Model):
    """A key to the REST interface, kept only as a digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opencity_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("interface token")
        verbose_name_plural = _("interface tokens")

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @classmethod
    def issue_to(cls, user: models.Model, name: str = "") -> str:
        """A new token for a person; returned once, never stored."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(user_id=user.pk, digest=digest_of(secret), name=name)
        return secret

    @classmethod
    def find(cls, secret: str) -> "ApiToken | None":
        return cls.objects.select_related("user").filter(digest=digest_of(secret), user__is_active=True).first()


class Device(models.Model):
    """A browser in which a person is signed in: the key of its session, in which the browser's name and last use are kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opencity_devices")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    created_at = models.DateTimeField(_("signed in"), default=timezone.now)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return str(self.pk)
