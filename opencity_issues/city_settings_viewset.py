"""A city's settings in the admin: they come with the city and are only changed."""

from typing import Any

from django import forms
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from opencity_issues.forms.admin import CitySettingsForm
from opencity_issues.models import CitySettings
from opencity_issues.panels import PlacePanel
from opencity_issues.views.admin import calendar as admin_calendar
from opencity_issues.views.admin import editing as admin_editing


class CitySettingsViewSet(ModelViewSet):
    model = CitySettings
    name = "opencity_admin_city"
    url_prefix = "opencity/city"
    icon = "cog"
    menu_label = _("City settings")
    copy_view_enabled = False
    list_display = ["city_name", Column("city", label=_("page of the issues"))]
    edit_view_class = admin_editing.CitySettingsEditView
    edit_template_name = "opencity_issues/admin/city_settings.html"
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("city_name"), FieldPanel("terms_url")], heading=_("City")),
            MultiFieldPanel([FieldPanel("control_mailbox"), FieldPanel("support_email")], heading=_("Mailboxes")),
            MultiFieldPanel(
                [FieldPanel("hold_everything"), FieldPanel("stop_words", widget=forms.Textarea(attrs={"rows": 10}))],
                heading=_("Moderation"),
            ),
            MultiFieldPanel(
                [
                    PlacePanel("centre", zoom=12),
                    FieldPanel("zoom"),
                    FieldRowPanel([FieldPanel("west"), FieldPanel("east")]),
                    FieldRowPanel([FieldPanel("south"), FieldPanel("north")]),
                    FieldPanel("base_map"),
                    FieldPanel("scheme_file"),
                    FieldPanel("tiles_url"),
                    FieldPanel("wms_layers"),
                    FieldPanel("tiles_attribution"),
                    FieldPanel("offers_osm"),
                ],
                heading=_("Map"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("automatic_messages"),
                    FieldPanel("warning_text", widget=forms.Textarea(attrs={"rows": 6})),
                    FieldPanel("repeated_text", widget=forms.Textarea(attrs={"rows": 6})),
                    FieldPanel("digest_hour"),
                ],
                heading=_("When a deadline is missed"),
            ),
            MultiFieldPanel(
                [FieldPanel("time_zone"), FieldPanel("country"), FieldPanel("martial_law")], heading=_("Calendar")
            ),
        ],
        base_form_class=CitySettingsForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """A city is made by `opencity_setup` and goes with its page: settings are neither added nor deleted here."""
        kept = [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("add", "delete")]
        return [*kept, path("<int:pk>/calendar/", admin_calendar.CalendarView.as_view(), name="calendar")]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{**kwargs, "add_url_name": None, "delete_url_name": None})
