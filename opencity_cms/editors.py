"""Those who write beside the map: pages and pictures, nothing of people, groups, tokens or settings.

Editors publish. Authors write and hand in; what they hand in, an editor approves (Wagtail's workflow).
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from opencity_cms.texts import APPROVAL

GROUP = "Open City editors"
AUTHORS = "Open City authors"

ADMIN = ("wagtailadmin.access_admin",)
TRANSLATION = ("simple_translation.submit_translation",)
WRITING = ("add_page",)
PUBLISHING = ("add_page", "change_page", "publish_page")
FILES = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)


def make_editors_group(home: Page) -> Group:
    """Both groups with their permissions below a home page and its translations; returns the editors'.

    Safe to repeat; what was added by hand stays.
    """
    editors = _group(GROUP, home, ADMIN + TRANSLATION, PUBLISHING)
    _group(AUTHORS, home, ADMIN, WRITING)
    _lay_out_approval(home, editors)
    return editors


def _group(name: str, home: Page, permissions: tuple[str, ...], pages: tuple[str, ...]) -> Group:
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.add(*_permissions(permissions))
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=pages):
        for page in (home, *home.get_translations()):
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    for permission in _permissions(FILES):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    return group


def _lay_out_approval(home: Page, editors: Group) -> None:
    """What is handed in goes to the editors, unless the host has set another workflow for these pages."""
    pages = [page for page in (home, *home.get_translations()) if not WorkflowPage.objects.filter(page=page).exists()]
    if not pages:
        return
    workflow = Workflow.objects.filter(name=APPROVAL, active=True).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=APPROVAL)
        task = GroupApprovalTask.objects.create(name=APPROVAL)
        task.groups.add(editors)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in pages:
        WorkflowPage.objects.create(workflow=workflow, page=page)


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    found = []
    for name in names:
        app, _dot, codename = name.partition(".")
        found.extend(Permission.objects.filter(content_type__app_label=app, codename=codename))
    return found
