"""News as RSS 2.0."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from wagtail.models import Page


def news_feed(index: Page, news: Iterable[Any], request: HttpRequest) -> HttpResponse:
    """Titles, introductions and dates of the pieces, in the language of their index."""
    address = index.get_full_url(request) or request.build_absolute_uri(request.path)
    feed = Rss201rev2Feed(
        title=index.title,
        link=address,
        description=index.search_description or index.title,
        language=index.locale.language_code,
        feed_url=f"{address}?format=rss",
    )
    for page in news:
        day = datetime.combine(page.date, time(9), tzinfo=timezone.get_default_timezone())
        url = page.get_full_url(request)
        feed.add_item(title=page.title, link=url, description=page.intro, pubdate=day, unique_id=url)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
