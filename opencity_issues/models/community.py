from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import UndertakingState
from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.contribution import Contribution
from opencity_issues.models.district import District
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation

MEETING = timedelta(hours=2)
"""How long a meeting takes in a calendar."""


class Initiative(models.Model):
    """Residents solve an issue by self-organisation (1.1, T3, T7): at most one is planned for an issue at a time."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="initiatives")
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("organiser"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="opencity_initiatives",
    )
    text = models.TextField(_("what we shall do"))
    starts_at = models.DateTimeField(_("when we meet"))
    place = models.CharField(_("where we meet"), max_length=250)
    needed = models.TextField(_("what is needed"), blank=True)
    contact = models.CharField(
        _("how to reach the organiser"), max_length=200, blank=True, help_text=_("Shown to those who join only.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=UndertakingState, default=UndertakingState.PLANNED, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    show_organiser = models.BooleanField(_("organiser's name is public"), default=False)
    result = models.OneToOneField(
        Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    cancel_reason = models.CharField(_("why it is called off"), max_length=500, blank=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True, editable=False)
    hidden_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("self-organisation")
        verbose_name_plural = _("self-organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(state=UndertakingState.PLANNED, hidden_at=None), name="one_initiative"
            )
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(state=UndertakingState.PLANNED), name="initiatives_to_come")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} · {self.starts_at:%d.%m.%Y}"

    @property
    def ends_at(self) -> datetime:
        """When the meeting ends in a calendar: nobody is asked how long it will last."""
        return self.starts_at + MEETING

    @property
    def is_planned(self) -> bool:
        return self.state == UndertakingState.PLANNED

    @property
    def is_shown(self) -> bool:
        """Whether the public sees it: not hidden by the moderator, on an issue that is published."""
        return self.hidden_at is None and self.issue.is_published

    @property
    def public_organiser_name(self) -> str:
        """The organiser's name where he or she chose to show it, otherwise empty."""
        if not self.show_organiser or self.organiser is None:
            return ""
        return str(self.organiser.get_full_name())

    def get_absolute_url(self) -> str:
        return reverse("opencity_issues:initiative", args=[self.pk])


class InitiativeTask(models.Model):
    """One thing to do or to bring, which one of those who join takes on."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(_("task"), max_length=200)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class Participant(models.Model):
    """Who joined an initiative."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["initiative", "user"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.initiative_id} · {self.user_id}"


class Project(models.Model):
    """A charity or social project that a registered organisation plans from the community's needs (1.1)."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="projects")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="projects"
    )
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("what we shall do"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    category = models.ForeignKey(
        Category, verbose_name=_("category"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    district = models.ForeignKey(
        District, verbose_name=_("district"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    issues = models.ManyToManyField(IssuePage, through="ProjectIssue", related_name="projects")
    state = models.CharField(
        _("state"), max_length=10, choices=UndertakingState, default=UndertakingState.PLANNED, editable=False
    )
    result = models.TextField(_("result"), blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it is called off"), max_length=500, blank=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True, editable=False)
    hidden_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("community project")
        verbose_name_plural = _("community projects")
        indexes = [models.Index(fields=["city", "-created_at"], name="projects_of_city")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_planned(self) -> bool:
        return self.state == UndertakingState.PLANNED

    @property
    def is_shown(self) -> bool:
        """Whether the public sees it: not hidden by the moderator."""
        return self.hidden_at is None

    def get_absolute_url(self) -> str:
        return reverse("opencity_issues:project", args=[self.pk])


class ProjectIssue(models.Model):
    """An issue that a project takes up."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="project_issues")
    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="project_issues")
    result = models.OneToOneField(Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "issue"], name="project_issue_once")]

    def __str__(self) -> str:
        return f"{self.project_id} · {self.issue_id}"
