"""An executor's private link as it is read: its address, the link behind an address, and whether it opens (2.8, 4.5)."""

from datetime import datetime
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from opencity_issues.enums import AssignmentState
from opencity_issues.models import Assignment, ExecutorLink

SALT = "opencity_issues.executor_link"


class LinkState(StrEnum):
    """Whether a link opens its page, and if not, why."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OVER = "over"
    """The assignment is not in work any more: done, returned, withdrawn, or its issue not published."""


def token_of(link: ExecutorLink) -> str:
    """The secret part of the link's address."""
    return _signer().sign(f"{link.pk}-{link.nonce}")


def url_of(link: ExecutorLink) -> str:
    """The absolute address that goes to the executor, and nowhere else."""
    return f"{link.assignment.issue.city.base_url}{reverse('opencity_issues:executor', args=[token_of(link)])}"


def find(token: str) -> ExecutorLink | None:
    """The link of a signed address, whatever its state; None for one that this installation never gave."""
    try:
        key, _dash, nonce = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    link = (
        ExecutorLink.objects.select_related(
            "assignment__organisation", "assignment__issue__city__city_settings", "assignment__issue__author"
        )
        .filter(pk=int(key) if key.isdecimal() else 0)
        .first()
    )
    return link if link is not None and constant_time_compare(link.nonce, nonce) else None


def state_of(link: ExecutorLink, now: datetime) -> LinkState:
    """Asked at every visit, so that no end of an assignment can be forgotten."""
    assignment = link.assignment
    if assignment.state != AssignmentState.ACCEPTED or not assignment.issue.is_published:
        return LinkState.OVER
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.OPEN


def open_link_of(assignment: Assignment, now: datetime) -> ExecutorLink | None:
    """The link by which the executor of an assignment comes in now, if any."""
    newest = assignment.links.filter(revoked_at=None, expires_at__gt=now).first()
    return newest if newest is not None and state_of(newest, now) == LinkState.OPEN else None


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
