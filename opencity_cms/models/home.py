from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Site

from opencity_cms.models.news import NewsPage
from opencity_cms.models.translated import TranslatedPageMixin
from opencity_cms.queries import city_in_figures, latest_solved
from opencity_issues.views.visit import city_of


class HomePage(TranslatedPageMixin, Page):
    """The city's front page: one sentence, the report button over a living map, what was solved, news."""

    sentence = models.CharField(
        _("sentence"), max_length=200, blank=True, help_text=_("What this site is for, in one sentence.")
    )

    content_panels = [*Page.content_panels, FieldPanel("sentence")]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """The page at this address: translated where it is, else in the language of the site's first tree."""
        try:
            return super().route(request, path_components)
        except Http404:
            site = Site.find_for_request(request)
            if site is None or site.root_page_id == self.pk:
                raise
            found = site.root_page.specific.route(request, path_components)
        translated = found.page.localized  # under a slug of its own
        return type(found)(translated.specific, found.args, found.kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        city = city_of(request)
        context["city"] = city
        context["figures"] = city_in_figures(city)
        context["solved"] = latest_solved(city)
        context["news"] = (
            NewsPage.objects.live().descendant_of(self).order_by("-date", "-pk").select_related("lead_image")[:3]
        )
        return context
