"""What pages and blocks tell of the city's issues. Nothing here shows an issue that the public cannot see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Value
from django.db.models.functions import Concat
from django.utils import timezone
from wagtail.models import Page, get_page_models

from opencity_issues.enums import UNSOLVED, MediaKind, Publication
from opencity_issues.models import Category, Deadline, IssueIndexPage, IssuePage, Media, Organisation
from opencity_issues.models.settings import CitySettings
from opencity_issues.paper.structure import Table
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.issue_rows import issue_rows, with_row_parts
from opencity_issues.queries.reports import tables
from opencity_issues.queries.reports.figures import figures_of

WEEK = timedelta(days=7)


def city_in_figures(city: IssueIndexPage) -> dict[str, int]:
    """Counts of published issues: solved and reported within seven days, waiting and being worked on now.

    Three queries, each by an index of its own: together they would walk through all issues that the city ever had.
    """
    since = timezone.now() - WEEK
    issues = IssuePage.objects.in_city(city).order_by()
    unsolved = dict(issues.published().filter(status__in=UNSOLVED).values_list("status").annotate(Count("number")))
    # SQLite would take the equal publication for rarer than the week.
    published = issues.alias(shown=Concat("publication", Value(""))).filter(shown=Publication.PUBLISHED)
    return {
        "solved_this_week": published.filter(closed_at__gte=since).count(),
        "reported_this_week": published.filter(submitted_at__gte=since).count(),
        **{str(status): unsolved.get(status, 0) for status in UNSOLVED},
    }


def latest_solved(city: IssueIndexPage, count: int = 4) -> list[dict[str, Any]]:
    """The issues closed last, each with a photo from before and one from after where there are any. Two queries."""
    issues = (
        IssuePage.objects.in_city(city)
        .published()
        .filter(closed_at__isnull=False)
        .order_by("-closed_at")
        .prefetch_related("media")[:count]
    )
    return [{"issue": issue, **before_and_after(issue.media.all())} for issue in issues]


def before_and_after(media: Sequence[Media]) -> dict[str, Media | None]:
    """The first photo of the report, and the last that came with an answer."""
    photos = [one for one in media if one.hidden_at is None and one.kind == MediaKind.PHOTO]
    before = next((one for one in photos if one.contribution_id is None), None)
    after = next((one for one in reversed(photos) if one.contribution_id is not None), None)
    return {"before": before, "after": after}


def next_answers(city: IssueIndexPage, count: int = 5) -> list[dict[str, Any]]:
    """The answers due next by 4.4, soonest first: issue, organisation, the last day of the term. One query."""
    terms = (
        Deadline.objects.running()
        .filter(clause="4.4", due_at__gt=timezone.now(), assignment__isnull=False)
        .filter(issue__city=city, issue__publication=Publication.PUBLISHED)
        .select_related("issue", "assignment__organisation")
        .order_by("due_at", "pk")[:count]
    )
    calendar = city.config.calendar()
    return [
        {"issue": term.issue, "organisation": term.assignment.organisation, "day": calendar.last_day(term.due_at)}
        for term in terms
        if term.assignment
    ]


def live_card(city: IssueIndexPage, issue: IssuePage | None, now: datetime) -> dict[str, Any] | None:
    """A row of the component `issue_row` with `before` and `after`; None where the city's public cannot see the issue (any more)."""
    if issue is None:
        return None
    found = list(
        with_row_parts(IssuePage.objects.in_city(city).published().filter(pk=issue.pk)).prefetch_related("media")
    )
    if not found:
        return None
    return {**issue_rows(found, now)[0], **before_and_after(found[0].media.all())}


def newest(
    city: IssueIndexPage, status: str, category: Category | None, count: int, now: datetime
) -> list[dict[str, Any]]:
    """Rows of the newest issues, of a status and of a category with its branch where they are given. Four queries."""
    chosen = {"status": status, "category": category.code if category else ""}
    found = IssueFilter({name: value for name, value in chosen.items() if value}, city=city, now=now)
    keys = list(found.qs.values_list("pk", flat=True)[:count])
    rows = with_row_parts(IssuePage.objects.filter(pk__in=keys).order_by("-number"))
    return issue_rows(rows, now)


def filter_query(status: str, category: Category | None) -> str:
    """The map's and the list's parameters of a block, with the question mark; "" without any."""
    chosen = {"status": status, "category": category.code if category else ""}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else ""


@dataclass(frozen=True)
class MapView:
    """What the tag `base_map` needs, with another centre than the city's. `centre_point` is (lng, lat) in WGS 84 degrees."""

    centre_point: tuple[float, float]
    zoom: int
    config: CitySettings

    def __getattr__(self, name: str) -> Any:
        return getattr(self.config, name)


class SchemeView(MapView):
    """The city on its own scheme, whatever base map is set: the policy of Wagtail's admin lets no foreign host in."""

    map_source = None
    offered_source = None


NEAR_ZOOM = 17


def map_view(city: IssueIndexPage, issue: IssuePage | None) -> MapView:
    """Some streets around a published issue that has a place, or the whole city."""
    config = city.config
    if issue is not None and issue.city_id == city.pk and issue.is_published and issue.location is not None:
        return MapView(issue.location, NEAR_ZOOM, config)
    return MapView(config.centre_point, config.zoom, config)


def scheme_view(city: IssueIndexPage) -> SchemeView:
    """The whole city on its scheme."""
    return SchemeView(city.config.centre_point, city.config.zoom, city.config)


def editors_kinds() -> list[type[Page]]:
    """The types of pages that editors write: all but a city's issues, by the million, which nobody looks through."""
    return [kind for kind in get_page_models() if not issubclass(kind, IssuePage | IssueIndexPage)]


FIGURES_SECONDS = 600
"""How long the figures of a period are kept: people open the papers of a meeting together."""


def effectiveness(city: IssueIndexPage, first_day: date, last_day: date) -> tuple[Table, ...]:
    """The period's figures of effectiveness for a meeting (decision, 2), as the reports of 5.4 count them."""
    name = f"opencity_cms.effectiveness.{city.pk}.{first_day}.{last_day}"
    figures = cache.get(name)
    if figures is None:
        told_by = Organisation.objects.filter(city=city, is_moderator=True).order_by("pk").first()
        figures = figures_of(city, told_by or Organisation(), Period(first_day, last_day))
        cache.set(name, figures, FIGURES_SECONDS)
    return (
        tables.main_figures(figures),
        tables.terms(figures),
        tables.medians(figures),
        *tables.by_organisation(figures),
    )
