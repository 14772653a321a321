"""The city's gazetteer in the admin, place by place; many at once come by the import."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from opencity_issues.models import GazetteerPlace


class GazetteerViewSet(ModelViewSet):
    model = GazetteerPlace
    name = "opencity_admin_gazetteer"
    url_prefix = "opencity/gazetteer"
    icon = "search"
    menu_label = _("Gazetteer")
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 100
    ordering = ["name_uk"]
    list_display = ["name_uk", Column("get_kind_display", label=_("kind")), "other_names", "name_en"]
    list_filter = ["kind", "city"]
    search_fields = ["name_uk", "name_en", "other_names"]
    form_fields = ["city", "kind", "name_uk", "name_en", "other_names", "lng", "lat"]
