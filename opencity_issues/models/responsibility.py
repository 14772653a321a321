from django.db import models
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.category import Category
from opencity_issues.models.organisation import Organisation


class Responsibility(models.Model):
    """One cell of the responsibility matrix (2.12, 3.6): the organisation answers for the category."""

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="responsibilities", verbose_name=_("category")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="responsibilities", verbose_name=_("organisation")
    )

    class Meta:
        ordering = ["category__order", "organisation__name_uk"]
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibility matrix")
        constraints = [models.UniqueConstraint(fields=["category", "organisation"], name="responsibility_once")]

    def __str__(self) -> str:
        return f"{self.category} → {self.organisation}"
