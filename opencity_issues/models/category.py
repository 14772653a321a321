from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> "CategoryQuerySet":
        return self.filter(is_active=True)

    def lineages(self) -> list[list[int]]:
        """The keys of each category and of those above it, nearest first: the tree has at most three levels (2.10)."""
        rows = self.order_by("order").values_list("pk", "parent_id", "parent__parent_id")
        return [[pk for pk in row if pk is not None] for row in rows]


class Category(models.Model):
    """One row of the taxonomy of clause 3.5: a tree of up to three levels, the code saying the place ("2.1.3")."""

    MAX_DEPTH = 3

    code = models.CharField(_("code"), max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    words = models.TextField(
        _("everyday words"),
        blank=True,
        help_text=_(
            "What people call it, by which it is suggested to them: words or phrases with commas between. "
            "“bench/seat broken” means either word, “broken bench!” tells most surely."
        ),
    )
    order = models.PositiveIntegerField(_("order"), default=0, db_index=True)
    is_active = models.BooleanField(_("offered to citizens"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language; Ukrainian where there is no other."""
        if get_language() == "en" and self.name_en:
            return self.name_en
        return self.name_uk

    @property
    def depth(self) -> int:
        return self.code.count(".") + 1

    def clean(self) -> None:
        if self.parent and self.parent.depth >= self.MAX_DEPTH:
            raise ValidationError({"parent": _("The tree of categories has at most three levels (2.10).")})
        if self.parent and self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("A category cannot be its own parent.")})
        if self.parent and not self.code.startswith(f"{self.parent.code}."):
            raise ValidationError({"code": _("The code begins with the parent's code and a dot, as in 2.1.3.")})

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.order:
            self.order = code_order(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def code_order(code: str) -> int:
    """A number that sorts codes as people do: "2.2" before "2.10"; three levels of up to 999."""
    parts = [int(part) if part.isdigit() else 999 for part in code.split(".")][:3]
    parts += [0] * (3 - len(parts))
    return parts[0] * 1_000_000 + parts[1] * 1_000 + parts[2]
