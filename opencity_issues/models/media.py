import secrets
import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf
from opencity_issues.enums import MediaKind
from opencity_issues.models.contribution import Contribution
from opencity_issues.models.issue import IssuePage

SIZES = ("large", "medium", "thumb")


def private_storage() -> Storage:
    """The host's "opencity_private" storage, or a folder beside MEDIA_ROOT that no web server publishes."""
    if "opencity_private" in settings.STORAGES:
        return storages["opencity_private"]
    return FileSystemStorage(location=conf.private_media_root(), base_url=None)


def new_token() -> str:
    """128 random bits in hex: the name of a file cannot be guessed (trust, 1)."""
    return secrets.token_hex(16)


class Draft(models.Model):
    """What a citizen has typed so far, kept on the server so that no error, sign-in or way back loses it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    data = models.JSONField(default=dict)
    issue = models.ForeignKey(IssuePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return str(self.key)


class Submission(models.Model):
    """Which issue a caller's idempotency key has made: the same key gives the same issue."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self) -> str:
        return self.key


class Media(models.Model):
    """A photo or video, come through the gate (`media_gate.py`) and served only by the view that checks who asks."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    kind = models.CharField(_("kind"), max_length=5, choices=MediaKind, default=MediaKind.PHOTO)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="media")
    issue = models.ForeignKey(IssuePage, null=True, blank=True, on_delete=models.PROTECT, related_name="media")
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="media"
    )
    content_type = models.CharField(max_length=40, default="image/jpeg")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    byte_size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("reason"), max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("photo or video")
        verbose_name_plural = _("photos and videos")
        indexes = [
            models.Index(
                fields=["hidden_at", "issue"], condition=models.Q(hidden_at__isnull=False), name="media_hidden"
            )
        ]

    def __str__(self) -> str:
        return self.token

    def file_name(self, size: str) -> str:
        """Name in the private storage of one size: of SIZES for a photo, "video" for a video."""
        suffix = "jpg" if self.kind == MediaKind.PHOTO else self.content_type.rpartition("/")[2]
        return f"{self.token[:2]}/{self.token}/{size}.{suffix}"

    @property
    def file_names(self) -> list[str]:
        return [self.file_name(size) for size in (SIZES if self.kind == MediaKind.PHOTO else ("video",))]

    def url(self, size: str = "large") -> str:
        return reverse("opencity_issues:media", args=[self.token, size if self.kind == MediaKind.PHOTO else "video"])
