"""From an issue's card to a piece of news about it: a draft with the living card in it, open in the editor."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opencity_cms.models import NewsIndexPage, NewsPage
from opencity_issues.models import IssuePage
from opencity_issues.views.visit import city_of

TITLE_LENGTH = 200


@require_POST
def write_news(request: HttpRequest, number: int) -> HttpResponse:
    """Make the draft and lead to it. Only for who may add news; an issue that is not public is no news."""
    issue = get_object_or_404(
        IssuePage.objects.in_city(city_of(request)).published().select_related("city"), number=number
    )
    index = news_index_for(issue)
    if index is None or not may_write(request.user, index):
        raise PermissionDenied
    page = draft_about(issue, index, request.user)
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def news_index_for(issue: IssuePage) -> NewsIndexPage | None:
    """The news of the site that the issue's city belongs to."""
    site = issue.city.get_site()
    if site is None:
        return None
    return NewsIndexPage.objects.live().descendant_of(site.root_page).order_by("pk").first()


def may_write(user: Any, index: NewsIndexPage) -> bool:
    return bool(user.is_active and index.permissions_for_user(user).can_add_subpage())


def draft_about(issue: IssuePage, index: NewsIndexPage, author: AbstractBaseUser) -> NewsPage:
    """An unpublished piece of news with the issue's card, and pictures where there are some from before and after."""
    page: NewsPage = index.add_child(
        instance=NewsPage(
            title=(_("About issue No. %(number)s: %(title)s") % {"number": issue.number, "title": issue.title})[
                :TITLE_LENGTH
            ],
            body=[("issue", {"issue": issue, "pictures": True})],
            live=False,
            owner=author,
            locale=index.locale,
        )
    )
    page.save_revision(user=author)
    return page
