"""Wagtail's own permissions for issues: no editor, token or bulk action changes one behind the procedure's back.

Hooks run in admin views only, so the refusal sits where every way asks: in the pages' permission tester. The policies
below say what lists show: Wagtail's lists of editable pages no issue, and the records of the procedure to be read only.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail import permissions
from wagtail.models import Page, PagePermissionTester
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from opencity_issues.models import IssueIndexPage, IssuePage


class IssuePagePermissionTester(PagePermissionTester):
    """Says no to everything; `actions/` are the only way to change an issue (design, 3). Looking needs no permission here."""

    def can_add_subpage(self) -> bool:
        return False

    def can_edit(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_publish(self) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        return False

    def can_view_revisions(self) -> bool:
        return False


class IssueIndexPermissionTester(PagePermissionTester):
    """A city's page can be edited; what would carry its issues along is refused, and issues are never added here."""

    def can_add_subpage(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not is_in_use(self.page) and bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_unpublish(self) -> bool:
        return not is_in_use(self.page) and bool(super().can_unpublish())

    def can_copy(self) -> bool:
        return False

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        return False

    def can_move(self) -> bool:
        return not is_in_use(self.page) and bool(super().can_move())

    def can_move_to(self, destination: Page) -> bool:
        return not is_in_use(self.page) and bool(super().can_move_to(destination))


def is_in_use(page: Page) -> bool:
    """Whether a page is, or holds, a city with issues or organisations: it stays, and is not copied with its children."""
    cities = IssueIndexPage.objects.descendant_of(page, inclusive=True)
    return cities.filter(numchild__gt=0).exists() or cities.filter(organisations__isnull=False).exists()


class PagesWithoutIssues(PagePermissionPolicy):
    """Wagtail's policy for pages, but issues are in no list of what one may edit or explore, a superuser's neither.

    What is not published stays unseen by editors so, and the explorer does not list issues by the thousand.
    """

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        return _without_issues(super().instances_user_has_any_permission_for(user, actions))

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        return _without_issues(super().explorable_instances(user))


def _without_issues(pages: QuerySet[Any]) -> QuerySet[Any]:
    return pages.exclude(content_type=ContentType.objects.get_for_model(IssuePage))


def register_page_policy() -> None:
    """Put `PagesWithoutIssues` in the place of Wagtail's own policy; a host's own policy stays.

    Wagtail 7.4 has no registry of policies: there the explorer's hook alone keeps issues out of lists.
    """
    registry = getattr(permissions, "policy_registry", None)
    if registry is not None and type(registry.get_by_type(Page)) is PagePermissionPolicy:
        permissions.register_permission_policy(Page, PagesWithoutIssues())


class RecordsPolicy(ModelPermissionPolicy):
    """Records of the procedure: read with Django's permission to view, changed by nobody in the admin."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)
