"""Wagtail's own permissions for issues: no editor, token or bulk action changes one behind the procedure's back.

Hooks run in admin views only, so the refusal sits where every way asks: in the pages' permission tester.
"""

from wagtail.models import Page, PagePermissionTester


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


class IssueIndexPermissionTester(PagePermissionTester):
    """A city's page can be edited; what would carry its issues along is refused, and issues are never added here."""

    def can_add_subpage(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not self._has_issues() and bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_unpublish(self) -> bool:
        return not self._has_issues() and bool(super().can_unpublish())

    def can_copy(self) -> bool:
        return False

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        return False

    def can_move(self) -> bool:
        return not self._has_issues() and bool(super().can_move())

    def can_move_to(self, destination: Page) -> bool:
        return not self._has_issues() and bool(super().can_move_to(destination))

    def _has_issues(self) -> bool:
        return bool(self.page.numchild)
