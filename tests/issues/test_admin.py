"""The operator's menu in Wagtail's admin: who sees it, what it lists and saves, and that no page asks another host."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from opencity_issues.actions.moderate_issue import block_citizen
from opencity_issues.models import (
    CalendarDay,
    Category,
    Invitation,
    IssuePage,
    MapCell,
    Membership,
    Notice,
    Organisation,
    Responsibility,
)
from opencity_issues.models.map_cell import recount
from opencity_issues.models.settings import CityScheme
from tests.factories import NOON, person

LISTS = {
    "issues": "index",
    "notices": "index",
    "citizens": "index",
    "responsibilities": "index",
    "city": "index",
    "categories": "list",
    "organisations": "list",
}
FOREIGN = re.compile(
    r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//(?!testserver)[^"')\s]+|unpkg|nominatim|googleapis""",
    re.IGNORECASE,
)


@pytest.fixture
def operator(town, client):
    user = person("operator@city.example", name="Оксана Оператор", is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def editor(town, client):
    """Every page permission there is, on the whole tree, and nothing else."""
    user = person("editor@city.example", name="Едуард Редактор")
    group = Group.objects.create(name="Pages")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page"):
        GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=permission)
    user.groups.add(group)
    client.force_login(user)
    return user


def address(name, view, *args):
    return reverse(f"opencity_admin_{name}:{view}", args=args)


@pytest.mark.parametrize(("name", "view"), LISTS.items())
def test_operator_opens_each_list(town, operator, client, name, view):
    town.issue()
    assert client.get(address(name, view)).status_code == 200


@pytest.mark.parametrize(("name", "view"), LISTS.items())
def test_page_editor_opens_none(editor, client, name, view):
    assert client.get(address(name, view)).status_code == 302


def test_menu_is_for_those_with_permissions(town, operator, client):
    assert "Open City" in client.get(reverse("wagtailadmin_home"), headers={"accept-language": "en"}).content.decode()


def test_menu_is_not_for_page_editors(editor, client):
    page = client.get(reverse("wagtailadmin_home"), headers={"accept-language": "en"}).content.decode()
    assert "/admin/opencity/" not in page


def test_permission_to_view_is_enough_to_look(town, client):
    reader = person("reader@city.example")
    for codename in ("access_admin", "view_issuepage"):
        reader.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(reader)
    issue = town.issue()
    assert client.get(address("issues", "index")).status_code == 200
    assert client.get(address("issues", "inspect", issue.pk)).status_code == 200
    assert client.get(address("notices", "index")).status_code == 302


def test_each_page_keeps_to_this_host(town, operator, client):
    issue = town.issue()
    Notice.objects.update(failed_at=NOON, last_error="550")
    pages = [address(name, view) for name, view in LISTS.items()] + [
        address("issues", "inspect", issue.pk),
        address("notices", "inspect", Notice.objects.first().pk),
        address("categories", "edit", Category.objects.first().pk),
        address("organisations", "add"),
        address("organisations", "edit", town.roads.pk),
        address("responsibilities", "add"),
        address("city", "edit", town.city.config.pk),
        reverse("wagtailadmin_pages:edit", args=[issue.pk]),
        reverse("wagtailadmin_explore", args=[town.city.pk]),
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        # Wagtail's own help link is followed by people, not loaded.
        loaded = re.sub(r"<a\b[^>]*>", "", response.content.decode())
        assert not FOREIGN.findall(loaded), page


@pytest.mark.parametrize("count", [1, 30])
def test_list_of_issues_asks_the_same_few_questions(town, operator, client, count, django_assert_max_num_queries):
    for number in range(count):
        town.issue(title=f"Яма {number}", now=NOON + timedelta(days=number), categories=["3.8", "2.2"])
    client.get(address("issues", "index"))
    with django_assert_max_num_queries(15):
        client.get(address("issues", "index"))


def shown(client, **query):
    response = client.get(address("issues", "index"), query)
    assert response.status_code == 200
    return [issue.pk for issue in response.context["object_list"]]


def test_issues_are_found_by_number_title_and_filters(town, operator, client):
    hole = town.issue(title="ЯМА біля школи")
    lamp = town.issue(title="Темна вулиця", categories=["2.2"], now=NOON + timedelta(days=5))
    town.accept(lamp, town.lighting)
    assert shown(client) == [lamp.pk, hole.pk]
    assert shown(client, q=str(hole.number)) == [hole.pk]
    assert shown(client, q=f"№ {lamp.number}") == [lamp.pk]
    assert shown(client, q="яма") == [hole.pk]
    assert shown(client, status="accepted") == [lamp.pk]
    assert shown(client, publication="held") == []
    assert shown(client, category=Category.objects.get(code="3").pk) == [hole.pk]
    assert shown(client, organisation=town.lighting.pk) == [lamp.pk]
    assert shown(client, submitted_at_from="2026-03-05") == [lamp.pk]
    assert shown(client, submitted_at_to="2026-03-05") == [hole.pk]


def test_at_the_editors_address_an_issue_is_only_shown(town, operator, client):
    issue = town.issue()
    url = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    page = client.get(url).content.decode()
    assert issue.get_absolute_url() in page
    assert reverse("opencity_issues:cabinet", args=["roads"]) in page
    assert "data-opencity-read-only" in page
    assert town.author.email in page  # the operator alone
    assert client.post(url, {"title": "Інше"}).status_code == 405


def test_editor_sees_there_what_the_public_sees(town, editor, client):
    published = town.issue()
    held = town.issue(description="Тут блядь яма", now=NOON + timedelta(minutes=1))
    assert held.publication == "held"
    page = client.get(reverse("wagtailadmin_pages:edit", args=[published.pk]))
    assert page.status_code == 200
    assert town.author.email not in page.content.decode()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[held.pk])).status_code == 302


