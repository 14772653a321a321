"""What lies around an issue: others near by, and the pages of the site that tell of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex

from opencity_issues.models import IssuePage
from opencity_issues.queries.near_issues import around_place

MENTIONS_AT_MOST = 10


@dataclass(frozen=True)
class Mention:
    """A published page that links to the issue or shows its card; `language` where it is not the reader's."""

    title: str
    url: str
    published_at: datetime | None
    language: str = ""


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
    found = Page.objects.live().public().filter(pk__in=ids).select_related("locale")
    shown = _one_of_each(found.order_by("-first_published_at")[: MENTIONS_AT_MOST * 2])
    return [
        Mention(page.title, url, page.first_published_at, _foreign(page))
        for page in shown[:MENTIONS_AT_MOST]
        if (url := page.get_url(request)) and page.pk != issue.pk
    ]


def _one_of_each(pages: Iterable[Page]) -> list[Page]:
    """Of a page and its translations the one that the reader reads, else whichever there is."""
    chosen: dict[Any, Page] = {}
    for page in pages:
        known = chosen.get(page.translation_key)
        if known is None or (_foreign(known) and not _foreign(page)):
            chosen[page.translation_key] = page
    return list(chosen.values())


def _foreign(page: Page) -> str:
    language = str(page.locale.language_code)
    return "" if language == get_language() else language
