"""What search engines read of a page: its one address, and data in the words of schema.org.

{% load search_engines %}
<link rel="canonical" href="{% canonical_url %}">
{% structured_data data %}
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from opencity_issues.queries.structured_data import issue_data, organisation_data

register = template.Library()

KEPT = ("page",)
"""Parameters that make another page of an address; filters, views and sorting show the same things otherwise."""

SCHEMA = "https://schema.org"
ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""So that nothing that people wrote can end the script that it stands in."""


def canonical(request: HttpRequest, **more: str) -> str:
    """The absolute address of the page that is asked for, without what only narrows or sorts it; `more` parameters added."""
    kept = request.GET.copy()
    for name in list(kept):
        if name not in KEPT or not kept[name].isdecimal() or kept[name] == "1":
            del kept[name]
    for name, value in more.items():
        kept[name] = value
    address = request.build_absolute_uri(request.path)
    return f"{address}?{kept.urlencode()}" if kept else address


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """Empty where there is no request, as on the page for a fault of the site."""
    request = context.get("request")
    return canonical(request) if request is not None else ""


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str) -> str:
    """An address of this site as others see it, who show a shared link; empty for none."""
    request = context.get("request")
    return request.build_absolute_uri(address) if request is not None and address else ""


@register.simple_tag
def structured_data(data: Mapping[str, Any]) -> SafeString:
    """A block of data (JSON-LD). It is not run, so that the Content-Security-Policy of scripts does not concern it."""
    text = json.dumps({"@context": SCHEMA, **data}, ensure_ascii=False).translate(ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Context, trail: Sequence[Mapping[str, Any]], current: str = "") -> SafeString:
    """The way to this page, as `components/breadcrumbs.html` shows it."""
    request = context.get("request")
    if request is None:
        return mark_safe("")
    steps = [{"name": str(one["text"]), "item": request.build_absolute_uri(one["url"])} for one in trail]
    if current:
        steps.append({"name": str(current)})
    items = [{"@type": "ListItem", "position": place, **step} for place, step in enumerate(steps, start=1)]
    return structured_data({"@type": "BreadcrumbList", "itemListElement": items})


@register.simple_tag(takes_context=True)
def issue_structured_data(context: Context) -> SafeString:
    """Of the card in the context, where the public sees it (`shared`)."""
    issue, shared = context.get("issue"), context.get("shared")
    if issue is None or not shared:
        return mark_safe("")
    return structured_data(issue_data(issue, url=shared["url"], text=shared["text"], image=shared["image"]))


@register.simple_tag(takes_context=True)
def organisation_structured_data(context: Context) -> SafeString:
    """Of the organisation in the context."""
    request = context["request"]
    return structured_data(organisation_data(context["organisation"], url=canonical(request)))
