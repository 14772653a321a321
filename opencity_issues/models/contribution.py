from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import CheckOutcome, ContributionKind, Way
from opencity_issues.models.issue import IssuePage
from opencity_issues.models.organisation import Organisation

PUBLIC_KINDS = frozenset(
    {
        ContributionKind.COMMENT,
        ContributionKind.QUESTION,
        ContributionKind.REPLY,
        ContributionKind.ANSWER,
        ContributionKind.DONE,
        ContributionKind.REASON,
        ContributionKind.CHECK,
        ContributionKind.INITIATIVE,
        ContributionKind.PROJECT,
    }
)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def public(self) -> "ContributionQuerySet":
        return self.filter(kind__in=PUBLIC_KINDS, hidden_at=None)


class Contribution(models.Model):
    """What somebody wrote on an issue's card: residents' comments, questions and answers (3.3, 4.4), messages of control.

    `organisation` is whose words they are; of a warning and a repeated message it is the addressee.
    """

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="contributions")
    kind = models.CharField(_("kind"), max_length=10, choices=ContributionKind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    planned_date = models.DateField(_("planned date"), null=True, blank=True)
    explains = models.BooleanField(_("gives justified reasons (4.4)"), default=False)
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.SYSTEM)
    executor = models.CharField(
        _("executor: position and name"),
        max_length=200,
        blank=True,
        help_text=_("Whose words came by the private link."),
    )
    outcome = models.CharField(_("outcome of the check"), max_length=10, choices=CheckOutcome, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled by the moderator"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [
            models.Index(fields=["issue", "kind"], name="contribution_of_issue"),
            models.Index(
                fields=["created_at"], condition=models.Q(kind="flag", handled_at=None), name="flags_to_handle"
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(kind="complaint", handled_at=None),
                name="complaints_to_handle",
            ),
            models.Index(fields=["kind", "handled_at", "issue"], name="contribution_to_handle"),
            models.Index(fields=["organisation", "kind"], name="contribution_of_office"),
            models.Index(
                fields=["hidden_at", "issue"],
                condition=models.Q(hidden_at__isnull=False),
                name="contribution_hidden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
