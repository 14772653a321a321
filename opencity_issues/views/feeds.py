"""The list's issues for programs and tables, with the list's filters, streamed. What leaves is `public_issue` alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from opencity_issues.enums import Status
from opencity_issues.models import Category
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.paper.csv_table import MARK, safe
from opencity_issues.queries.public_issue import public_issue, with_public_parts
from opencity_issues.views.filter_panel import kept_query, read_filter
from opencity_issues.views.map_and_list import FRESH_SECONDS, problem

ISSUES_AT_MOST = 10_000
"""In one answer; `before=<number>` of the header Link leads to the next ones."""

CHUNK = 500
RSS_ITEMS = 50
CONTROL_CHARACTERS = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")
"""XML 1.0 has no way to say them."""


@require_safe
def geojson(request: HttpRequest) -> HttpResponseBase:
    """A FeatureCollection (RFC 7946); issues without a place have no geometry."""
    return _answer(request, _features, "application/geo+json", "issues.geojson")


@require_safe
def csv_table(request: HttpRequest) -> HttpResponseBase:
    """A table in UTF-8 with a mark that table programs know it by."""
    return _answer(request, _table, "text/csv; charset=utf-8", "issues.csv")


@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    """The newest issues that the filter finds."""
    filters = read_filter(request)
    if filters.errors:
        return problem(_("The feed cannot be made for this address."), filters.errors)
    base = request.build_absolute_uri("/")[:-1]
    feed = Rss201rev2Feed(
        title=_("Issues: %(city)s") % {"city": filters.city.config.city_name},
        link=request.build_absolute_uri(reverse("opencity_issues:issue_list")),
        description=_("New issues of the city and how they stand"),
        feed_url=request.build_absolute_uri(),
    )
    for issue in with_public_parts(filters.qs)[:RSS_ITEMS]:
        known = public_issue(issue, base)
        feed.add_item(
            title=_plain(f"{known['title']} ({Status(known['status']).label})"),
            link=known["url"],
            # Readers take a description for HTML.
            description=escape(_plain(known["description"])).replace("\n", "<br>"),
            unique_id=known["url"],
            pubdate=issue.published_at or issue.submitted_at,
            categories=known["categories"],
        )
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return _fresh(request, response)


def _answer(
    request: HttpRequest, write: Callable[[Iterator[dict[str, Any]]], Iterator[str]], kind: str, name: str
) -> HttpResponseBase:
    filters = read_filter(request)
    before = request.GET.get("before", "")
    faults = dict(filters.errors)
    if before and not (before.isascii() and before.isdigit() and len(before) <= 9):
        faults["before"] = [_("The number of an issue is expected.")]
    if faults:
        return problem(_("The feed cannot be made for this address."), faults)
    found: IssueQuerySet = filters.qs.filter(number__lt=int(before)) if before else filters.qs
    last = found.values_list("number", flat=True)[ISSUES_AT_MOST - 1 : ISSUES_AT_MOST + 1]
    base = request.build_absolute_uri("/")[:-1]
    response = StreamingHttpResponse(write(_public(found, base)), content_type=kind)
    response["Content-Disposition"] = f'{"attachment" if name.endswith("csv") else "inline"}; filename="{name}"'
    if len(last := list(last)) == 2:
        query = kept_query(request.GET)
        rest = f"{query}&before={last[0]}" if query else f"before={last[0]}"
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{rest}>; rel="next"'
    return _fresh(request, response)


def _fresh(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if request.GET.get("author"):
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _public(found: IssueQuerySet, base: str) -> Iterator[dict[str, Any]]:
    """Issues as the public knows them, the newest first, read in chunks so that no answer fills the memory."""
    left, before = ISSUES_AT_MOST, None
    while left > 0:
        chunk = with_public_parts(found.filter(number__lt=before) if before else found)[: min(CHUNK, left)]
        known = [public_issue(issue, base) for issue in chunk]
        if not known:
            return
        yield from known
        left -= len(known)
        before = known[-1]["number"]


def _features(issues: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    for position, issue in enumerate(issues):
        place = issue.pop("location")
        feature = {
            "type": "Feature",
            "id": issue["number"],
            "geometry": {"type": "Point", "coordinates": [place["lng"], place["lat"]]} if place else None,
            "properties": issue,
        }
        yield ("," if position else "") + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
    yield "]}"


def _table(issues: Iterator[dict[str, Any]]) -> Iterator[str]:
    names = {category.code: category.name for category in Category.objects.all()}
    line = io.StringIO()
    writer = csv.writer(line)
    yield MARK
    writer.writerow(
        [
            pgettext("column", "Number"),
            pgettext("column", "Title"),
            pgettext("column", "Description"),
            pgettext("column", "Status"),
            pgettext("column", "Again"),
            pgettext("column", "Categories"),
            pgettext("column", "Organisations"),
            pgettext("column", "Author"),
            pgettext("column", "Registered"),
            pgettext("column", "Accepted"),
            pgettext("column", "Closed"),
            pgettext("column", "Archived"),
            pgettext("column", "Latitude"),
            pgettext("column", "Longitude"),
            pgettext("column", "Address"),
            pgettext("column", "Answers"),
        ]
    )
    for issue in issues:
        place = issue["location"] or {"lat": "", "lng": ""}
        writer.writerow(
            [
                safe(value)
                for value in (
                    issue["number"],
                    issue["title"],
                    issue["description"],
                    Status(issue["status"]).label,
                    pgettext("column", "yes") if issue["again"] else "",
                    "; ".join(f"{code} {names.get(code, '')}".strip() for code in issue["categories"]),
                    "; ".join(one["organisation"] for one in issue["assignments"]),
                    (issue["author"] or {}).get("name", ""),
                    *(_moment(issue[name]) for name in ("submitted_at", "accepted_at", "closed_at", "archived_at")),
                    place["lat"],
                    place["lng"],
                    issue["url"],
                    "; ".join(f"{one['question']} {one['answer']}" for one in issue["answers"]),
                )
            ]
        )
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _moment(text: str | None) -> str:
    """An instant as table programs read it, in the site's time zone."""
    if not text:
        return ""
    return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M")


def _plain(text: str) -> str:
    return text.translate(CONTROL_CHARACTERS)
