"""What shipped groups may do, to the last permission: nobody rises by them to people, groups or tokens (trust, 5)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from opencity_cms.editors import AUTHORS, GROUP
from tests.factories import Town, person

GOLDEN = {
    "admin": {"wagtailadmin.access_admin", "simple_translation.submit_translation"},
    "pages": {"wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page"},
    "files": {
        "wagtailimages.add_image",
        "wagtailimages.change_image",
        "wagtailimages.choose_image",
        "wagtaildocs.add_document",
        "wagtaildocs.change_document",
        "wagtaildocs.choose_document",
    },
}


@pytest.fixture
def town(db):
    """With the host's content, which brings the editors' group along."""
    return Town(content=True)


def names(permissions):
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions.select_related("content_type")}


def test_editors_have_these_permissions_and_no_other(town):
    group = Group.objects.get(name=GROUP)
    assert names(group.permissions.all()) == GOLDEN["admin"]
    assert names(Permission.objects.filter(grouppagepermission__group=group)) == GOLDEN["pages"]
    assert names(Permission.objects.filter(groupcollectionpermission__group=group)) == GOLDEN["files"]
    assert not town.issue().author.groups.exists()
    authors = Group.objects.get(name=AUTHORS)
    assert names(authors.permissions.all()) == {"wagtailadmin.access_admin"}
    assert names(Permission.objects.filter(grouppagepermission__group=authors)) == {"wagtailcore.add_page"}
    assert names(Permission.objects.filter(groupcollectionpermission__group=authors)) == GOLDEN["files"]


def test_no_shipped_group_touches_people_groups_tokens_or_records(town):
    """Wagtail's own groups included."""
    kinds = {
        "user",
        "group",
        "permission",
        "apitoken",
        "membership",
        "organisation",
        "citizen",
        "issuepage",
        "citysettings",
    }
    for group in Group.objects.all():
        reached = set(group.permissions.values_list("content_type__model", flat=True))
        assert not reached & kinds, group


@pytest.mark.parametrize("role", ["author", "roads_worker", "moderator", "controller", "editor"])
def test_nobody_makes_a_superuser(town, client, role):
    user = person("editor@city.example") if role == "editor" else getattr(town, role)
    if role == "editor":
        user.groups.add(Group.objects.get(name=GROUP))
    client.force_login(user)
    for address in (reverse("wagtailusers_users:edit", args=[user.pk]), reverse("wagtailusers_users:add")):
        data = {"email": user.email, "first_name": "А", "last_name": "Б", "is_superuser": "on", "is_active": "on"}
        assert client.post(address, data).status_code in (302, 403)
    user.refresh_from_db()
    assert not user.is_superuser
