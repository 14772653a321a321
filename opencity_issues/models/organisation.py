import secrets
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf
from opencity_issues.models.place import parse_point


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> "OrganisationQuerySet":
        return self.filter(is_active=True)

    def of_member(self, user: models.Model) -> "OrganisationQuerySet":
        return self.active().filter(memberships__user_id=user.pk, memberships__left_at=None)


class Organisation(models.Model):
    """A registered body that answers for issues (2.3); control body (2.9) and moderator (2.5) are functions of one."""

    city = models.ForeignKey(
        "opencity_issues.IssueIndexPage", verbose_name=_("city"), on_delete=models.PROTECT, related_name="organisations"
    )
    slug = models.SlugField(_("short name in addresses"), max_length=60)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    is_executor = models.BooleanField(_("solves issues"), default=True)
    is_control_body = models.BooleanField(_("control body (2.9)"), default=False)
    is_moderator = models.BooleanField(_("moderator (2.5)"), default=False)
    mailbox = models.EmailField(
        _("mailbox"), blank=True, help_text=_("Every message of the System to the organisation goes here (3.4).")
    )
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    location = models.CharField(_("place on the map"), max_length=100, blank=True)
    head_position = models.CharField(_("head: position and name"), max_length=200, blank=True)
    head_email = models.EmailField(_("head: e-mail"), blank=True)
    language = models.CharField(_("language of its letters"), max_length=10, default="uk")
    is_active = models.BooleanField(_("active"), default=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="+")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name_uk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [models.UniqueConstraint(fields=["city", "slug"], name="organisation_slug_in_city")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Ukrainian where there is no other."""
        if get_language() == "en" and self.name_en:
            return self.name_en
        return self.name_uk

    @property
    def point(self) -> tuple[float, float] | None:
        """(lng, lat) in WGS 84 degrees, or None."""
        return parse_point(self.location)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        return self.filter(left_at=None, organisation__is_active=True, user__is_active=True)


class Membership(models.Model):
    """A person is a responsible worker (2.4) of an organisation while this row has no end."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="opencity_memberships",
        verbose_name=_("person"),
    )
    position = models.CharField(_("position"), max_length=150, blank=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    away_from = models.DateField(_("absent from"), null=True, blank=True)
    away_until = models.DateField(_("absent until"), null=True, blank=True)
    deputy = models.ForeignKey(
        "self", verbose_name=_("deputy"), null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in_for"
    )
    away_said_by = models.ForeignKey(
        "self",
        verbose_name=_("absence entered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=models.Q(left_at=None), name="one_live_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.organisation}"

    def is_away(self, day: date) -> bool:
        """Whether the member is absent on a day of the city's calendar; an end that is not set is open."""
        return self.away_from is not None and self.away_from <= day and (not self.away_until or day <= self.away_until)


class Invitation(models.Model):
    """An e-mailed offer to join an organisation. The link's secret is kept only as a digest."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    position = models.CharField(_("position"), max_length=150, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    @classmethod
    def issue_to(
        cls, organisation: Organisation, email: str, position: str, invited_by: models.Model | None
    ) -> tuple["Invitation", str]:
        """A new invitation and the secret of its link, which is shown once and never stored."""
        secret = secrets.token_urlsafe(24)
        days = conf.get("OPENCITY_INVITATION_DAYS")
        invitation = cls.objects.create(
            organisation=organisation,
            email=email,
            position=position,
            digest=digest_of(secret),
            invited_by_id=invited_by.pk if invited_by else None,
            expires_at=timezone.now() + timedelta(days=days),
        )
        return invitation, secret

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


def digest_of(secret: str) -> str:
    """SHA-256 in hex: enough for secrets of 128 bits and more, which cannot be guessed from it."""
    return sha256(secret.encode()).hexdigest()
