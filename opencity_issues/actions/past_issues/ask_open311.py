"""The requests of another Open311 server (GeoReport v2), window by window, so that no answer is cut off unseen."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _

WINDOW = timedelta(days=30)
"""GeoReport v2 answers for at most 90 days and 1,000 requests; a window that comes back full is halved."""

FULL = 1000
SHORTEST = timedelta(minutes=1)
SECONDS = 30
BYTES_AT_MOST = 20 * 1024 * 1024


class NoAnswer(Exception):
    """The server gave no answer that can be read, in words."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """A server that sends elsewhere is not followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


def ask_open311(address: str, since: datetime, until: datetime, *, jurisdiction: str = "") -> list[dict[str, Any]]:
    """Every request registered between two moments, each once. Raises NoAnswer."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise NoAnswer(_("this is no address of a server: https://…"))
    found: dict[str, dict[str, Any]] = {}
    start = since
    while start < until:
        end = min(start + WINDOW, until)
        for request in _window(address, start, end, jurisdiction):
            found[str(request.get("service_request_id", ""))] = request
        start = end
    return list(found.values())


def _window(address: str, start: datetime, end: datetime, jurisdiction: str) -> Iterator[dict[str, Any]]:
    answer = _ask(address, start, end, jurisdiction)
    if len(answer) >= FULL and end - start > SHORTEST:
        middle = start + (end - start) / 2
        yield from _window(address, start, middle, jurisdiction)
        yield from _window(address, middle, end, jurisdiction)
    else:
        yield from answer


def _ask(address: str, start: datetime, end: datetime, jurisdiction: str) -> list[dict[str, Any]]:
    query = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    query |= {"jurisdiction_id": jurisdiction} if jurisdiction else {}
    request = urllib.request.Request(  # noqa: S310 -- http or https, see ask_open311
        f"{address.rstrip('/')}/requests.json?{urlencode(query)}",
        headers={"User-Agent": "wagtail-opencity", "Accept": "application/json"},
    )
    try:
        with _opener.open(request, timeout=SECONDS) as response:
            content = response.read(BYTES_AT_MOST + 1)
        answer = json.loads(content)
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise NoAnswer(_("the server gave no answer: %(error)s") % {"error": error}) from error
    if len(content) > BYTES_AT_MOST or not isinstance(answer, list):
        raise NoAnswer(_("the server's answer is no list of requests"))
    return [one for one in answer if isinstance(one, dict)]
