from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class FigureBlock(blocks.StructBlock):
    """A picture in an article with its words."""

    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "opencity_cms/blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, and whose they are."""

    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Whose words"), required=False, max_length=150)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "opencity_cms/blocks/quote.html"


class ArticleBlocks(blocks.StreamBlock):
    """What an article of the site is made of."""

    heading = blocks.CharBlock(
        label=_("Heading"), icon="title", template="opencity_cms/blocks/heading.html", max_length=150
    )
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link", "ol", "ul", "document-link"])
    figure = FigureBlock()
    quote = QuoteBlock()
