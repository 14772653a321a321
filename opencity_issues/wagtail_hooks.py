"""What Wagtail's admin is told of issues: the menu, the lists without them, and refusals in words before they would fail.

The refusals here are for people; what holds is in `permissions.py`, the models and the database.
"""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from opencity_issues.actions.city.change_matrix import LOG_ACTION
from opencity_issues.actions.city.imports.run import LOG_ACTION as IMPORT
from opencity_issues.actions.clock.recount_deadlines import LOG_ACTION as RECOUNT
from opencity_issues.enums import Publication
from opencity_issues.models import IssueIndexPage, IssuePage
from opencity_issues.permissions import RecordsPolicy, is_in_use
from opencity_issues.views.admin.calendar import RecountTrace
from opencity_issues.views.admin.first_run import FirstRunPanel
from opencity_issues.views.admin.imports import ImportTrace
from opencity_issues.views.admin.matrix_trace import MatrixTrace
from opencity_issues.viewsets import IssuePageViewSet, OpenCityGroup


@hooks.register("register_admin_viewset")
def open_city_menu() -> ViewSetGroup:
    return OpenCityGroup()


if hasattr(PageViewSet, "edit_view_class"):  # Wagtail 8

    @hooks.register("register_admin_viewset")
    def issue_at_the_editors_address() -> ViewSet:
        return IssuePageViewSet()


@hooks.register("construct_homepage_panels")
def first_steps(request: HttpRequest, panels: list[Any]) -> None:
    """What a new city still needs, for the operator."""
    panels.append(FirstRunPanel())


@hooks.register("register_log_actions")
def trace_of_the_matrix(actions: LogActionRegistry) -> None:
    """What the histories of organisations say about a change of the responsibility matrix."""
    actions.register_action(LOG_ACTION)(MatrixTrace)


@hooks.register("register_log_actions")
def trace_of_recounts(actions: LogActionRegistry) -> None:
    """What the history of a city's settings says about deadlines counted anew."""
    actions.register_action(RECOUNT)(RecountTrace)


@hooks.register("register_log_actions")
def trace_of_imports(actions: LogActionRegistry) -> None:
    """What the history of a city's settings says about files that were imported."""
    actions.register_action(IMPORT)(ImportTrace)


@hooks.register("construct_explorer_page_queryset")
def explorer_without_issues(parent_page: Page, pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The explorer lists no issues by the thousand: they have a list of their own."""
    return pages.not_type(IssuePage)


@hooks.register("construct_page_chooser_queryset")
def chooser_with_published_issues(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Editors link to issues that the public can see."""
    return pages.exclude(pk__in=IssuePage.objects.exclude(publication=Publication.PUBLISHED).values("pk"))


@hooks.register("register_page_header_buttons")
def button_to_the_list(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """From a city's page to the list of its issues."""
    if page.specific_class is IssueIndexPage and RecordsPolicy(IssuePage).user_has_permission(user, "view"):
        yield Button(_("Issues"), reverse("opencity_admin_issues:index"), icon_name="list-ul", priority=5)


@hooks.register("before_delete_page")
def keep_city(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refusal(request, page, _("This page holds a city with issues or organisations and stays."))


@hooks.register("before_copy_page")
def keep_one_city(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method == "POST" and request.POST.get("copy_subpages"):
        return _refusal(request, page, _("This page holds a city with issues: copy it without its child pages."))
    return None


@hooks.register("before_unpublish_page")
def keep_city_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method == "POST" and request.POST.get("include_descendants"):
        return _refusal(request, page, _("This page holds a city with issues: unpublish it without its child pages."))
    return None


@hooks.register("before_bulk_action")
def keep_cities(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Bulk deletion of pages above a city."""
    if action_type != "delete":
        return None
    held = [one for one in objects if isinstance(one, Page) and is_in_use(one)]
    return (
        _refusal(request, held[0], _("This page holds a city with issues or organisations and stays."))
        if held
        else None
    )


def _refusal(request: HttpRequest, page: Page, message: str) -> HttpResponse | None:
    if not is_in_use(page):
        return None
    messages.error(request, message)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else page.pk)
