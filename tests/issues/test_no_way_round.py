"""No way round the procedure: whatever Wagtail offers, nobody changes an issue, its history or its publication by it."""

import json
from copy import deepcopy
from datetime import timedelta
from hashlib import sha256

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client, override_settings
from django.urls import include, path, reverse
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.api.v3.urls import api as api_v3
from wagtail.models import APIToken, GroupPagePermission, Locale, Page, PagePermissionTester, Revision, Site

from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.models import Assignment, Deadline, Event, IssueIndexPage, IssuePage
from opencity_issues.permissions import IssueIndexPermissionTester, IssuePagePermissionTester
from tests.factories import NOON, Town, person

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [
    path("api/v2/", router.urls),
    path("api/v3/", api_v3.urls),
    path("", include("opencity_site.urls")),
]

ROLES = ("anonymous", "citizen", "worker", "moderator", "control", "editor", "superuser")
SITUATIONS = ("held", "open", "accepted", "closed", "archived", "taken_down")

BY_PAGE = {
    "edit": {"title": "Інша", "slug": "insha", "status": "closed", "publication": "published", "action-publish": "1"},
    "preview_on_edit": {"title": "Інша"},
    "delete": {},
    "unpublish": {"include_descendants": "on"},
    "convert_alias": {},
    "lock": {},
    "unlock": {},
    "copy": {"new_title": "Копія", "new_slug": "kopiia", "copy_subpages": "on", "publish_copies": "on"},
    "set_privacy": {"restriction_type": "login"},
    "set_page_position": {"position": "0"},
    "history": {},
    "workflow_history": {},
    "usage": {},
    "view_draft": {},
    "revisions_index": {},
    "confirm_workflow_cancellation": {},
    "move": {},
}
BULK = {
    "delete": {},
    "publish": {"include_descendants": "on"},
    "unpublish": {"include_descendants": "on"},
    "move": {},
}
V3 = {
    "publish": {},
    "unpublish": {"recursive": True},
    "copy": {"slug": "kopiia-2"},
    "delete": None,
    "convert_alias": {},
    "create_alias": {"slug": "alias-2"},
    "copy_for_translation": {"locale": "en", "copy_parents": True},
}


