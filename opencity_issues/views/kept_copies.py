"""What a device may keep of the site, as the worker is told it: public pages alone, by a list of what is allowed.

What the worker keeps, besides: its version changes whenever anything that it keeps from the beginning does, so that a new
version takes all of it anew and the old one goes with all it had.
"""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse

from opencity_issues import conf

KNOWN_SECONDS = 60
"""How long a description is taken for the present one before the pages are made again to see: browsers ask often."""

PAGES = ("map", "issue_list", "statistics", "together", "needs", "projects")
NUMBERED = ("card", "initiative", "project")
DATA = ("map_scheme", "map_data", "map_rows")
EXTRA_FILES = ("fonts/onest-cyrillic.woff2", "fonts/onest-latin.woff2", "images/icon-192.png")
ADDRESS = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR")
ANY = "any-any-any"
NUMBER = 987654321
_CHANGES_EACH_TIME = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


def described(request: HttpRequest, pages: Mapping[str, Callable[[HttpRequest], HttpResponse]]) -> dict[str, Any]:
    """All that the worker needs to know. pages: the views of what it keeps from the beginning, by their names there."""
    name = f"opencity_issues.worker.{request.get_host()}.{scope()}"
    known: dict[str, Any] | None = cache.get(name)
    if known is not None:
        return known
    shells: dict[str, dict[str, str]] = {}
    bodies = []
    for language in dict(settings.LANGUAGES):
        shells[language] = {}
        for page, view in pages.items():
            address = f"{reverse(_ADDRESSES[page])}?kept={language}"
            shells[language][page] = address
            bodies.append(view(as_nobody(request, address)).content.decode())
    known = {
        "name": f"opencity:{scope()}:",
        "shells": shells,
        "language": settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in shells else next(iter(shells)),
        "files": _files(bodies),
        "scheme": f"{_path('map_scheme')}?part=base",
        "pages": _patterns(_public_pages()),
        "data": _patterns([*map(_path, DATA), _path("media", ANY, ANY)]),
        "report": _path("report"),
        "statics": settings.STATIC_URL,
        "queue": queue_addresses(),
    }
    content = [json.dumps(known, sort_keys=True), *(_CHANGES_EACH_TIME.sub("", body) for body in bodies)]
    known["version"] = sha256("\n".join(content).encode()).hexdigest()[:12]
    cache.set(name, known, KNOWN_SECONDS)
    return known


def queue_addresses() -> dict[str, str]:
    """Where reports that wait on a device are sent, and the name of the database that they wait in."""
    return {
        "name": f"opencity-queue:{scope()}",
        "words": _path("report_queued"),
        "photos": _path("report_queued_photo"),
        "open": _path("report_queued_open"),
    }


def scope() -> str:
    """The path below which everything belongs to the application."""
    return _path("worker").rpartition("/")[0] + "/"


def script(name: str) -> str:
    """The address of one of our scripts, as a literal of JavaScript."""
    return json.dumps(static(f"opencity_issues/js/{name}.js"))


def as_nobody(request: HttpRequest, address: str = "") -> HttpRequest:
    """A request of the same site, for the same page or for `address`, by somebody about whom nothing is known."""
    path, _mark, query = address.partition("?")
    nobody = HttpRequest()
    nobody.method, nobody.user = "GET", AnonymousUser()
    nobody.META = {name: request.META[name] for name in ADDRESS if name in request.META}
    nobody.path = nobody.path_info = path or request.path
    nobody.GET = QueryDict(query)
    return nobody


_ADDRESSES = {"offline": "opencity_issues:offline", "report": "opencity_issues:report_offline"}


def _path(name: str, *args: Any) -> str:
    return reverse(f"opencity_issues:{name}", args=args)


def _public_pages() -> list[str]:
    numbered = [_path(name, NUMBER).replace(str(NUMBER), ANY) for name in NUMBERED]
    own = [*map(_path, PAGES), *numbered, _path("organisation", ANY)]
    return [*own, *(get_script_prefix() + path.lstrip("/") for path in conf.get("OPENCITY_OFFLINE_PAGES"))]


def _patterns(paths: list[str]) -> list[str]:
    """Paths as regular expressions; `*` stands for anything, ANY for one part of a path."""
    return [f"^{re.escape(path)}$".replace(re.escape(ANY), "[^/]+").replace(r"\*", ".*") for path in paths]


def _files(bodies: list[str]) -> list[str]:
    """The static files that these pages ask for, and the fonts and the icon that no tag names."""
    asked = re.findall(rf'"({re.escape(settings.STATIC_URL)}[^"?#]+)', "\n".join(bodies))
    extra = [static(f"opencity_issues/{name}") for name in EXTRA_FILES]
    return [address for address in dict.fromkeys([*asked, *extra]) if address.startswith("/")]
