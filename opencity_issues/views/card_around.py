"""What lies around an issue, and its QR code: parts of the card that are read when they are looked for."""

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.models import IssuePage
from opencity_issues.queries.card.around import mentions, neighbours
from opencity_issues.views.card import as_seen
from opencity_issues.views.visit import visible_issue

ONE_DAY = 24 * 60 * 60
"""Seconds that a QR code may be kept: the address of a card never changes."""


@require_safe
def around(request: HttpRequest, number: int) -> HttpResponse:
    """Issues near by and pages that tell of this one: a page, and for the card's script only the part of it."""
    issue = _published(request, number)
    context = {
        "issue": issue,
        "near": neighbours(issue, timezone.now()),
        "mentions": mentions(issue, request),
        "trail": [
            {"text": _("Issues"), "url": reverse("opencity_issues:issue_list")},
            {
                "text": _("No. %(number)s") % {"number": issue.number},
                "url": reverse("opencity_issues:card", args=[issue.number]),
            },
        ],
    }
    is_part = request.headers.get("X-Requested-With") == "fetch"
    template = "opencity_issues/card/around.html" if is_part else "opencity_issues/card/around_page.html"
    response = as_seen(request, render(request, template, context), issue)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def qr_code(request: HttpRequest, number: int) -> HttpResponse:
    """The card's address as a QR code in SVG, for a notice at the place; of published issues only."""
    issue = _published(request, number)
    drawn = BytesIO()
    code = segno.make(request.build_absolute_uri(issue.get_absolute_url()), error="m")
    code.save(drawn, kind="svg", scale=4, border=2, dark="#000", light="#fff", xmldecl=False)
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={ONE_DAY}"
    return response


def _published(request: HttpRequest, number: int) -> IssuePage:
    issue = visible_issue(request, number)
    if not issue.is_published:
        raise Http404
    return issue
