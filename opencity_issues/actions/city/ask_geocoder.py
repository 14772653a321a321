"""An address that the city's gazetteer does not know, asked of the operator's geocoder: off unless a setting names one.

What people type goes to another's server then, so the operator says so in the terms. Each question is asked once and
kept, at most one a second for the whole site (Nominatim's rule), within 5 seconds, without following anywhere.
"""

import json
import logging
import urllib.error
import urllib.request
from hashlib import sha256
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from django.core.cache import cache

from opencity_issues import conf
from opencity_issues.models import IssueIndexPage, PlaceKind
from opencity_issues.queries.gazetteer import FoundPlace

SECONDS = 5
BYTES_AT_MOST = 256 * 1024
KEPT_SECONDS = 30 * 24 * 3600
BETWEEN_SECONDS = 1
SHORTEST = 4
SHOWN = 5

logger = logging.getLogger(__name__)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A geocoder that sends elsewhere is not followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


def geocoded(city: IssueIndexPage, text: str) -> list[FoundPlace]:
    """Places in the city that the operator's geocoder knows by these words; none where there is no geocoder, or no time."""
    pattern, words = str(conf.get("OPENCITY_GEOCODER_URL")), " ".join(text.split()).casefold()
    if len(words) < SHORTEST or not conf.geocoder_is_safe(pattern):
        return []
    address = _address(pattern, city, words)
    key = f"opencity-geocoder-{sha256(address.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        if not cache.add("opencity-geocoder-busy", 1, BETWEEN_SECONDS):
            return []
        try:
            found = _ask(address)
        except (OSError, HTTPException, ValueError) as error:
            # Without the words: what people look for is no matter of the log.
            logger.warning("The geocoder gave no answer: %s", type(error).__name__)
            found = []
            cache.set(key, found, 60)
        else:
            cache.set(key, found, KEPT_SECONDS)
    return [
        FoundPlace(PlaceKind.LANDMARK, name, name[:200], lng, lat)
        for name, lng, lat in found
        if city.config.contains(lng, lat)
    ][:SHOWN]


def _address(pattern: str, city: IssueIndexPage, words: str) -> str:
    """The question's address: only path and query are filled in."""
    sides = ",".join(f"{side:g}" for side in city.config.bounds)
    return pattern.replace("{query}", quote(words, safe="")).replace("{bbox}", sides)


def _ask(address: str) -> list[tuple[str, float, float]]:
    """(name, lng, lat) of what a Nominatim-like geocoder answers: a list with display_name, lon and lat."""
    request = urllib.request.Request(address, headers={"User-Agent": "wagtail-opencity", "Accept": "application/json"})  # noqa: S310 -- https, see geocoder_is_safe
    with _opener.open(request, timeout=SECONDS) as answer:
        content = answer.read(BYTES_AT_MOST + 1)
    if len(content) > BYTES_AT_MOST:
        raise ValueError("too large")
    found = []
    for one in json.loads(content):
        try:
            found.append((str(one["display_name"])[:200], float(one["lon"]), float(one["lat"])))
        except (KeyError, TypeError, ValueError):
            continue
    return found