class Scene:
    """A town with an issue in every situation, and somebody in every role."""

    def __init__(self):
        self.town = town = Town()
        moment = iter(range(1, 99))

        def issue(**said):
            return town.issue(now=NOON + timedelta(hours=2 * next(moment)), **said)

        self.issues = {
            "held": issue(description="Тут блядь яма"),
            "open": issue(),
            "accepted": town.accept(issue(), town.roads),
            "archived": town.archive(issue()),
            "closed": town.close(issue()),
            "taken_down": take_down(
                issue(), ground="obscene", reason="Образа", actor=town.moderator, organisation=town.ngo
            ),
        }
        self.people = {
            "citizen": town.author,
            "worker": town.roads_worker,
            "moderator": town.moderator,
            "control": town.controller,
            "editor": person("editor@city.example"),
            "superuser": person("root@city.example", is_superuser=True),
        }
        self._let_edit_everything(self.people["editor"])
        self.home = Site.objects.get(is_default_site=True).root_page
        self.elsewhere = self.home.add_child(instance=Page(title="Elsewhere", slug="elsewhere"))

    def _let_edit_everything(self, user):
        group = Group.objects.create(name="Every page permission")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page"):
            GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=permission)
        user.groups.add(group)

    def client(self, role):
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(self.people[role])
        return client

    def revision_of(self, issue):
        """An old revision, as code of a host could have saved one, that says other things."""
        page = IssuePage.objects.get(pk=issue.pk)
        content = page.serializable_data() | {
            "title": "Стара",
            "status": "closed",
            "publication": "held",
            "live": False,
        }
        return Revision.objects.create(
            content_object=page, base_content_type=page.get_base_content_type(), content=content, created_at=NOON
        )

    def trace(self):
        """Everything that must not change, of every issue."""
        said = [
            *IssuePage.objects.order_by("pk").values_list(
                "pk",
                "path",
                "title",
                "slug",
                "description",
                "status",
                "again",
                "reopening",
                "publication",
                "live",
                "locked",
                "alias_of_id",
                "event_count",
                "city_id",
                "locale_id",
            ),
            *Event.objects.order_by("pk").values_list(),
            *Assignment.objects.order_by("pk").values_list(),
            *Deadline.objects.order_by("pk").values_list(),
            *IssueIndexPage.objects.order_by("pk").values_list("pk", "path", "live", "numchild"),
        ]
        return sha256(repr(said).encode()).hexdigest()


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    """The scene costs more than each test: it is made once, in a transaction around them all."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        made = Scene()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def scene(made_once, db):
    return deepcopy(made_once)


@pytest.mark.parametrize("role", ROLES)
def test_no_admin_address_of_a_page_changes_an_issue(scene, role):
    client, before = scene.client(role), scene.trace()
    for issue in scene.issues.values():
        for name, data in BY_PAGE.items():
            response = client.post(reverse(f"wagtailadmin_pages:{name}", args=[issue.pk]), data)
            # Cancelling a workflow asks whether there is one.
            fine = (200, 302, 403) if name == "confirm_workflow_cancellation" else (302, 403, 404, 405)
            assert response.status_code in fine, (name, response.status_code)
    assert scene.trace() == before


@pytest.mark.parametrize("role", ["editor", "superuser", "moderator"])
def test_no_address_with_a_revision_or_a_destination_changes_an_issue(scene, role):
    client = scene.client(role)
    issues = [scene.issues[name] for name in ("open", "archived", "held")]
    revisions = [scene.revision_of(issue).pk for issue in issues]
    before = scene.trace()
    for issue, revision in zip(issues, revisions, strict=True):
        addresses = {
            reverse("wagtailadmin_pages:revisions_revert", args=[issue.pk, revision]): {},
            reverse("wagtailadmin_pages:revisions_unschedule", args=[issue.pk, revision]): {},
            reverse("wagtailadmin_pages:revisions_view", args=[issue.pk, revision]): {},
            reverse("wagtailadmin_pages:revisions_compare", args=[issue.pk, "earliest", revision]): {},
            reverse("wagtailadmin_pages:edit", args=[issue.pk]): {
                "action-publish": "1",
                "revision": revision,
                "title": "Стара",
            },
            reverse("wagtailadmin_pages:move_confirm", args=[issue.pk, scene.elsewhere.pk]): {},
            reverse("wagtailadmin_pages:workflow_action", args=[issue.pk, "approve", 1]): {},
            reverse("wagtailadmin_pages:collect_workflow_action_data", args=[issue.pk, "approve", 1]): {},
            reverse("wagtailadmin_pages:add_subpage", args=[issue.pk]): {},
            reverse("wagtailadmin_pages:add", args=["opencity_issues", "issuepage", issue.city_id]): {"title": "Нова"},
            reverse("wagtailadmin_pages:add", args=["wagtailcore", "page", issue.pk]): {"title": "Нова"},
        }
        for address, data in addresses.items():
            response = client.post(address, data)
            assert response.status_code in (302, 403, 404, 405), (address, response.status_code)
    assert scene.trace() == before


@pytest.mark.parametrize("role", ["anonymous", "worker", "editor", "superuser"])
def test_no_bulk_action_changes_an_issue(scene, role):
    client, before = scene.client(role), scene.trace()
    query = "&".join(f"id={issue.pk}" for issue in scene.issues.values())
    for action, data in BULK.items():
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        client.post(f"{address}?{query}", {**data, "chooser": scene.elsewhere.pk, "wagtail_site_name": "Open City"})
        client.post(f"{address}?id=all&childOf={scene.town.city.pk}", {**data, "chooser": scene.elsewhere.pk})
    assert scene.trace() == before


@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_nothing_done_to_the_pages_above_carries_issues_along(scene, role):
    client, before = scene.client(role), scene.trace()
    city, home = scene.town.city, scene.home
    confirmed = {"wagtail_site_name": "Open City", "new_parent_page": str(Page.get_first_root_node().pk)}
    for page in (city, home):
        for name in ("delete", "unpublish", "copy", "move", "set_page_position", "convert_alias"):
            client.post(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]), {**BY_PAGE[name], **confirmed})
        for action, data in BULK.items():
            if action == "move" and page == home:
                continue  # a site's home may go elsewhere in the tree, with all that is below it
            address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            client.post(f"{address}?id={page.pk}", {**data, **confirmed, "chooser": scene.elsewhere.pk})
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[city.pk, scene.elsewhere.pk]))
    assert scene.trace() == before


@pytest.mark.parametrize("role", ["citizen", "editor", "superuser"])
@override_settings(ROOT_URLCONF=__name__)
def test_admin_api_changes_no_issue(scene, role):
    client, before = scene.client(role), scene.trace()
    actions = {
        "publish": {},
        "unpublish": {"recursive": "true"},
        "delete": {},
        "convert_alias": {},
        "copy": {"keep_live": "true"},
        "create_alias": {},
        "move": {"destination_page_id": scene.elsewhere.pk},
        "revert_to_page_revision": {"revision_id": 1},
        "copy_for_translation": {"locale": "en"},
    }
    for issue in scene.issues.values():
        for action, data in actions.items():
            response = client.post(f"/admin/api/main/pages/{issue.pk}/action/{action}/", data)
            assert response.status_code in (302, 400, 401, 403, 404, 405), (action, response.status_code)
    assert scene.trace() == before


@pytest.mark.parametrize("role", ["anonymous", "citizen", "worker", "editor", "superuser"])
@override_settings(ROOT_URLCONF=__name__)
def test_writing_api_changes_no_issue(scene, role):
    Locale.objects.get_or_create(language_code="en")
    client = scene.client("anonymous")
    headers = token_of(scene, role)
    revision = scene.revision_of(scene.issues["archived"])
    before = scene.trace()
    for issue in scene.issues.values():
        base = f"/api/v3/pages/{issue.pk}/"
        calls = [
            *(("post", f"{base}actions/{name}/", data) for name, data in V3.items() if data is not None),
            ("delete", f"{base}actions/delete/", None),
            ("delete", base, None),
            ("patch", base, {"title": "Інша", "meta": {"type": "opencity_issues.IssuePage"}}),
            ("post", f"{base}actions/move/", {"destination_id": scene.elsewhere.pk, "position": "last-child"}),
            ("post", f"{base}actions/revert/", {"revision_id": revision.pk}),
        ]
        for method, address, data in calls:
            response = getattr(client, method)(address, data=data, content_type="application/json", headers=headers)
            assert response.status_code in (400, 401, 403, 404, 405, 422), (
                address,
                response.status_code,
                response.content,
            )
    assert scene.trace() == before


@override_settings(ROOT_URLCONF=__name__)
def test_writing_api_does_not_carry_issues_along_with_pages_above(scene):
    client, headers, before = scene.client("anonymous"), token_of(scene, "superuser"), scene.trace()
    for page in (scene.town.city, scene.home):
        base = f"/api/v3/pages/{page.pk}/actions/"
        for name, data in {
            "unpublish": {"recursive": True},
            "copy": {"recursive": True, "slug": "copy-of-all", "destination_id": 1},
            "create_alias": {"recursive": True, "slug": "alias-of-all", "destination_id": 1},
        }.items():
            client.post(f"{base}{name}/", data=data, content_type="application/json", headers=headers)
        client.delete(f"{base}delete/", headers=headers)
    issues = IssuePage.objects.count()
    IssueIndexPage.objects.exclude(pk=scene.town.city.pk).delete()
    assert issues == len(scene.issues)
    assert scene.trace() == before


def token_of(scene, role):
    if role == "anonymous":
        return {}
    key = APIToken.generate_token()
    APIToken.objects.create(user=scene.people[role], name="test", key_hash=APIToken.hash_token(key))
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("role", ["anonymous", "editor", "superuser"])
@override_settings(ROOT_URLCONF=__name__)
def test_reading_apis_give_nothing_unpublished_or_private(scene, version, role):
    headers = token_of(scene, role) if version == "v3" else {}
    client = scene.client("anonymous" if version == "v3" else role)
    hidden = [scene.issues["held"], scene.issues["taken_down"]]
    IssuePage.objects.filter(pk__in=[issue.pk for issue in hidden]).update(title="Прихована назва")
    fields = "&fields=*" if version == "v2" else ""
    for query in (
        "?limit=20",
        "?limit=20&type=opencity_issues.IssuePage",
        "?limit=20&child_of=" + str(scene.town.city.pk),
    ):
        response = client.get(f"/api/{version}/pages/{query}{fields}", headers=headers)
        assert response.status_code in (200, 400, 422), response.content
        told = response.content.decode()
        for private in ("Прихована назва", "author@people.example", "Авторка", '"description"', '"author"', '"owner"'):
            assert private not in told, private
            assert json.dumps(private).strip('"') not in told, private
    for issue in hidden:
        assert client.get(f"/api/{version}/pages/{issue.pk}/", headers=headers).status_code == 404


@pytest.mark.parametrize("tester", [IssuePagePermissionTester, IssueIndexPermissionTester])
def test_every_question_of_wagtails_tester_has_our_answer(tester):
    """A later Wagtail that asks something new fails here, and not on a town's site."""
    asked = {name for name in dir(PagePermissionTester) if name.startswith("can_")}
    ours = {name for name in vars(tester) if name.startswith("can_")}
    harmless = {
        "can_edit",
        "can_publish",
        "can_lock",
        "can_unlock",
        "can_unschedule",
        "can_submit_for_moderation",
        "can_set_view_restrictions",
        "can_view_revisions",
    }
    assert asked - ours == (set() if tester is IssuePagePermissionTester else harmless)


