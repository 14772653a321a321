"""The city's districts in the admin: where they are from, how many issues lie in each, and drawing them anew."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.actions.city.draw_districts import draw_districts
from opencity_issues.models import CityScheme, District, IssueIndexPage
from opencity_issues.views.admin.records import RecordsIndexView

ADDRESSES = "opencity_admin_districts"


class DistrictIndexView(RecordsIndexView):
    """Each district with the number of its issues."""

    model = District
    paginate_by = 50
    default_ordering = "name_uk"
    is_searchable = False
    filterset_class = None
    columns = [
        Column("name_uk", label=gettext_lazy("name in Ukrainian")),
        Column("name_en", label=gettext_lazy("name in English")),
        Column("city", label=gettext_lazy("City"), accessor=lambda district: district.city.config.city_name),
        Column("issue_count", label=gettext_lazy("Issues")),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return District.objects.select_related("city__city_settings").annotate(issue_count=Count("issues"))

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not ModelPermissionPolicy(District).user_has_permission(self.request.user, "change"):
            return []
        return [HeaderButton(_("Draw from the scheme"), url=reverse(f"{ADDRESSES}:draw"), icon_name="rotate")]


class DrawDistrictsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """GET says what will happen; POST makes the districts what the schemes draw, and places each issue in its own."""

    template_name = "opencity_issues/admin/draw_districts.html"
    permission_policy = ModelPermissionPolicy(District)
    permission_required = "change"
    page_title = gettext_lazy("Draw the districts from the scheme")
    header_icon = "site"
    http_method_names = ["get", "head", "options", "post"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(f"{ADDRESSES}:index"), "label": _("Districts")}
        return [*super().get_breadcrumbs_items(), index, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cities = IssueIndexPage.objects.annotate(district_count=Count("districts")).order_by("pk")
        drawn = set(CityScheme.objects.values_list("city_id", flat=True))
        return {
            **super().get_context_data(**kwargs),
            "cities": [{"city": city, "count": city.district_count, "has_scheme": city.pk in drawn} for city in cities],
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        count = sum(draw_districts(city) for city in IssueIndexPage.objects.filter(scheme__isnull=False))
        told = ngettext(
            "%(count)d district was drawn, and each issue placed in its own.",
            "%(count)d districts were drawn, and each issue placed in its own.",
            count,
        )
        messages.success(request, told % {"count": count})
        return redirect(f"{ADDRESSES}:index")
