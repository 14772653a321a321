"""The admin's menu "Open City": what the city enters, and what the procedure recorded. Each by Django's permissions."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from opencity_issues.city_settings_viewset import CitySettingsViewSet
from opencity_issues.forms.admin import OrganisationForm
from opencity_issues.forms.icon_choice import IconChoice
from opencity_issues.guidance_viewsets import CategoryQuestionViewSet, CategoryStopViewSet
from opencity_issues.models import (
    Category,
    Citizen,
    District,
    IssuePage,
    Notice,
    Organisation,
    Responsibility,
)
from opencity_issues.panels import PlacePanel
from opencity_issues.permissions import RecordsPolicy
from opencity_issues.views.admin import districts as admin_districts
from opencity_issues.views.admin import editing as admin_editing
from opencity_issues.views.admin import matrix as admin_matrix
from opencity_issues.views.admin import records as admin_records
from opencity_issues.views.admin.first_run import FirstRunViewSet
from opencity_issues.views.admin.gazetteer import GazetteerViewSet
from opencity_issues.views.admin.imports import ImportViewSet
from opencity_issues.views.admin.operation import OperationViewSet


class RecordsViewSet(ModelViewSet):
    """Records that are listed and looked at, never written."""

    inspect_view_enabled = True
    inspect_view_class = admin_records.RecordsInspectView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["__str__"]
    form_fields: list[str] = []

    @cached_property
    def permission_policy(self) -> RecordsPolicy:
        return RecordsPolicy(self.model)

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        policy = self.permission_policy

        class RecordsMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return policy.user_has_permission(request.user, "view")

        return RecordsMenuItem

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), codename=f"view_{self.model_name}"
        )

    def register_permissions(self) -> None:
        from wagtail import hooks  # the superclass would register the policy for the model everywhere

        hooks.register("register_permissions", self.get_permissions_to_register)

    def register_admin_url_finder(self) -> None:
        """There is no address to edit a record at."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results", "inspect")
        ]


class IssueViewSet(RecordsViewSet):
    model = IssuePage
    name = "opencity_admin_issues"
    url_prefix = "opencity/issues"
    icon = "warning"
    menu_label = _("Issues")
    index_view_class = admin_records.IssueIndexView
    inspect_view_class = admin_records.IssueView

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{**_own(admin_records.IssueIndexView), **kwargs})


class NoticeViewSet(RecordsViewSet):
    model = Notice
    name = "opencity_admin_notices"
    url_prefix = "opencity/notices"
    icon = "mail"
    menu_label = _("Outbox")
    index_view_class = admin_records.NoticeIndexView
    inspect_view_fields = [
        "template",
        "recipient",
        "organisation",
        "issue",
        "created_at",
        "attempts",
        "sent_at",
        "failed_at",
        "last_error",
    ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{**_own(admin_records.NoticeIndexView), **kwargs})


class CitizenViewSet(RecordsViewSet):
    model = Citizen
    name = "opencity_admin_citizens"
    url_prefix = "opencity/citizens"
    icon = "group"
    menu_label = _("Citizens")
    index_view_class = admin_records.CitizenIndexView
    inspect_view_fields = [
        "user",
        "language",
        "show_name",
        "terms_version",
        "terms_accepted_at",
        "blocked_at",
        "block_reason",
    ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{**_own(admin_records.CitizenIndexView), **kwargs})


def _own(view: Any) -> dict[str, Any]:
    """What the list view says itself, so that the viewset's defaults do not overrule it."""
    return {
        "columns": view.columns,
        "paginate_by": view.paginate_by,
        "default_ordering": view.default_ordering,
        "filterset_class": view.filterset_class,
        **({"search_fields": view.search_fields} if getattr(view, "search_fields", None) else {}),
    }


