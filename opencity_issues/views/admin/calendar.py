"""A city's calendar of the year in the admin, and the step that counts running deadlines anew by it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.actions.clock.recount_deadlines import recount_deadlines
from opencity_issues.models import CitySettings
from opencity_issues.procedure.deadlines import DEADLINES
from opencity_issues.queries.calendar_year import special_days

ADDRESSES = "opencity_admin_city"
YEARS = range(2000, 2100)


class CalendarView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """GET shows the year's days and what counting anew would change; POST does it."""

    template_name = "opencity_issues/admin/calendar.html"
    permission_policy = ModelPermissionPolicy(CitySettings)
    permission_required = "change"
    page_title = gettext_lazy("Calendar and deadlines")
    header_icon = "calendar-alt"
    http_method_names = ["get", "head", "options", "post"]

    @cached_property
    def settings(self) -> CitySettings:
        return get_object_or_404(CitySettings.objects.select_related("city"), pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = {"url": reverse(f"{ADDRESSES}:edit", args=[self.settings.pk]), "label": str(self.settings)}
        index = {"url": reverse(f"{ADDRESSES}:index"), "label": _("City settings")}
        return [*super().get_breadcrumbs_items(), index, edit, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recount = recount_deadlines(self.settings.city, actor=self.request.user, dry_run=True)
        year = self._year()
        return {
            **super().get_context_data(**kwargs),
            "settings": self.settings,
            "year": year,
            "years": [one for one in (year - 1, year + 1) if one in YEARS],
            "days": special_days(self.settings, year, get_language() or "uk"),
            "recount": recount,
            "clauses": [(DEADLINES[clause], count) for clause, count in sorted(recount.by_clause.items())],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        done = recount_deadlines(self.settings.city, actor=request.user)
        if done.deadlines:
            text = ngettext(
                "%(count)d deadline was counted anew.", "%(count)d deadlines were counted anew.", done.deadlines
            )
            messages.success(request, text % {"count": done.deadlines})
        else:
            messages.success(request, _("Every running deadline agrees with the calendar already."))
        return redirect(f"{ADDRESSES}:calendar", self.settings.pk)

    def _year(self) -> int:
        given = self.request.GET.get("year", "")
        year = int(given) if given.isdecimal() and len(given) == 4 else 0
        return year if year in YEARS else timezone.localdate(timezone=self.settings.zone).year


class RecountTrace(LogFormatter):
    """What the history of a city's settings says about deadlines counted anew."""

    label = gettext_lazy("Count deadlines anew")

    def format_message(self, log_entry: Any) -> str:
        return _("Deadlines counted anew: %(deadlines)s, of issues: %(issues)s") % {
            "deadlines": log_entry.data.get("deadlines", 0),
            "issues": log_entry.data.get("issues", 0),
        }