@pytest.mark.parametrize("who", ["operator", "editor"])
def test_explorer_and_search_list_no_issues(town, client, request, who):
    request.getfixturevalue(who)
    issue = town.issue(title="Унікальна назва")
    for url in (
        reverse("wagtailadmin_explore", args=[town.city.pk]),
        reverse("wagtailadmin_explore", args=[town.city.pk]) + "?q=" + "Унікальна",
        reverse("wagtailadmin_pages:search") + "?q=" + "Унікальна",
    ):
        page = client.get(url)
        assert page.status_code == 200
        listed = {one.pk for one in page.context["object_list"]}
        assert issue.pk not in listed


def test_chooser_offers_published_issues_alone(town, operator, client):
    published = town.issue(title="Видима")
    held = town.issue(description="Тут блядь яма", title="Невидима", now=NOON + timedelta(minutes=1))
    page = client.get(reverse("wagtailadmin_choose_page_child", args=[town.city.pk])).json()["html"]
    assert published.title in page
    assert held.title not in page


def organisation_fields(organisation, **changes):
    fields = (
        "name_uk",
        "name_en",
        "slug",
        "mailbox",
        "phone",
        "address",
        "location",
        "head_position",
        "head_email",
        "language",
    )
    data = {name: getattr(organisation, name) for name in fields}
    data |= {"city": organisation.city_id, "is_active": "on", "is_executor": "on"}
    return data | changes


def test_organisation_is_saved_with_its_place(town, operator, client):
    place = "SRID=4326;POINT(25.86 51.35)"
    url = address("organisations", "edit", town.roads.pk)
    response = client.post(url, organisation_fields(town.roads, location=place, head_position="Начальник"))
    assert response.status_code == 302
    town.roads.refresh_from_db()
    assert town.roads.point == (25.86, 51.35)
    assert town.roads.head_position == "Начальник"


def test_organisation_refuses_what_is_no_place(town, operator, client):
    response = client.post(
        address("organisations", "edit", town.roads.pk), organisation_fields(town.roads, location="десь тут")
    )
    assert response.status_code == 200
    assert response.context["form"].errors["location"]


def test_new_organisation(town, operator, client):
    data = organisation_fields(Organisation(city=town.city, slug="parks", name_uk="Парки", language="uk"))
    assert client.post(address("organisations", "add"), data).status_code == 302
    assert Organisation.objects.get(slug="parks").city == town.city


def test_ending_a_membership_hands_over(town, operator, client):
    issue = town.issue()
    town.accept(issue, town.roads)
    heir = person("heir@city.example")
    town.join(town.roads, heir)
    membership = Membership.objects.get(user=town.roads_worker)
    page = client.get(address("organisations", "edit", town.roads.pk)).content.decode()
    end = address("organisations", "end_membership", town.roads.pk, membership.pk)
    assert end in page
    client.post(end)
    membership.refresh_from_db()
    assert membership.left_at is not None
    assert issue.assignments.get().worker == heir


def test_inviting_sends_a_letter(town, operator, client, mailoutbox):
    client.post(address("organisations", "invite", town.roads.pk), {"email": "new@city.example", "position": "Інженер"})
    assert Invitation.objects.get().email == "new@city.example"
    assert mailoutbox[-1].to == ["new@city.example"]


@pytest.mark.parametrize("view", ["invite", "end_membership"])
def test_members_are_no_business_of_page_editors(town, editor, client, view):
    membership = Membership.objects.get(user=town.roads_worker)
    args = [town.roads.pk] + ([membership.pk] if view == "end_membership" else [])
    client.post(address("organisations", view, *args), {"email": "new@city.example"})
    membership.refresh_from_db()
    assert membership.left_at is None
    assert not Invitation.objects.exists()


def test_used_organisation_and_category_stay(town, operator, client):
    town.issue()
    client.post(address("organisations", "delete", town.roads.pk))
    client.post(address("categories", "delete", Category.objects.get(code="3.8").pk))
    assert Organisation.objects.filter(pk=town.roads.pk).exists()
    assert Category.objects.filter(code="3.8").exists()


