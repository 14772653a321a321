from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from opencity_cms.models.translated import TranslatedPageMixin


class MediaCoveragePage(TranslatedPageMixin, Page):
    """What others have published about the project (decision, 3.2): links, with outlet and date."""

    intro = models.TextField(_("introduction"), max_length=400, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        InlinePanel("publications", heading=_("Publications"), label=_("Publication")),
    ]
    search_fields = [*TranslatedPageMixin.search_fields, index.SearchField("intro")]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("media coverage")
        verbose_name_plural = _("media coverage")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["publications"] = self.publications.order_by("-date", "pk")
        return context


class Publication(Orderable):
    """One publication in the press, on radio or television."""

    page = ParentalKey(MediaCoveragePage, on_delete=models.CASCADE, related_name="publications")
    title = models.CharField(_("title"), max_length=250)
    outlet = models.CharField(_("newspaper, site or station"), max_length=150)
    date = models.DateField(_("date"))
    url = models.URLField(_("address"), blank=True, max_length=500)
    note = models.CharField(_("what it is about"), max_length=300, blank=True)

    panels = [FieldPanel(name) for name in ("title", "outlet", "date", "url", "note")]

    class Meta(Orderable.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return self.title
