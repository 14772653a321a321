"""The content's pages in the words of schema.org, for search engines."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from opencity_cms.models import HomePage, MeetingPage, NewsPage
from opencity_issues.models.settings import CitySettings


def website(page: HomePage, request: HttpRequest, config: CitySettings) -> dict[str, Any]:
    """The whole site, with its search by words, address and number."""
    search = request.build_absolute_uri(reverse("opencity_cms:search"))
    return {
        "@type": "WebSite",
        "url": request.build_absolute_uri("/"),
        "name": page.seo_title or page.title,
        "description": page.search_description or page.sentence,
        "inLanguage": page.locale.language_code,
        "about": {"@type": "City", "name": config.city_name},
        "publisher": publisher(request, config),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def publisher(request: HttpRequest, config: CitySettings) -> dict[str, Any]:
    """Who speaks on the site."""
    data = {"@type": "Organization", "name": config.city_name, "url": request.build_absolute_uri("/")}
    return data | ({"email": config.support_email} if config.support_email else {})


def news_article(
    page: NewsPage, request: HttpRequest, config: CitySettings, *, url: str, image: str = ""
) -> dict[str, Any]:
    """A piece of news; `url` is its one address, `image` the absolute address of its picture."""
    published = page.first_published_at.isoformat() if page.first_published_at else page.date.isoformat()
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        "headline": page.title,
        "description": page.search_description or page.intro,
        "datePublished": published,
        "inLanguage": page.locale.language_code,
        "author": publisher(request, config),
        "publisher": publisher(request, config),
    }
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    if image:
        data["image"] = [image]
    return {name: value for name, value in data.items() if value}


def meeting_event(page: MeetingPage, request: HttpRequest, config: CitySettings, *, url: str) -> dict[str, Any]:
    """A meeting of the working group."""
    data: dict[str, Any] = {
        "@type": "Event",
        "url": url,
        "name": page.title,
        "startDate": timezone.localtime(page.starts_at).isoformat(),
        "location": {"@type": "Place", "name": page.place, "address": f"{page.place}, {config.city_name}"},
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": publisher(request, config),
        "inLanguage": page.locale.language_code,
    }
    if page.ends_at:
        data["endDate"] = timezone.localtime(page.ends_at).isoformat()
    return data
