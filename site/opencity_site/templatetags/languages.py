"""This page's addresses for search engines: one in each language (middleware.ChosenLanguageMiddleware obeys them)."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.translation import get_language

from opencity_issues.templatetags.search_engines import canonical

register = template.Library()


@register.simple_tag(takes_context=True)
def languages_of_this_page(context: Context) -> dict[str, Any]:
    """`canonical`, and `alternates`: language codes with addresses, last `x-default` with the common one.

    The common address shows the site's own language to whoever has chosen none, as engines do: it is that language's. A
    page of an editor is there in the languages that it has been translated into. Empty for what is not a page.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or request.method not in {"GET", "HEAD"}:
        return {}
    page = context.get("page")
    languages = getattr(page, "languages", None) or [code for code, _name in settings.LANGUAGES]
    shown = context.get("page_language") or get_language()
    common = canonical(request)
    alternates = [
        (code, common if code == settings.LANGUAGE_CODE else canonical(request, lang=code)) for code in languages
    ]
    return {
        "canonical": common if shown == settings.LANGUAGE_CODE else canonical(request, lang=str(shown)),
        "alternates": [*alternates, ("x-default", common)] if len(alternates) > 1 else [],
    }
