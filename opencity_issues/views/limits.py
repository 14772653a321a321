"""How much may come within an hour from one person or from one address (trust, 18 and 19), counted in the shared cache."""

import hashlib
import ipaddress
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from opencity_issues import conf
from opencity_issues.procedure.refusals import NotPossible

HOUR = timedelta(hours=1)
BY_ADDRESS = {"supports": "OPENCITY_SUPPORTS_PER_ADDRESS", "follows": "OPENCITY_FOLLOWS_PER_ADDRESS"}
"""What is counted by address alone, so that many new accounts at one place do not do what one may not; by its setting."""

PREFIX_OF_IPV6 = 64
"""One customer has this many addresses to change between."""


def count_against_limit(request: HttpRequest, what: str, weight: int = 1) -> None:
    """Count something towards the visitor's hourly limit. Raises NotPossible beyond it."""
    who = f"user-{request.user.pk}" if request.user.is_authenticated else _network(request)
    said = _("Too much came from you within the last hour. Please try again later.")
    _count(f"{what}.{who}", conf.get("OPENCITY_UPLOADS_PER_HOUR"), weight, said)


def count_by_address(request: HttpRequest, what: str) -> None:
    """Count "supports" or "follows" from the visitor's address, whoever is signed in there. Raises NotPossible beyond the limit."""
    said = _("Very many people have done this from your network within the last hour. Please try again later.")
    _count(f"{what}.{_network(request)}", conf.get(BY_ADDRESS[what]), 1, said)


def _count(name: str, at_most: int, weight: int, said: Any) -> None:
    key = f"opencity_issues.{name}.{timezone.now():%Y%m%d%H}"
    counted = cache.get(key, 0)
    if counted >= at_most:
        raise NotPossible(said, clause="3.3")
    cache.set(key, counted + weight, HOUR.total_seconds())


def _network(request: HttpRequest) -> str:
    """The visitor's address as a name that tells nothing: what the outermost trusted proxy saw, or the connection's own."""
    proxies = conf.get("OPENCITY_TRUSTED_PROXIES")
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    address = seen[-proxies] if proxies and len(seen) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network(f"{address}/{PREFIX_OF_IPV6}", strict=False))
    except ValueError:
        pass  # a proxy that writes a name or a port: then that is the name
    return hashlib.sha256(address.encode()).hexdigest()[:24]
