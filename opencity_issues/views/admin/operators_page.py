"""What the operator's pages in the admin have in common (2.7): who sees them, and their place in the menu."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


def is_operator(request: HttpRequest) -> bool:
    """The operator is the superuser (2.7)."""
    return bool(request.user.is_active and request.user.is_superuser)


class OperatorsPage(WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin that everybody else is turned away from."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request):
            messages.error(request, _("This page is the operator's."))
            return redirect("wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]


class OperatorsMenuItem(MenuItem):
    """Shown to the operator alone."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_operator(request)
