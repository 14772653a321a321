"""The operator's page in the admin (2.7): whether all parts run, and whether letters leave after a restore."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.viewsets.base import ViewSet

from opencity_issues.actions.keep_retention import retention_table
from opencity_issues.actions.letters.resume_outbox import resume_outbox
from opencity_issues.models import RetentionRun
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.queries.operation import operation
from opencity_issues.views.admin.operators_page import OperatorsMenuItem, OperatorsPage

SEND_OLD = {"send": True, "put_aside": False}


class OperationView(OperatorsPage):
    """GET shows; POST `old=send` or `old=put_aside` lets letters leave again."""

    template_name = "opencity_issues/admin/operation.html"
    page_title = gettext_lazy("Operation")
    header_icon = "cogs"
    http_method_names = ["get", "head", "options", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "operation": operation(), "retention": retention()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        choice = SEND_OLD.get(request.POST.get("old", ""))
        if choice is None:
            messages.error(request, _("Say what becomes of the letters that the backup holds."))
            return redirect(request.path)
        try:
            put_aside = resume_outbox(send_old=choice)
        except NotPossible as refusal:
            messages.error(request, str(refusal.message))
            return redirect(request.path)
        aside = ngettext("%(count)d letter was put aside.", "%(count)d letters were put aside.", put_aside)
        messages.success(request, _("Letters leave again.") + " " + aside % {"count": put_aside})
        return redirect(request.path)


def retention() -> dict[str, Any]:
    """The rules with what the last run removed by each, None where another run or none does it."""
    last = RetentionRun.objects.first()
    removed = last.removed if last is not None else {}
    return {
        "at": last.at if last is not None else None,
        "rows": [
            {"rule": rule, "removed": removed.get(rule.key, 0) if rule.remove and rule.days is not None else None}
            for rule in retention_table()
        ],
    }


class OperationViewSet(ViewSet):
    name = "opencity_admin_operation"
    url_prefix = "opencity/operation"
    icon = "cogs"
    menu_label = gettext_lazy("Operation")

    menu_item_class = OperatorsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", OperationView.as_view(), name="index")]
