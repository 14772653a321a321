"""One box for issues, news and pages: Ukrainian forms, and quick answers by number and address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from opencity_cms.models import NewsPage
from opencity_issues.enums import Status
from opencity_issues.language.search_text import query_text
from opencity_issues.models import IssueIndexPage, IssuePage
from opencity_issues.queries.gazetteer import FoundPlace, find_places
from opencity_issues.queries.issue_rows import issue_rows, with_row_parts
from opencity_issues.views.places import links_of
from opencity_issues.views.visit import city_of

LETTERS_AT_MOST = 100
FIRST = 5
"""Of each kind on the page of everything."""

OF_ONE_KIND = 30
PLACES = 3
KINDS = ("issues", "news", "pages")


@dataclass(frozen=True)
class Found:
    """What a search found. `issue` has the number that was typed; `rows` are of the component `issue_row`."""

    issue: IssuePage | None
    places: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    news: list[Page]
    pages: list[Page]

    @property
    def is_empty(self) -> bool:
        return not (self.issue or self.places or self.rows or self.news or self.pages)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` words; `kind` issues, news or pages; `status` of issues."""
    city = city_of(request)
    text = request.GET.get("q", "").replace("\x00", "")[:LETTERS_AT_MOST].strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    status = request.GET.get("status", "")
    status = status if status in Status.values else ""
    found = find(request, city, text, kind=kind, status=status, now=timezone.now()) if text else None
    context = {"text": text, "kind": kind, "status": status, "statuses": Status.choices, "found": found}
    response = render(request, "opencity_cms/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def find(request: HttpRequest, city: IssueIndexPage, text: str, *, kind: str, status: str, now: datetime) -> Found:
    """Everything of the visited site that answers the words, the newest first; nothing that the public cannot see."""
    words = query_text(text)
    count = OF_ONE_KIND if kind else FIRST
    return Found(
        issue=_by_number(city, text) if not kind else None,
        places=_places(city, text) if not kind else [],
        rows=_issues(city, words, status, count, now) if words and kind in {"", "issues"} else [],
        news=_news(request, words, count) if words and kind in {"", "news"} else [],
        pages=_pages(request, words, count) if words and kind in {"", "pages"} else [],
    )


def _by_number(city: IssueIndexPage, text: str) -> IssuePage | None:
    number = text.lstrip("№#").strip()
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return IssuePage.objects.in_city(city).published().filter(number=int(number)).first()


def _places(city: IssueIndexPage, text: str) -> list[dict[str, Any]]:
    found: list[FoundPlace] = find_places(city, text, at_most=PLACES)
    return [{"name": one.name, "address": one.address, "kind_name": one.kind.label, **links_of(one)} for one in found]


def _issues(city: IssueIndexPage, words: str, status: str, count: int, now: datetime) -> list[dict[str, Any]]:
    """The newest issues with all the words: by relevance a frequent word would have a whole city weighed."""
    issues = IssuePage.objects.in_city(city).published().order_by("-number")
    if status:
        issues = issues.filter(status=status)
    keys = [issue.pk for issue in issues.search(words, order_by_relevance=False)[:count]]
    return issue_rows(with_row_parts(IssuePage.objects.filter(pk__in=keys).order_by("-number")), now)


def _news(request: HttpRequest, words: str, count: int) -> list[Page]:
    root = _root(request)
    news = NewsPage.objects.live().public().descendant_of(root).order_by("-date")
    return list(news.search(words, order_by_relevance=False)[:count])


def _pages(request: HttpRequest, words: str, count: int) -> list[Page]:
    pages = Page.objects.live().public().descendant_of(_root(request), inclusive=True)
    return list(pages.not_type(IssuePage).not_type(NewsPage).search(words)[:count])


def _root(request: HttpRequest) -> Page:
    """The site's pages in the visitor's language."""
    site = Site.find_for_request(request)
    return site.root_page.localized
