"""What search engines and shared links read of the content's pages, and what a lost visitor may have meant."""

import re
from typing import Any

from django import template
from django.http import Http404
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from opencity_cms.structured_data import meeting_event, news_article, website
from opencity_issues.models import IssuePage
from opencity_issues.templatetags.search_engines import canonical, structured_data
from opencity_issues.views.visit import city_of

register = template.Library()

NUMBER = re.compile(r"(?<!\d)\d{1,9}(?!\d)")


@register.simple_tag(takes_context=True)
def page_data(context: Context, kind: str, image: str = "") -> SafeString:
    """The page in the context as `website`, `article` or `event`; nothing where there is no city yet, or in a preview."""
    request, page = context.get("request"), context["page"]
    try:
        config = city_of(request).config if request is not None and not getattr(request, "is_preview", False) else None
    except Http404:
        config = None
    if request is None or config is None:
        return mark_safe("")
    url = canonical(request)
    match kind:
        case "website":
            return structured_data(website(page, request, config))
        case "event":
            return structured_data(meeting_event(page, request, config, url=url))
        case _:
            return structured_data(news_article(page, request, config, url=url, image=image))


@register.simple_tag
def trail_to(page: Page) -> list[dict[str, Any]]:
    """The way to a page from below the home page, for `components/breadcrumbs.html`."""
    above = page.get_ancestors().filter(depth__gt=2).live()
    return [{"text": one.title, "url": one.url} for one in above]


@register.simple_tag(takes_context=True)
def meant_issue(context: Context) -> IssuePage | None:
    """The issue whose number stands in an address that leads nowhere, where the public sees it."""
    request = context.get("request")
    found = NUMBER.search(request.path) if request is not None else None
    if not found:
        return None
    try:
        return IssuePage.objects.in_city(city_of(request)).published().filter(number=int(found[0])).first()
    except Http404:
        return None