@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_base_page_gives_the_same_answers(scene, role):
    """Explorer and bulk actions work on objects of the base class."""
    for issue in scene.issues.values():
        tester = Page.objects.get(pk=issue.pk).permissions_for_user(scene.people[role])
        assert isinstance(tester, IssuePagePermissionTester)
        asked = [name for name in dir(tester) if name.startswith("can_") and name not in ("can_move_to", "can_copy_to")]
        assert not any(getattr(tester, name)() for name in asked)
        assert not tester.can_move_to(scene.elsewhere)
        assert not tester.can_copy_to(scene.elsewhere)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_code_of_a_host_cannot_do_it_by_accident(scene, situation):
    issue, before = scene.issues[situation], scene.trace()
    page = IssuePage.objects.get(pk=issue.pk)
    for deed in (
        lambda: page.copy(update_attrs={"slug": "copy"}),
        lambda: page.create_alias(update_slug="alias"),
        page.delete,
    ):
        with pytest.raises(PermissionDenied), transaction.atomic():
            deed()
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.filter(pk=issue.pk).delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        scene.home.delete()
    scene.revision_of(issue).publish()
    page = IssuePage.objects.get(pk=issue.pk)
    page.unpublish()
    after = IssuePage.objects.get(pk=issue.pk)
    assert (after.status, after.publication, after.live) == (issue.status, issue.publication, issue.is_published)
    assert Event.objects.filter(issue=issue).count() == after.event_count
    assert IssuePage.objects.count() == len(scene.issues)
    assert before


def test_the_city_still_moves_by_code(scene):
    """The content around it puts the city under its home page."""
    scene.town.city.move(scene.elsewhere, pos="last-child")
    assert IssuePage.objects.descendant_of(scene.elsewhere).count() == len(scene.issues)


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'comment'", "DELETE FROM {}"])
def test_database_itself_refuses_to_rewrite_history(scene, statement):
    before = scene.trace()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(Event._meta.db_table))
    assert scene.trace() == before
