"""The list of what a new city needs, for the operator: a page, and a panel on the admin's home until all is done (2.7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from opencity_issues.actions.city.first_run import tick, try_mail
from opencity_issues.models import IssueIndexPage
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.first_run import first_run, open_first_runs
from opencity_issues.views.admin.operators_page import OperatorsMenuItem, OperatorsPage, is_operator

SHOWN_AT_HOME = 6


class FirstRunView(OperatorsPage):
    """GET shows the lists; POST `do` with `city`: tick or untick (`key`), or mail."""

    template_name = "opencity_issues/admin/first_run.html"
    page_title = gettext_lazy("First steps")
    header_icon = "tick-inverse"
    http_method_names = ["get", "head", "options", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cities = IssueIndexPage.objects.select_related("city_settings").order_by("pk")
        return {**super().get_context_data(**kwargs), "lists": [first_run(city) for city in cities]}

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("city", "")
        city = get_object_or_404(IssueIndexPage, pk=int(number) if number.isdecimal() and len(number) < 10 else 0)
        try:
            if request.POST.get("do") == "mail":
                address = try_mail(city, actor=request.user)
                messages.success(request, _("A letter has left for %(email)s.") % {"email": address})
            else:
                tick(city, request.POST.get("key", ""), done=request.POST.get("do") == "tick", actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return redirect(request.path)


class FirstRunViewSet(ViewSet):
    name = "opencity_admin_first_run"
    url_prefix = "opencity/first-steps"
    icon = "tick-inverse"
    menu_label = gettext_lazy("First steps")
    menu_item_class = OperatorsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", FirstRunView.as_view(), name="index")]


class FirstRunPanel(Component):
    """On the admin's home, for the operator alone, while something is missing."""

    name = "opencity_first_run"
    order = 10
    template_name = "opencity_issues/admin/first_run_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = (parent_context or {}).get("request")
        lists = open_first_runs() if request is not None and is_operator(request) else []
        return {"lists": lists, "shown": SHOWN_AT_HOME}
