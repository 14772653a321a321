"""Where the content pages are, and the figures of the home page in words."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils.translation import ngettext
from wagtail.models import Page, Site

from opencity_cms import queries
from opencity_cms.models import NewsIndexPage, TextPage
from opencity_issues.models import IssueIndexPage, Media

register = template.Library()


def _site_root(context: Context) -> Page | None:
    """The site's home in the visitor's language."""
    request: HttpRequest | None = context.get("request")
    site = Site.find_for_request(request) if request else None
    if request is None or site is None:
        return None
    if not hasattr(request, "_opencity_site_root"):
        # Menu and foot ask on every page, and each time it takes two queries for the language.
        request._opencity_site_root = site.root_page.localized  # type: ignore[attr-defined]
    return request._opencity_site_root  # type: ignore[attr-defined]


@register.simple_tag(takes_context=True)
def news_url(context: Context) -> str:
    """Address of the news of this site, or nothing."""
    request = context.get("request")
    root = _site_root(context)
    if request is None or root is None:
        return ""
    if not hasattr(request, "_opencity_news_url"):
        # By its own key: in the order of the tree SQLite would walk through every page of the site, issues included.
        page = NewsIndexPage.objects.live().descendant_of(root).order_by("pk").first()
        # The menu stands on a page twice, for wide screens and for telephones.
        request._opencity_news_url = (page.get_url(request) or "") if page else ""
    return str(request._opencity_news_url)


@register.simple_tag(takes_context=True)
def reading_pages(context: Context) -> list[dict[str, str]]:
    """The site's own text pages for the foot of every page; the terms of use stand there already."""
    root = _site_root(context)
    if root is None:
        return []
    request = context.get("request")
    # Sorted here, see news_url.
    pages = sorted(
        TextPage.objects.live().child_of(root).exclude(slug="terms").order_by("pk"), key=lambda page: page.path
    )
    return [{"url": page.get_url(request) or "", "title": page.title} for page in pages]


@register.simple_tag
def next_answers(city: IssueIndexPage) -> list[dict[str, Any]]:
    """The answers that the city's organisations owe next, for a board of them."""
    return queries.next_answers(city)


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
