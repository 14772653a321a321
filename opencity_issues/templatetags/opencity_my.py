"""The menu of one's own page.

{% load opencity_my %}{% my_menu as rooms %}
"""

from typing import Any

from django import template
from django.template.context import RequestContext

from opencity_issues.views.my.menu import my_rooms

register = template.Library()


@register.simple_tag(takes_context=True)
def my_menu(context: RequestContext) -> list[dict[str, Any]]:
    """Rooms with title, icon, url, current; none where a page is shown without a request."""
    request = context.get("request")
    return my_rooms(request) if request is not None else []
