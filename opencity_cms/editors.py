"""The group of those who write beside the map: pages and pictures, nothing of people, groups, tokens or settings."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

GROUP = "Open City editors"

ADMIN = ("wagtailadmin.access_admin", "simple_translation.submit_translation")
PAGES = ("add_page", "change_page", "publish_page")
FILES = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)


def make_editors_group(home: Page) -> Group:
    """The group, with its permissions below a home page and its translations. Safe to repeat; what was added stays."""
    group, _made = Group.objects.get_or_create(name=GROUP)
    group.permissions.add(*_permissions(ADMIN))
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGES):
        for page in (home, *home.get_translations()):
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    for permission in _permissions(FILES):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    return group


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    found = []
    for name in names:
        app, _dot, codename = name.partition(".")
        found.extend(Permission.objects.filter(content_type__app_label=app, codename=codename))
    return found
