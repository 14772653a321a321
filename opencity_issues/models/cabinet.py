from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.organisation import Organisation


class Look(models.Model):
    """A responsible worker has looked at the cabinet on a day of the city's calendar (4.1)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    first_at = models.DateTimeField(_("first looked"), default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "day", "user"], name="look_once_a_day")]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.day}"


class SavedFilter(models.Model):
    """A view of a desk that a person keeps: the part of its address after the question mark."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "user", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class AnswerTemplate(models.Model):
    """A text that an organisation often answers with (4.4)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="answer_templates")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["title"]
        verbose_name = _("template of an answer")
        verbose_name_plural = _("templates of answers")
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="answer_template_once")]

    def __str__(self) -> str:
        return self.title
