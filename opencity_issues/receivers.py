"""What follows when the admin changes something that is counted elsewhere."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from opencity_issues.models import Category, IssueIndexPage
from opencity_issues.models.map_cell import recount


@receiver(pre_save, sender=Category)
def remember_parent(sender: type[Category], instance: Category, **kwargs: Any) -> None:
    """Where the category hung before it is saved."""
    before = (
        Category.objects.filter(pk=instance.pk).values_list("parent_id", flat=True).first() if instance.pk else None
    )
    instance.parent_before = before  # type: ignore[attr-defined]


@receiver(post_save, sender=Category)
def count_branches_anew(sender: type[Category], instance: Category, created: bool, **kwargs: Any) -> None:
    """The map counts a category's whole branch: one that moves to another parent changes the counts of both."""
    if not created and instance.parent_before != instance.parent_id:  # type: ignore[attr-defined]
        for city in IssueIndexPage.objects.all():
            transaction.on_commit(lambda city=city: recount(city))
