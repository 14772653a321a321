"""What search engines are told to read: the site's screens, organisations and published issues, however many these are.

A host adds them to its own sitemap (`SITEMAPS`, with Wagtail's views for a sitemap and its index).
"""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse
from wagtail.contrib.sitemaps import Sitemap

from opencity_issues.models import Event, IssuePage, Organisation
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.views.visit import city_of

SCREENS = ("map", "issue_list", "statistics", "needs")
NUMBERS_AT_ONCE = 10_000


class NumberPages:
    """Pages of issues by ranges of their numbers: each costs the same, the hundredth as the first, and nothing is counted."""

    def __init__(self, issues: IssueQuerySet) -> None:
        self.issues = issues
        last = issues.aggregate(last=Max("number"))["last"] or 0
        self.num_pages = max(1, -(-last // NUMBERS_AT_ONCE))

    def page(self, number: int | str) -> IssueQuerySet:
        """Issues of the range. Raises PageNotAnInteger, EmptyPage as Django's paginator does."""
        if not str(number).isdecimal():
            raise PageNotAnInteger(number)
        place = int(number)
        if not 1 <= place <= self.num_pages:
            raise EmptyPage(number)
        first = (place - 1) * NUMBERS_AT_ONCE
        return self.issues.filter(number__gt=first, number__lte=first + NUMBERS_AT_ONCE)


class IssueSitemap(Sitemap):
    """The published issues of the visited city, each with the moment of its last event."""

    @property
    def paginator(self) -> Any:
        return NumberPages(IssuePage.objects.in_city(city_of(self.request)).published().order_by("number"))

    def get_latest_lastmod(self) -> None:
        """Not told: it would be looked for among all issues."""

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        last = Event.objects.filter(issue=OuterRef("pk"), sequence=OuterRef("event_count")).values("recorded_at")[:1]
        rows = self.paginator.page(page).annotate(last=Subquery(last)).values_list("number", "last")
        return [
            entry(self.request.build_absolute_uri(reverse("opencity_issues:card", args=[number])), moment)
            for number, moment in rows
        ]


class ScreenSitemap(Sitemap):
    """Map, list, statistics, needs, and the organisations' public pages."""

    def items(self) -> Sequence[str]:
        organisations = Organisation.objects.active().filter(city=city_of(self.request)).order_by("pk")
        return [
            *(reverse(f"opencity_issues:{name}") for name in SCREENS),
            *(reverse("opencity_issues:organisation", args=[one.slug]) for one in organisations),
        ]

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        return [entry(self.request.build_absolute_uri(path)) for path in self.paginator.page(page).object_list]

    def get_latest_lastmod(self) -> None:
        """Screens show what is now."""


def entry(location: str, lastmod: Any = None, alternates: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """One address as Django's template of sitemaps reads it."""
    return {"location": location, "lastmod": lastmod, "changefreq": None, "priority": None, "alternates": alternates}


SITEMAPS = {"issues": IssueSitemap, "screens": ScreenSitemap}
