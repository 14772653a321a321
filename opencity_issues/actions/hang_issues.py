"""Pages of many issues at once under their city: for issues that come with their past, and for the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F
from wagtail.models import Page

from opencity_issues.enums import Publication
from opencity_issues.models import IssueIndexPage, IssueNumber, IssuePage


def hang_many(city: IssueIndexPage, issues: Sequence[IssuePage]) -> list[IssuePage]:
    """Give these new issues numbers and pages, in one run of paths, which the lock on their city keeps for us.

    Everything else that their rows say is the caller's; call it inside a transaction. A few statements for all of them.
    """
    parent = IssueIndexPage.objects.select_for_update(of=("self", "page_ptr")).get(pk=city.pk)
    last = Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("-path").first()
    step = Page._str2int(last.path[-Page.steplen :]) if last else 0
    numbers = IssueNumber.objects.bulk_create(IssueNumber() for _ in issues)
    content_type = ContentType.objects.get_for_model(IssuePage).pk
    for place, (issue, number) in enumerate(zip(issues, numbers, strict=True), 1):
        slug = str(number.pk)
        issue.number, issue.slug, issue.draft_title = number.pk, slug, issue.title
        issue.depth, issue.path = parent.depth + 1, Page._get_path(parent.path, parent.depth + 1, step + place)
        issue.url_path, issue.locale_id = f"{parent.url_path}{slug}/", parent.locale_id
        issue.content_type_id, issue.city_id = content_type, parent.pk
        issue.live = issue.publication == Publication.PUBLISHED
    fields = [field for field in Page._meta.concrete_fields if not field.primary_key]
    rows = Page.objects.bulk_create(
        Page(**{field.attname: getattr(issue, field.attname) for field in fields}) for issue in issues
    )
    for issue, row in zip(issues, rows, strict=True):
        issue.pk = issue.id = issue.page_ptr_id = row.pk
        issue._state.adding = False
    _insert_own_columns(issues)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(issues))
    return list(issues)


def _insert_own_columns(issues: Sequence[IssuePage]) -> None:
    """The rows of IssuePage's own table: `bulk_create` refuses a model whose table inherits from another's."""
    fields: Sequence[models.Field[Any, Any]] = IssuePage._meta.local_concrete_fields
    most = connection.ops.bulk_batch_size(fields, issues)
    for start in range(0, len(issues), most):
        IssuePage._base_manager._insert(issues[start : start + most], fields=fields, using=connection.alias)
