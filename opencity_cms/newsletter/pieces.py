"""Which news a letter tells: each piece once, in its reader's language where it has been translated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Q
from wagtail.models import Page

from opencity_cms.models.news import NewsPage
from opencity_issues.actions.letters.envelope import absolute
from opencity_issues.models import IssueIndexPage


@dataclass(frozen=True)
class Piece:
    """A piece of news as a letter tells it."""

    title: str
    intro: str
    date: Any
    url: str
    language: str


def latest_moment(city: IssueIndexPage, until: datetime) -> datetime | None:
    """When something was published last, up to a moment; None for never. What lies behind a password is no news."""
    found = _public_news(city).filter(first_published_at__lte=until)
    return found.order_by("-first_published_at").values_list("first_published_at", flat=True).first()


def moments(city: IssueIndexPage, since: datetime, until: datetime) -> dict[UUID, datetime]:
    """When each piece that was first published in between, in any language, was: by the key of its translations.

    A translation that follows later is no second piece.
    """
    keys = _public_news(city).filter(first_published_at__gt=since, first_published_at__lte=until)
    first = (
        NewsPage.objects.filter(translation_key__in=set(keys.values_list("translation_key", flat=True)))
        .order_by()
        .values_list("translation_key")
        .annotate(moment=Min("first_published_at"))
    )
    return {key: moment for key, moment in first if moment is not None and since < moment <= until}


def pieces(city: IssueIndexPage, since: datetime, until: datetime, language: str) -> list[Piece]:
    """What was published after `since` up to `until` and still stands there, newest first."""
    found = (
        _public_news(city)
        .filter(translation_key__in=set(moments(city, since, until)))
        .select_related("locale")
        .order_by("-date", "-first_published_at", "pk")
    )
    chosen: dict[UUID, NewsPage] = {}
    for page in found:
        own = page.locale.language_code == language
        if own or page.translation_key not in chosen:
            chosen[page.translation_key] = page
    return [_told(city, page) for page in chosen.values()]


def _told(city: IssueIndexPage, page: NewsPage) -> Piece:
    code = page.locale.language_code
    parts = page.get_url_parts()
    path = parts[2].partition("?")[0] if parts else ""
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False) and code != settings.LANGUAGE_CODE:
        path = f"{path}?lang={code}"  # a mail program brings along no choice of language
    return Piece(page.title, page.intro, page.date, absolute(city, path), code)


def _public_news(city: IssueIndexPage) -> Any:
    """Of the site that the city belongs to, in all languages."""
    home = Page.objects.ancestor_of(city).filter(depth=2).first()
    homes: Iterable[Page] = home.get_translations(inclusive=True) if home is not None else ()
    trees = [Q(path__startswith=one.path) for one in homes]
    return NewsPage.objects.live().public().filter(reduce(or_, trees)) if trees else NewsPage.objects.none()