class CategoryViewSet(SnippetViewSet):
    model = Category
    url_namespace = "opencity_admin_categories"
    url_prefix = "opencity/categories"
    icon = "tag"
    menu_label = _("Categories")
    add_to_admin_menu = False
    copy_view_enabled = False
    list_per_page = 100
    ordering = ["order", "code"]
    list_display = [
        "__str__",
        Column("name_en", label=_("name in English")),
        BooleanColumn("is_active", label=_("offered to citizens")),
    ]
    list_filter = ["is_active"]
    search_fields = ["code", "name_uk", "name_en"]
    edit_view_class = type("CategoryEditView", (admin_editing.CategoryEditMixin, SnippetViewSet.edit_view_class), {})
    delete_view_class = type("CategoryDeleteView", (admin_editing.KeepUsedMixin, SnippetViewSet.delete_view_class), {})
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("parent")]),
        FieldPanel("name_uk"),
        FieldPanel("name_en"),
        FieldPanel("words"),
        FieldPanel("icon", widget=IconChoice),
        FieldPanel("order"),
        FieldPanel("is_active"),
    ]


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    url_namespace = "opencity_admin_organisations"
    url_prefix = "opencity/organisations"
    icon = "group"
    menu_label = _("Organisations")
    add_to_admin_menu = False
    copy_view_enabled = False
    list_per_page = 100
    ordering = ["name_uk"]
    list_display = [
        "name_uk",
        "mailbox",
        BooleanColumn("is_executor", label=_("solves issues")),
        BooleanColumn("is_control_body", label=_("control body (2.9)")),
        BooleanColumn("is_moderator", label=_("moderator (2.5)")),
        Column("member_count", label=_("Members")),
        BooleanColumn("is_active", label=_("active")),
    ]
    list_filter = ["is_executor", "is_control_body", "is_moderator", "is_active", "city"]
    search_fields = ["name_uk", "name_en", "slug", "mailbox"]
    index_view_class = type(
        "OrganisationIndexView", (admin_editing.OrganisationIndexMixin, SnippetViewSet.index_view_class), {}
    )
    edit_view_class = type(
        "OrganisationEditView", (admin_editing.OrganisationEditMixin, SnippetViewSet.edit_view_class), {}
    )
    delete_view_class = type(
        "OrganisationDeleteView", (admin_editing.KeepUsedMixin, SnippetViewSet.delete_view_class), {}
    )
    edit_template_name = "opencity_issues/admin/organisation.html"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name_uk"),
                    FieldPanel("name_en"),
                    FieldPanel("slug"),
                    FieldPanel("city"),
                    FieldPanel("is_active"),
                ],
                heading=_("Organisation"),
            ),
            MultiFieldPanel(
                [FieldPanel("is_executor"), FieldPanel("is_control_body"), FieldPanel("is_moderator")],
                heading=_("Functions"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("mailbox"),
                    FieldPanel("phone"),
                    FieldPanel("language", widget=forms.Select(choices=settings.LANGUAGES)),
                ],
                heading=_("Mailbox"),
            ),
            MultiFieldPanel([FieldPanel("head_position"), FieldPanel("head_email")], heading=_("Head")),
            MultiFieldPanel(
                [FieldPanel("address"), PlacePanel("location", address_field="address")], heading=_("Place")
            ),
        ],
        base_form_class=OrganisationForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/invite/", admin_editing.InviteView.as_view(), name="invite"),
            path(
                "<int:pk>/members/<int:membership_pk>/end/",
                admin_editing.EndMembershipView.as_view(),
                name="end_membership",
            ),
        ]


class ResponsibilityViewSet(ModelViewSet):
    model = Responsibility
    name = "opencity_admin_responsibilities"
    url_prefix = "opencity/matrix"
    icon = "list-ul"
    menu_label = _("Responsibility matrix")
    copy_view_enabled = False
    list_per_page = 100
    ordering = ["category__order", "organisation__name_uk"]
    list_display = ["category", "organisation"]
    list_filter = ["category", "organisation"]
    search_fields = ["category__code", "category__name_uk", "organisation__name_uk"]
    index_view_class = admin_editing.ResponsibilityIndexView
    add_view_class = admin_editing.AddResponsibilitiesView
    form_fields = ["category", "organisation"]

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {"index_url_name": self.get_url_name("index"), **kwargs}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("grid/", admin_matrix.MatrixGridView.as_view(), name="grid"),
            path("import/", admin_matrix.MatrixImportView.as_view(), name="import"),
            path("export/", admin_matrix.MatrixExportView.as_view(), name="export"),
            path("where/", admin_matrix.WhereToView.as_view(), name="where"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse(self.get_url_name("grid"))


class DistrictViewSet(RecordsViewSet):
    """Districts come out of the city's scheme; here they are looked at and drawn anew."""

    model = District
    name = "opencity_admin_districts"
    url_prefix = "opencity/districts"
    icon = "site"
    menu_label = _("Districts")
    index_view_class = admin_districts.DistrictIndexView
    inspect_view_fields = ["city", "name_uk", "name_en"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{**_own(admin_districts.DistrictIndexView), **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("draw/", admin_districts.DrawDistrictsView.as_view(), name="draw"),
        ]


class OpenCityGroup(ModelViewSetGroup):
    menu_label = _("Open City")
    menu_icon = "site"
    menu_order = 150
    add_to_admin_menu = True
    items = (
        IssueViewSet,
        OrganisationViewSet,
        CategoryViewSet,
        CategoryStopViewSet,
        CategoryQuestionViewSet,
        ResponsibilityViewSet,
        DistrictViewSet,
        GazetteerViewSet,
        CitySettingsViewSet,
        CitizenViewSet,
        NoticeViewSet,
        FirstRunViewSet,
        ImportViewSet,
        OperationViewSet,
    )


class IssuePageViewSet(PageViewSet):
    """Wagtail's own addresses of a page: at the editor's an issue is only shown (Wagtail 8; in 7.4 it is refused)."""

    model = IssuePage
    edit_view_class = admin_records.IssueView
