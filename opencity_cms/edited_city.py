"""Which city is written about: a dialog over Wagtail's editor is told of no page, but its request says where it was opened."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.models import Page, Site

from opencity_issues.models import IssueIndexPage


def city_written_about(request: HttpRequest) -> IssueIndexPage | None:
    """The city of the site of the page that is open in the editor; otherwise that of the visited site; None where there is none.

    One admin serves all cities, so that the visited site may be another's.
    """
    page = _page_in_editor(request)
    city = IssueIndexPage.of_site(page.get_site()) if page else None
    return city or IssueIndexPage.of_site(Site.find_for_request(request))


def _page_in_editor(request: HttpRequest) -> Page | None:
    """The page that is edited, or below which one is added, by the address that the browser says it comes from.

    Whoever makes that address up gets another city's public issues to choose from, and no more.
    """
    try:
        match = resolve(urlsplit(request.headers.get("Referer", "")).path)
    except (ValueError, Resolver404):
        return None
    key = {"wagtailadmin_pages:edit": "page_id", "wagtailadmin_pages:add": "parent_page_id"}.get(match.view_name)
    return Page.objects.filter(pk=match.kwargs[key]).first() if key in match.kwargs else None
