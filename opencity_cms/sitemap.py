"""The editors' pages for search engines, each with the languages that it can be read in."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from opencity_cms.queries import editors_kinds
from opencity_issues.views.sitemaps import entry


class PageSitemap(Sitemap):
    """The pages of the visited site's first tree; a constant number of queries."""

    limit = 5_000

    def items(self) -> Any:
        top = self.get_wagtail_site().root_page
        pages = Page.objects.exact_type(*editors_kinds()).descendant_of(top, inclusive=True)
        return pages.live().public().order_by("path")

    def get_latest_lastmod(self) -> Any:
        """When something was published last."""
        return self.items().order_by("-last_published_at").values_list("last_published_at", flat=True).first()

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        pages = list(self.paginator.page(page).object_list)
        languages = self._languages(pages)
        return [self._entry(one, languages[one.translation_key]) for one in pages if one.get_url_parts(self.request)]

    def _entry(self, page: Page, languages: list[str]) -> dict[str, Any]:
        location = self.request.build_absolute_uri(page.get_url_parts(self.request)[2])
        alternates = [
            {
                "lang_code": code,
                "location": location if code == settings.LANGUAGE_CODE else f"{location}?lang={code}",
            }
            for code in languages
        ]
        changed = page.last_published_at or page.latest_revision_created_at
        return entry(location, changed, alternates if len(alternates) > 1 else ())

    def _languages(self, pages: list[Page]) -> dict[Any, list[str]]:
        found = defaultdict(list)
        rows = Page.objects.live().filter(translation_key__in=[one.translation_key for one in pages])
        for key, code in rows.order_by("locale_id").values_list("translation_key", "locale__language_code"):
            found[key].append(code)
        return found


SITEMAPS = {"pages": PageSitemap}
