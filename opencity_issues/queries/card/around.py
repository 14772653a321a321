"""What lies around an issue: others near by, and the pages of the site that tell of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex

from opencity_issues.models import IssuePage
from opencity_issues.queries.near_issues import around_place

MENTIONS_AT_MOST = 10


@dataclass(frozen=True)
class Mention:
    """A published page that links to the issue or shows its card."""

    title: str
    url: str
    published_at: datetime | None


def neighbours(issue: IssuePage, now: datetime) -> list[dict[str, Any]]:
    """Rows for the component `issue_row` of published issues near by, in whatever status, the nearest first."""
    if issue.location is None:
        return []
    return around_place(IssuePage.objects.in_city(issue.city).published().exclude(pk=issue.pk), issue.location, now)


def mentions(issue: IssuePage, request: HttpRequest) -> list[Mention]:
    """Pages that everybody may read and that refer to the issue, the newest first: Wagtail keeps an index of what
    refers to what.
    """
    pages = ContentType.objects.get_for_model(Page)
    named = ReferenceIndex.objects.filter(
        to_content_type=pages, to_object_id=str(issue.pk), base_content_type=pages
    ).values_list("object_id", flat=True)
    ids = {int(key) for key in named}
    if not ids:
        return []
    found = Page.objects.live().public().filter(pk__in=ids).order_by("-first_published_at")[:MENTIONS_AT_MOST]
    return [
        Mention(page.title, url, page.first_published_at)
        for page in found
        if (url := page.get_url(request)) and page.pk != issue.pk
    ]
