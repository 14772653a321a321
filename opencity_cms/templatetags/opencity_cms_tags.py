"""Where the content pages are, and the figures of the home page in words."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from wagtail.models import Page, Site

from opencity_cms import queries
from opencity_cms.models import MediaCoveragePage, NewsIndexPage, TextPage, WorkingGroupPage
from opencity_cms.write_news import may_write, news_index_for
from opencity_issues.models import IssueIndexPage, IssuePage, Media

register = template.Library()

READ = (TextPage, WorkingGroupPage, MediaCoveragePage)
"""Kinds of pages that the foot of every page leads to."""


def _site_root(request: HttpRequest | None) -> Page | None:
    """The site's home in the visitor's language, found once a page."""
    if request is None:
        return None
    if not hasattr(request, "_opencity_site_root"):
        site = Site.find_for_request(request)
        request._opencity_site_root = _in_own_language(site) if site else None  # type: ignore[attr-defined]
    return request._opencity_site_root  # type: ignore[attr-defined,no-any-return]


def _in_own_language(site: Site) -> Page:
    """The site's first tree, or its translation. Most visitors read the first, which Wagtail's cache of roots tells."""
    for path in Site.get_site_root_paths():
        if path.site_id == site.pk and path.root_path == site.root_page.url_path:
            if path.language_code == get_language():
                return site.root_page
            break
    return site.root_page.localized


def _own_pages(request: HttpRequest | None) -> list[Page]:
    """The news and the pages to read of this site in the order of the tree, found by one query a page of the site."""
    root = _site_root(request)
    if request is None or root is None:
        return []
    if not hasattr(request, "_opencity_own_pages"):
        # By their kinds, and sorted here: in any order SQLite would walk through every page, issues included.
        pages = Page.objects.live().descendant_of(root).type(NewsIndexPage, *READ).order_by()
        request._opencity_own_pages = sorted(pages, key=lambda page: page.path)  # type: ignore[attr-defined]
    return request._opencity_own_pages  # type: ignore[attr-defined,no-any-return]


@register.simple_tag(takes_context=True)
def news_url(context: Context) -> str:
    """Address of the news of this site, or nothing."""
    request = context.get("request")
    pages = [page for page in _own_pages(request) if page.cached_content_type.model_class() is NewsIndexPage]
    return str(pages[0].get_url(request) or "") if pages else ""


@register.simple_tag(takes_context=True)
def reading_pages(context: Context) -> list[dict[str, str]]:
    """The site's own pages to read for the foot of every page; the terms of use stand there already."""
    request = context.get("request")
    root = _site_root(request)
    return [
        {"url": page.get_url(request) or "", "title": page.title}
        for page in _own_pages(request)
        if root is not None
        and page.depth == root.depth + 1
        and page.slug != "terms"
        and page.cached_content_type.model_class() is not NewsIndexPage
    ]


@register.simple_tag
def next_answers(city: IssueIndexPage) -> list[dict[str, Any]]:
    """The answers that the city's organisations owe next, for a board of them."""
    return queries.next_answers(city)


@register.simple_tag(takes_context=True)
def news_about_url(context: Context, issue: IssuePage) -> str:
    """Where an editor begins news about the issue; empty for everybody else."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    index = news_index_for(issue)
    return reverse("opencity_cms_write_news", args=[issue.number]) if index and may_write(user, index) else ""


@register.filter
def has_map(body: Any) -> bool:
    """Whether a text has a map in it: only then does its page load the map's scripts."""
    return any(block.block_type == "map" for block in body)


@register.simple_tag
def media_url(media: Media, size: str) -> str:
    return media.url(size)


@register.inclusion_tag("opencity_issues/components/figure.html")
def figure(value: int, kind: str) -> dict[str, Any]:
    """A figure in big type with the sentence that says what it means."""
    sentences = {
        "solved": ngettext("issue solved within a week", "issues solved within a week", value),
        "reported": ngettext("new issue within a week", "new issues within a week", value),
        "accepted": ngettext("issue is being worked on", "issues are being worked on", value),
        "open": ngettext("issue waits to be accepted", "issues wait to be accepted", value),
    }
    return {"value": value, "text": sentences[kind]}
