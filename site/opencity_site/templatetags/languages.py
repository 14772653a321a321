"""This page in the other languages, for search engines (middleware.ChosenLanguageMiddleware obeys the addresses)."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def languages_of_this_page(context: Context) -> list[tuple[str, str]]:
    """Language codes with absolute addresses, last `x-default` with the common one. Empty for what is not a page."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.method != "GET":
        return []
    query = request.GET.copy()
    query.pop("lang", None)
    common = request.build_absolute_uri(request.path)
    rows = []
    for code, _name in settings.LANGUAGES:
        query["lang"] = code
        rows.append((code, f"{common}?{query.urlencode()}"))
    query.pop("lang")
    return [*rows, ("x-default", f"{common}?{query.urlencode()}" if query else common)]
