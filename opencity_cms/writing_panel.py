"""On the admin's home, for whoever writes: the way to a new piece, and to the pieces there are. Wagtail leaves it empty."""

from typing import Any

from django.utils.text import capfirst
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page

from opencity_cms.models import MeetingPage, NewsIndexPage, NewsPage, WorkingGroupPage

WRITTEN_UNDER: tuple[tuple[type[Page], type[Page]], ...] = (
    (NewsIndexPage, NewsPage),
    (WorkingGroupPage, MeetingPage),
)
PLACES_AT_MOST = 6


class WritingPanel(Component):
    """Each place where this person may add a page, in the installation's first language (from there it is translated); nothing for everybody else."""

    name = "opencity_writing"
    order = 20
    template_name = "opencity_cms/admin/writing_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = (parent_context or {}).get("request")
        return {"places": places_to_write(request.user) if request is not None else []}


def places_to_write(user: Any) -> list[dict[str, Any]]:
    """`index` (the page under which one writes), `kind` (what one writes there), `app` and `model` for its address."""
    places = []
    for parent, child in WRITTEN_UNDER:
        for index in parent.objects.live().filter(locale=Locale.get_default()).order_by("path")[:PLACES_AT_MOST]:
            if index.permissions_for_user(user).can_add_subpage():
                meta = child._meta
                places.append(
                    {
                        "index": index,
                        "kind": capfirst(meta.verbose_name),
                        "app": meta.app_label,
                        "model": meta.model_name,
                    }
                )
    return places
