from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from opencity_cms.blocks import ArticleBlocks
from opencity_cms.models.translated import TranslatedPageMixin


class TextPage(TranslatedPageMixin, Page):
    """A page to read: terms of use, privacy notice, accessibility statement."""

    body = StreamField(ArticleBlocks(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*TranslatedPageMixin.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
