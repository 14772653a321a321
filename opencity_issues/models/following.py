from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import LetterChoice
from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.event import Event
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation


class Support(models.Model):
    """A resident's "me too" under an issue: one a person."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "user"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.issue_id} · {self.user_id}"


class Follow(models.Model):
    """What a person wants letters about: an issue, a category with its branch, an organisation, or a circle on the map."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opencity_follows")
    issue = models.ForeignKey(IssuePage, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name of the circle"), max_length=120, blank=True)
    lng = models.FloatField(_("longitude, degrees"), null=True, blank=True)
    lat = models.FloatField(_("latitude, degrees"), null=True, blank=True)
    radius = models.PositiveIntegerField(_("radius, metres"), null=True, blank=True)
    how = models.CharField(_("when"), max_length=8, choices=LetterChoice, default=LetterChoice.AT_ONCE)
    """Never "never": who wants no letters does not follow."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        constraints = [
            models.CheckConstraint(
                name="follow_one_thing",
                condition=(
                    Q(issue__isnull=False, category=None, organisation=None, radius=None)
                    | Q(issue=None, category__isnull=False, organisation=None, radius=None)
                    | Q(issue=None, category=None, organisation__isnull=False, radius=None)
                    | Q(
                        issue=None,
                        category=None,
                        organisation=None,
                        radius__isnull=False,
                        lng__isnull=False,
                        lat__isnull=False,
                    )
                ),
            ),
            models.UniqueConstraint(fields=["user", "issue"], condition=Q(issue__isnull=False), name="follow_issue"),
            models.UniqueConstraint(
                fields=["user", "city", "category"], condition=Q(category__isnull=False), name="follow_category"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(organisation__isnull=False), name="follow_organisation"
            ),
        ]
        indexes = [
            models.Index(fields=["city", "category"], condition=Q(category__isnull=False), name="follows_by_category"),
            models.Index(fields=["city", "lat", "lng"], condition=Q(radius__isnull=False), name="follows_by_place"),
        ]

    def __str__(self) -> str:
        return str(self.issue or self.category or self.organisation or self.name or self.pk)


class Untold(models.Model):
    """An event that followers are told about and have not been yet: written with it, gone with their letters.

    So a deed costs the same whether nobody follows its issue or ten thousand do.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    def __str__(self) -> str:
        return str(self.event_id)
