"""The installed application (2.1): what a telephone reads to install it, the worker that keeps it, and its pages offline.

`OPENCITY_OFFLINE = False` is the way out: pages no longer name the worker, and the worker that browsers already have
finds in its place one that removes all it kept, and itself.
"""

import json
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues import conf
from opencity_issues.actions.answer_questions import ANSWER_LENGTH
from opencity_issues.actions.submit_issue import CATEGORIES_AT_MOST, MEDIA_AT_MOST
from opencity_issues.forms.report import SendForm, WhatForm, WhereForm, category_tree
from opencity_issues.media_gate import MAX_PHOTO_BYTES
from opencity_issues.models import CityScheme
from opencity_issues.queries.guidance import all_questions, all_stops
from opencity_issues.views.kept_copies import as_nobody, described, scope, script
from opencity_issues.views.visit import city_of

ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))
SHORT_NAME_LENGTH = 12
_COLOUR = re.compile(r'name="theme-color" content="(#[0-9a-fA-F]{3,8})"')


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the city's application is called and looks on a telephone's screen, and where it opens."""
    _or_nothing()
    name = city_of(request).config.city_name
    shortcuts = [(_("Report a problem"), "report"), (_("Map"), "map"), (_("My issues"), "my_issues")]
    colour = _COLOUR.search(render_to_string("opencity_issues/components/theme_color.html"))
    ground = colour[1] if colour else "#ffffff"
    response = JsonResponse(
        {
            "name": f"{_('Open City')} · {name}" if name else _("Open City"),
            "short_name": name if 0 < len(name) <= SHORT_NAME_LENGTH else _("Open City"),
            "description": _("Report a problem of the city and see how it is solved."),
            "lang": translation.get_language(),
            "id": scope(),
            "scope": scope(),
            "start_url": scope() if scope() == get_script_prefix() else reverse("opencity_issues:map"),
            "display": "standalone",
            "theme_color": ground,
            "background_color": ground,
            "icons": [
                {
                    "src": static(f"opencity_issues/images/{icon}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for icon, size, purpose in ICONS
            ],
            "shortcuts": [{"name": word, "url": reverse(f"opencity_issues:{url}")} for word, url in shortcuts],
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker's script: what this installation's worker must know, then the code that all share."""
    if conf.get("OPENCITY_OFFLINE"):
        pages = {"offline": offline, "report": report}
        knowledge = json.dumps(described(request, pages), sort_keys=True)
        text = f"self.OPENCITY = {knowledge};\nimportScripts({script('queue')}, {script('worker')});\n"
    else:
        text = f"importScripts({script('worker-off')});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown instead of a page that was not kept: what can be read, and the way to report all the same."""
    return _page(request, "opencity_issues/offline/offline.html", {})


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The report on one screen, which needs no network, and the list of what waits for one."""
    city = city_of(request)
    what = WhatForm(questions=all_questions(city))
    context = {
        "where": WhereForm(city=city),
        "what": what,
        "asked": [(one.category.code, field) for one, field in zip(what.questions, what.question_fields, strict=True)],
        "answer_length": ANSWER_LENGTH,
        "agreement": SendForm(asks_terms=False),
        "nodes": category_tree(),
        "stops": all_stops(city),
        "bounds": city.config.bounds,
        "config": city.config if CityScheme.objects.filter(city=city).exists() else None,
        "categories_at_most": CATEGORIES_AT_MOST,
        "photos_at_most": MEDIA_AT_MOST,
        "photo_bytes": MAX_PHOTO_BYTES,
        "login_url": resolve_url(settings.LOGIN_URL),
    }
    return _page(request, "opencity_issues/offline/report.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page as it is, or with `?kept=uk` the copy that devices keep in that language: the same for everybody."""
    _or_nothing()
    kept = request.GET.get("kept", "")
    if kept not in dict(settings.LANGUAGES):
        response = render(request, template, context)
        response["Cache-Control"] = "no-cache" if not request.user.is_authenticated else "no-store, private"
        return response
    with translation.override(kept):
        response = render(as_nobody(request), template, {**context, "kept": True})
    response["Cache-Control"] = "no-cache"
    return response


def _or_nothing() -> None:
    if not conf.get("OPENCITY_OFFLINE"):
        raise Http404
