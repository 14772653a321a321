"""The page in parts, and the document that is laid round them: `opencity_issues/frame.html`, which a host site may replace.

    {% page_frame %}{% page_part "main" %}…{% endpage_part %}…{% endpage_frame %}

`base.html` makes the parts title, head, body_class, top, main, footer and scripts of its blocks. The frame is a template of
its own, so that the names of its blocks, as of a host's base template, never meet those of the pages.
"""

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()

FRAME = "opencity_issues/frame.html"
_KEPT = "_opencity_parts"


class FrameNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        parts: dict[str, SafeString] = {}
        with context.push(**{_KEPT: parts}):
            self.nodelist.render(context)
        with context.push(parts=parts):
            return context.template.engine.get_template(FRAME).render(context)


class PartNode(Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        context[_KEPT][self.name] = self.nodelist.render(context)
        return ""


@register.tag
def page_frame(parser: Parser, token: Token) -> FrameNode:
    """Collect the parts within, and render the frame with them as `parts`."""
    nodelist = parser.parse(("endpage_frame",))
    parser.delete_first_token()
    return FrameNode(nodelist)


@register.tag
def page_part(parser: Parser, token: Token) -> PartNode:
    """Keep what stands within for the frame, under the name given in quotation marks."""
    name = token.split_contents()[1].strip("\"'")
    nodelist = parser.parse(("endpage_part",))
    parser.delete_first_token()
    return PartNode(name, nodelist)
