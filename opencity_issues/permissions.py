"""Wagtail's own permissions for issues: no editor, token or bulk action changes one behind the procedure's back."""

from typing import Any

from wagtail.models import PagePermissionTester


class IssuePagePermissionTester(PagePermissionTester):
    """Says no to everything but looking; the actions are the only way (design, 3)."""
