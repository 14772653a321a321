"""Pages of the content around the issues."""

from opencity_cms.models.home import HomePage
from opencity_cms.models.news import NewsIndexPage, NewsPage
from opencity_cms.models.text import TextPage

__all__ = ["HomePage", "NewsIndexPage", "NewsPage", "TextPage"]
