"""What editors build articles of: words, pictures, and the living parts of the issues."""

from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from opencity_cms import queries
from opencity_cms.issue_chooser import issue_chooser
from opencity_issues.enums import Status
from opencity_issues.views.visit import city_of

IssueChooserBlock = issue_chooser.get_block_class(name="IssueChooserBlock", module_path="opencity_cms.blocks")


class FigureBlock(blocks.StructBlock):
    """A picture in an article with its words."""

    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "opencity_cms/blocks/figure.html"


class GalleryBlock(blocks.ListBlock):
    """Several pictures side by side."""

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "opencity_cms/blocks/gallery.html"
        min_num = 2
        max_num = 24


class BeforeAfterBlock(blocks.StructBlock):
    """Two pictures of one place, to be compared with a slider; side by side without scripts and in print."""

    before = ImageChooserBlock(label=_("Before"))
    after = ImageChooserBlock(label=_("After"))
    place = blocks.CharBlock(label=_("What is compared"), max_length=150, help_text=_("Read out for the pictures."))

    class Meta:
        icon = "image"
        label = _("Before and after")
        template = "opencity_cms/blocks/before_after.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, and whose they are."""

    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Whose words"), required=False, max_length=150)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "opencity_cms/blocks/quote.html"


class VideoBlock(blocks.StructBlock):
    """A film kept among the documents of this site: nothing is asked of other hosts, nor told to them."""

    file = DocumentChooserBlock(label=_("Film"), help_text=_("MP4 or WebM, from the documents."))
    poster = ImageChooserBlock(label=_("Picture before it plays"), required=False)
    caption = blocks.CharBlock(label=_("What is to be seen and heard"), max_length=250)

    class Meta:
        icon = "media"
        label = _("Film")
        template = "opencity_cms/blocks/video.html"


class DocumentBlock(blocks.StructBlock):
    """A file to download, called by its title."""

    document = DocumentChooserBlock(label=_("Document"))
    note = blocks.CharBlock(label=_("What it is"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "opencity_cms/blocks/document.html"


class PersonBlock(blocks.StructBlock):
    """Who answers for something, and how to reach him or her: the worker responsible for the System (5), support."""

    position = blocks.CharBlock(label=_("Position"), max_length=200)
    name = blocks.CharBlock(label=_("Name"), required=False, max_length=150)
    phone = blocks.CharBlock(label=_("Telephone"), required=False, max_length=60)
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    hours = blocks.CharBlock(label=_("When"), required=False, max_length=150)

    class Meta:
        icon = "user"
        label = _("Person")
        template = "opencity_cms/blocks/person.html"


class IssueBlock(blocks.StructBlock):
    """The card of one issue as it is at the moment of reading."""

    issue = IssueChooserBlock(label=_("Issue"))
    pictures = blocks.BooleanBlock(label=_("with pictures of before and after"), required=False)

    class Meta:
        icon = "warning"
        label = _("Issue")
        template = "opencity_cms/blocks/issue.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["card"] = queries.live_card(city_of(context["request"]), value.get("issue"), timezone.now())
        return context


class IssueListBlock(blocks.StructBlock):
    """The newest issues of a kind, read anew each time."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    status = blocks.ChoiceBlock(label=_("Status"), choices=Status.choices, required=False)
    category = SnippetChooserBlock("opencity_issues.Category", label=_("Category"), required=False)
    count = blocks.IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=20)

    class Meta:
        icon = "list-ul"
        label = _("List of issues")
        template = "opencity_cms/blocks/issue_list.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        city = city_of(context["request"])
        context["rows"] = queries.newest(city, value["status"], value["category"], value["count"], timezone.now())
        return context


class MapBlock(blocks.StructBlock):
    """A living piece of the map: where the issue is, or the whole city."""

    issue = IssueChooserBlock(label=_("Around the issue"), required=False)
    status = blocks.ChoiceBlock(label=_("Status"), choices=Status.choices, required=False)
    category = SnippetChooserBlock("opencity_issues.Category", label=_("Category"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "site"
        label = _("Map of issues")
        template = "opencity_cms/blocks/map.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        city = city_of(context["request"])
        context["view"] = queries.map_view(city, value.get("issue"))
        context["address"] = queries.filter_query(value["status"], value["category"])
        context["block_key"] = uuid4().hex[:8]
        return context


class StatisticsBlock(blocks.StructBlock):
    """The city's figures of the week, as of the moment of reading."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)

    class Meta:
        icon = "table"
        label = _("Figures")
        template = "opencity_cms/blocks/statistics.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["figures"] = queries.city_in_figures(city_of(context["request"]))
        return context


FEATURES = ["bold", "italic", "link", "issue-link", "ol", "ul", "document-link"]
"""Of the text: no headings, which have a block of their own, and nothing that asks another host."""


class ArticleBlocks(blocks.StreamBlock):
    """What an article of the site is made of."""

    heading = blocks.CharBlock(
        label=_("Heading"), icon="title", template="opencity_cms/blocks/heading.html", max_length=150
    )
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES)
    figure = FigureBlock()
    gallery = GalleryBlock(FigureBlock())
    before_after = BeforeAfterBlock()
    quote = QuoteBlock()
    video = VideoBlock()
    document = DocumentBlock()
    person = PersonBlock()
    issue = IssueBlock(group=_("Issues"))
    issue_list = IssueListBlock(group=_("Issues"))
    map = MapBlock(group=_("Issues"))
    statistics = StatisticsBlock(group=_("Issues"))
