"""What Wagtail's admin is told of the content: the chooser of issues, and the way from a card to news about it."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.rich_text.feature_registry import FeatureRegistry

from opencity_cms import issue_links
from opencity_cms.issue_chooser import issue_chooser
from opencity_cms.write_news import write_news
from opencity_cms.writing_panel import WritingPanel


@hooks.register("register_admin_viewset")
def chooser_of_issues() -> ViewSet:
    return issue_chooser


@hooks.register("register_admin_urls")
def address_of_news_about_an_issue() -> list[URLPattern]:
    return [path("opencity/news-about/<int:number>/", write_news, name="opencity_cms_write_news")]


@hooks.register("construct_homepage_panels")
def what_one_can_write(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(WritingPanel())


@hooks.register("register_rich_text_features")
def links_to_issues(features: FeatureRegistry) -> None:
    issue_links.register(features)
