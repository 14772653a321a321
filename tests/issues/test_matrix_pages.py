"""The pages of the responsibility matrix: the operator's grid in the admin, the control body's room, the districts."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from opencity_issues.models import Category, CityScheme, District, Organisation, Responsibility
from opencity_issues.queries.matrix.matrix import read_matrix
from tests.factories import Town, person

ADMIN = "opencity_admin_responsibilities"
ROOM = "/organisations/control/cabinet/matrix/"


def address(view: str) -> str:
    return reverse(f"{ADMIN}:{view}")


def cell(code: str, organisation: Organisation) -> str:
    return f"{Category.objects.get(code=code).pk}-{organisation.pk}"


def rows() -> set[tuple[str, str]]:
    return set(Responsibility.objects.values_list("category__code", "organisation__slug"))


@pytest.fixture
def operator(town: Town, client: Client) -> Any:
    user = person("operator@city.example", is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def grid(client: Client, **query: str) -> dict[str, Any]:
    context = client.get(address("grid"), query).context
    return {name: context[name] for name in ("base", "version", "rows", "undo", "findings", "columns")}


def ticked(client: Client, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), **more: Any) -> Any:
    """What the grid posts after these ticks."""
    shown = grid(client)
    cells = (set(shown["base"].split()) | set(add)) - set(remove)
    data = {"do": "preview", "base": shown["base"], "version": shown["version"], "cell": sorted(cells), **more}
    return client.post(address("grid"), data)


def save(client: Client, preview: Any) -> Any:
    said = {"do": "save", "changes": str(preview.context["changes"]), "version": preview.context["version"]}
    return client.post(address("grid"), said)


def test_ticks_are_previewed_and_then_saved(town: Town, operator: Any, client: Client) -> None:
    before = rows()
    preview = ticked(client, add=(cell("3.8", town.lighting),))
    assert rows() == before
    page = preview.content.decode()
    assert "+ Міськсвітло" in page
    assert "− Дорожня служба" in page  # its own row takes the place of the branch's
    assert [row["category"].code for row in preview.context["effects"]] == ["3.8"]
    assert save(client, preview).status_code == 302
    assert rows() == before | {("3.8", "lighting")}


def test_last_save_can_be_undone_while_nobody_saved_after(town: Town, operator: Any, client: Client) -> None:
    before = rows()
    save(client, ticked(client, add=(cell("8", town.roads),), remove=(cell("7", town.housing),)))
    shown = grid(client)
    assert shown["undo"]
    data = {"do": "preview", "version": shown["version"], "changes": shown["undo"]}
    save(client, client.post(address("grid"), data))
    assert rows() == before
    Responsibility.objects.create(category=Category.objects.get(code="1"), organisation=town.roads)
    assert grid(client)["undo"] is None


def test_new_things_to_look_at_are_told_before_saving(town: Town, operator: Any, client: Client) -> None:
    preview = ticked(client, remove=(cell("3", town.roads),))
    assert {"nobody", "no_category"} <= {finding.kind for finding in preview.context["new_findings"]}


def test_somebody_elses_changes_stay(town: Town, operator: Any, client: Client) -> None:
    shown = grid(client)
    Responsibility.objects.create(category=Category.objects.get(code="1"), organisation=town.housing)
    cells = [*shown["base"].split(), cell("8", town.roads)]
    data = {"do": "preview", "base": shown["base"], "version": shown["version"], "cells": " ".join(cells)}
    preview = client.post(address("grid"), data)
    assert preview.context["moved"]
    save(client, preview)
    assert {("1", "housing"), ("8", "roads")} <= rows()


def test_save_after_somebody_else_is_asked_once_more(town: Town, operator: Any, client: Client) -> None:
    preview = ticked(client, remove=(cell("3", town.roads),))
    Responsibility.objects.create(category=Category.objects.get(code="1"), organisation=town.housing)
    answer = save(client, preview)
    assert answer.status_code == 409
    assert ("3", "roads") in rows()
    assert answer.context["version"] == read_matrix(town.city).version
    save(client, answer)
    assert ("3", "roads") not in rows()


def test_back_to_the_grid_keeps_the_ticks(town: Town, operator: Any, client: Client) -> None:
    preview = ticked(client, add=(cell("8", town.roads),))
    said = {"do": "edit", "changes": str(preview.context["changes"]), "version": preview.context["version"]}
    answer = client.post(address("grid"), said)
    own = [one["value"] for row in answer.context["rows"] for one in row["cells"] if one["own"]]
    assert cell("8", town.roads) in own
    assert cell("8", town.roads) not in answer.context["base"].split()


def test_branch_page_without_scripts_changes_its_branch_alone(town: Town, operator: Any, client: Client) -> None:
    page = client.get(address("grid"), {"branch": "7"})
    assert {row["category"].code.split(".")[0] for row in page.context["rows"]} == {"7"}
    data = {"do": "preview", "version": page.context["version"], "base": page.context["base"], "cell": []}
    preview = client.post(address("grid"), data)
    assert [row["category"].code for row in preview.context["rows"]] == ["7"]
    save(client, preview)
    assert rows() == {("3", "roads"), ("2.2", "lighting")}
    assert client.get(address("grid"), {"branch": "7.1"}).status_code == 404


def test_inherited_cells_are_shown_apart(town: Town, operator: Any, client: Client) -> None:
    found = {row["category"].code: row for row in grid(client)["rows"]}
    by_slug = {one["organisation"].slug: one for one in found["3.8"]["cells"]}
    assert (by_slug["roads"]["own"], by_slug["roads"]["inherited"]) == (False, True)
    assert (by_slug["lighting"]["own"], by_slug["lighting"]["inherited"]) == (False, False)
    assert found["8"]["nobody"]
    assert not found["2.2"]["nobody"]


@pytest.mark.parametrize("count", [1, 30])
def test_grid_asks_the_same_few_questions(
    town: Town, operator: Any, client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        Organisation.objects.create(city=town.city, slug=f"o{number}", name_uk=f"Організація {number}")
    client.get(address("grid"))
    with django_assert_max_num_queries(20):
        client.get(address("grid"))


# --- tables -----------------------------------------------------------------------------------------------------------


def send_table(client: Client, content: str, way: str = "add") -> Any:
    return client.post(address("import"), {"file": SimpleUploadedFile("m.csv", content.encode()), "way": way})


def test_table_goes_out_and_comes_back(town: Town, operator: Any, client: Client) -> None:
    answer = client.get(address("export"))
    assert answer["Content-Disposition"] == 'attachment; filename="matrix.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    before = rows()
    assert send_table(client, answer.content.decode(), "replace").status_code == 302
    Responsibility.objects.filter(category__code="3").delete()
    preview = send_table(client, answer.content.decode(), "replace")
    assert rows() == before - {("3", "roads")}
    save(client, preview)
    assert rows() == before


def test_faults_of_a_table_are_shown_and_nothing_is_imported(town: Town, operator: Any, client: Client) -> None:
    before = rows()
    answer = send_table(client, "category;organisation\n8;control\n99;roads\n")
    assert answer.status_code == 400
    assert "«99»" in answer.content.decode()
    assert rows() == before
    assert client.post(address("import"), {"way": "add"}).status_code == 400


# --- who may ----------------------------------------------------------------------------------------------------------

STRANGERS = ("author", "neighbour", "roads_worker", "lighting_worker", "controller", "moderator")


@pytest.mark.parametrize("who", [*STRANGERS, "anonymous", "editor"])
def test_pages_of_the_admin_are_the_operators(town: Town, client: Client, who: str) -> None:
    if who == "editor":
        user = person("editor@city.example")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
    elif who != "anonymous":
        client.force_login(getattr(town, who))
    before = rows()
    for view in ("grid", "import", "export", "where"):
        assert client.get(address(view)).status_code == 302, view
    changes = f"+{cell('8', town.roads)}"
    version = read_matrix(town.city).version
    assert client.post(address("grid"), {"do": "save", "changes": changes, "version": version}).status_code == 302
    assert client.post(reverse("opencity_admin_districts:draw")).status_code == 302
    assert rows() == before


def test_reader_looks_and_changes_nothing(town: Town, client: Client) -> None:
    reader = person("reader@city.example")
    wanted = ("access_admin", "view_responsibility")
    reader.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(reader)
    page = client.get(address("grid"))
    assert page.status_code == 200
    assert "data-preview" not in page.content.decode()
    before = rows()
    data = {"do": "save", "changes": f"+{cell('8', town.roads)}", "version": page.context["version"]}
    assert client.post(address("grid"), data).status_code == 302
    assert send_table(client, "category,organisation\n8,control\n").status_code == 302
    assert rows() == before


# --- the control body's room ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("controller", 200),
        ("moderator", 403),
        ("roads_worker", 403),
        ("author", 403),
        ("anonymous", 302),
        ("operator", 403),
    ],
)
def test_room_is_the_control_bodys(town: Town, client: Client, who: str, status: int) -> None:
    if who == "operator":
        client.force_login(person("operator@city.example", is_superuser=True))
    elif who != "anonymous":
        client.force_login(getattr(town, who))
    assert client.get(ROOM).status_code == status


@pytest.mark.parametrize("slug", ["ngo", "roads"])
def test_other_organisations_have_no_such_room(town: Town, client: Client, slug: str) -> None:
    client.force_login(town.moderator if slug == "ngo" else town.roads_worker)
    assert client.get(f"/organisations/{slug}/cabinet/matrix/").status_code == 403
    assert ROOM.replace("control", slug) not in client.get(f"/organisations/{slug}/cabinet/members/").content.decode()


def test_room_tells_receivers_findings_and_route(town: Town, client: Client) -> None:
    client.force_login(town.controller)
    page = client.get(ROOM, {"categories": ["3.8", "8"], "place": "51.344, 25.853"})
    assert page["Cache-Control"] == "no-store, private"
    assert [one.slug for one in page.context["route"].organisations] == ["roads"]
    assert "nobody" in {finding.kind for finding in page.context["findings"]}
    assert client.post(ROOM).status_code == 405


@pytest.mark.parametrize(
    "query",
    [{"categories": ["77"]}, {"categories": ["3.8"], "place": "десь"}, {"place": "51,25"}, {"categories": [""]}],
)
def test_wrong_question_is_answered_in_words(town: Town, client: Client, query: dict[str, Any]) -> None:
    client.force_login(town.controller)
    page = client.get(ROOM, query)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["route"] is None


@pytest.mark.parametrize("count", [1, 30])
def test_room_asks_the_same_few_questions(
    town: Town, client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        Organisation.objects.create(city=town.city, slug=f"o{number}", name_uk=f"Організація {number}")
    client.force_login(town.controller)
    client.get(ROOM)
    with django_assert_max_num_queries(20):
        client.get(ROOM, {"categories": ["3.8", "8"], "place": "51.344, 25.853"})


# --- districts --------------------------------------------------------------------------------------------------------


def test_operator_draws_the_districts(town: Town, operator: Any, client: Client) -> None:
    square = [[25.8, 51.3], [25.9, 51.3], [25.9, 51.4], [25.8, 51.4], [25.8, 51.3]]
    feature = {
        "type": "Feature",
        "properties": {"kind": "district", "name": "Центр", "name_en": "Centre"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    CityScheme.objects.create(city=town.city, features={"type": "FeatureCollection", "features": [feature]})
    issue = town.issue()
    assert client.get(reverse("opencity_admin_districts:draw")).status_code == 200
    assert not District.objects.exists()
    assert client.post(reverse("opencity_admin_districts:draw")).status_code == 302
    listed = client.get(reverse("opencity_admin_districts:index"))
    assert [(one.name_uk, one.issue_count) for one in listed.context["object_list"]] == [("Центр", 1)]
    issue.refresh_from_db()
    assert issue.district.name_en == "Centre"
