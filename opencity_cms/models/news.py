from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from opencity_cms.blocks import ArticleBlocks
from opencity_cms.models.translated import TranslatedPageMixin
from opencity_cms.news_feed import news_feed
from opencity_issues.models.city import FewPagesManager

NEWS_ON_A_PAGE = 10
NEWS_IN_THE_FEED = 30


class NewsIndexPage(TranslatedPageMixin, Page):
    """The news of the project, newest first (decision, 3.2)."""

    parent_page_types = ["opencity_cms.HomePage", "wagtailcore.Page"]
    subpage_types = ["opencity_cms.NewsPage"]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).live().order_by("-date", "-pk").select_related("lead_image")
        context["news"] = Paginator(news, NEWS_ON_A_PAGE).get_page(request.GET.get("page"))
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `?format=rss` the newest pieces for programs that read feeds."""
        if request.GET.get("format") == "rss":
            news = NewsPage.objects.child_of(self).live().public().order_by("-date", "-pk")[:NEWS_IN_THE_FEED]
            return news_feed(self, news, request)
        return super().serve(request, *args, **kwargs)


class NewsPage(TranslatedPageMixin, Page):
    """One piece of news by the press office."""

    objects = FewPagesManager()

    date = models.DateField(_("date"), default=timezone.localdate, db_index=True)
    intro = models.TextField(_("introduction"), max_length=400, blank=True)
    lead_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(ArticleBlocks(), verbose_name=_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        FieldPanel("lead_image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *TranslatedPageMixin.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["opencity_cms.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")