def test_several_rows_of_the_matrix_at_once(town, operator, client):
    categories = [Category.objects.get(code=code) for code in ("3", "8", "7.1")]
    data = {"organisation": town.roads.pk, "categories": [category.pk for category in categories]}
    assert client.post(address("responsibilities", "add"), data).status_code == 302
    assert set(Responsibility.objects.filter(organisation=town.roads).values_list("category__code", flat=True)) == {
        "3",
        "8",
        "7.1",
    }


def test_matrix_is_filtered_and_cheap(town, operator, client, django_assert_max_num_queries):
    Responsibility.objects.bulk_create(
        [Responsibility(category=category, organisation=town.control) for category in Category.objects.all()]
    )
    client.get(address("responsibilities", "index"))
    with django_assert_max_num_queries(20):
        page = client.get(address("responsibilities", "index"), {"organisation": town.control.pk})
    assert len(page.context["object_list"]) == Category.objects.count()


def test_moving_a_category_counts_the_map_anew(town, operator, client):
    issue = town.issue()
    category = Category.objects.get(code="3.8")
    parent = Category.objects.get(code="8")
    data = {
        "code": "8.99",
        "parent": parent.pk,
        "name_uk": category.name_uk,
        "order": category.order,
        "is_active": "on",
    }
    assert client.post(address("categories", "edit", category.pk), data).status_code == 302
    kept = set(MapCell.objects.values_list("category_id", "count"))
    recount(town.city)
    assert {row for row in kept if row[1]} == set(MapCell.objects.values_list("category_id", "count"))
    assert (parent.pk, 1) in kept
    assert issue.is_published


def city_fields(config, **changes):
    names = (
        "city_name",
        "terms_url",
        "control_mailbox",
        "support_email",
        "stop_words",
        "centre",
        "zoom",
        "west",
        "east",
        "south",
        "north",
        "base_map",
        "tiles_url",
        "tiles_attribution",
        "wms_layers",
        "warning_text",
        "repeated_text",
        "digest_hour",
        "time_zone",
        "country",
    )
    days = {"days-TOTAL_FORMS": "1", "days-INITIAL_FORMS": "0", "days-0-date": "", "days-0-name": ""}
    return {name: getattr(config, name) for name in names} | days | changes


def test_city_settings_and_days_are_saved_together(town, operator, client):
    config = town.city.config
    url = address("city", "edit", config.pk)
    data = city_fields(
        config,
        **{
            "city_name": "Місто",
            "hold_everything": "on",
            "centre": "SRID=4326;POINT(25.84 51.34)",
            "days-0-date": "2026-12-25",
            "days-0-name": "Різдво",
        },
    )
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    config.refresh_from_db()
    assert (config.city_name, config.hold_everything, config.centre_point) == ("Місто", True, (25.84, 51.34))
    assert not CityScheme.objects.filter(city=town.city).exists()
    assert CalendarDay.objects.get().name == "Різдво"


def test_nothing_of_the_city_is_saved_beside_a_wrong_day(town, operator, client):
    config = town.city.config
    response = client.post(
        address("city", "edit", config.pk), city_fields(config, **{"city_name": "Інше", "days-0-date": "колись"})
    )
    assert response.status_code == 200
    config.refresh_from_db()
    assert config.city_name == "Тестове"


@pytest.mark.parametrize(
    ("content", "taken"),
    [(b'{"type": "FeatureCollection", "features": []}', True), (b"[]", False), (b"\xff\xfe", False)],
)
def test_scheme_is_taken_from_a_geojson_file(town, operator, client, content, taken):
    config = town.city.config
    data = city_fields(config, scheme_file=SimpleUploadedFile("scheme.geojson", content))
    response = client.post(address("city", "edit", config.pk), data)
    assert (response.status_code == 302) is taken
    assert CityScheme.objects.filter(city=town.city).exists() is taken


def test_failed_letters_and_blocked_people_are_found(town, operator, client):
    town.issue()
    notice = Notice.objects.first()
    Notice.objects.filter(pk=notice.pk).update(failed_at=NOON, last_error="550 немає такої скриньки")
    page = client.get(address("notices", "index"), {"state": "failed"})
    assert [one.pk for one in page.context["object_list"]] == [notice.pk]
    assert "550 немає" in page.content.decode()
    block_citizen(town.author, reason="Образи", actor=town.moderator, organisation=town.ngo)
    page = client.get(address("citizens", "index"), {"blocked": "true"})
    assert [one.user for one in page.context["object_list"]] == [town.author]


@pytest.mark.parametrize("name", ["issues", "notices", "citizens"])
def test_records_have_no_address_to_write_to(town, operator, client, name):
    town.issue()
    for path in ("new/", "edit/1/", "delete/1/", "copy/1/"):
        assert client.get(address(name, "index") + path).status_code == 404
    assert IssuePage.objects.count() == 1
