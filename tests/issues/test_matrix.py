"""The responsibility matrix: what the grid shows is what routing does; its changes, tables, checks and “where would this go?”."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from opencity_issues.actions.city.change_matrix import change_matrix
from opencity_issues.actions.city.draw_districts import draw_districts
from opencity_issues.actions.city.imports.matrix import read_matrix_table
from opencity_issues.actions.city.imports.plan import State
from opencity_issues.actions.city.imports.run import run_import
from opencity_issues.actions.route_issue import receivers
from opencity_issues.models import (
    Category,
    CityScheme,
    District,
    IssuePage,
    Membership,
    Notice,
    Organisation,
    Responsibility,
)
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.queries.matrix.checks import check_matrix
from opencity_issues.queries.matrix.matrix import Changes, read_changes, read_matrix, read_pairs
from opencity_issues.queries.matrix.route import where_to
from opencity_issues.queries.matrix.table import matrix_table
from tests.factories import NOON, PLACE, Town, person


def category(code: str) -> Category:
    return Category.objects.get(code=code)


def pair(code: str, organisation: Organisation) -> tuple[int, int]:
    return category(code).pk, organisation.pk


def rows() -> set[tuple[str, str]]:
    return set(Responsibility.objects.values_list("category__code", "organisation__slug"))


@pytest.fixture
def operator(town: Town):
    return person("operator@city.example", is_superuser=True, is_staff=True)


# --- what is shown is what routing does -------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_matrix_and_routing_agree_on_any_rows(town: Town, data: st.DataObject) -> None:
    categories = list(Category.objects.all())
    organisations = [town.roads, town.lighting, town.housing]
    Responsibility.objects.all().delete()
    cells = [(one.pk, organisation.pk) for one in categories for organisation in organisations]
    chosen = data.draw(st.sets(st.sampled_from(cells), max_size=12))
    Responsibility.objects.bulk_create(
        [Responsibility(category_id=one, organisation_id=organisation) for one, organisation in chosen]
    )
    Organisation.objects.filter(pk=town.housing.pk).update(is_active=data.draw(st.booleans()))
    matrix = read_matrix(town.city)
    for one in data.draw(st.lists(st.sampled_from(categories), min_size=1, max_size=8)):
        assert sorted(each.pk for each in matrix.receivers(one.pk)) == [each.pk for each in receivers(town.city, [one])]
    several = data.draw(st.lists(st.sampled_from(categories), min_size=1, max_size=3, unique=True))
    route = where_to(matrix, several, NOON)
    assert {one.pk for one in route.organisations} == {one.pk for one in receivers(town.city, several)}


def test_own_rows_take_the_place_of_the_branchs(town: Town) -> None:
    Responsibility.objects.create(category=category("3.8"), organisation=town.lighting)
    matrix = read_matrix(town.city)
    assert matrix.receivers(category("3.8").pk) == [town.lighting]
    assert matrix.receivers(category("3.1").pk) == [town.roads]
    assert matrix.decider(category("3.1").pk) == category("3")
    assert matrix.decider(category("8").pk) is None


def test_row_of_an_inactive_organisation_decides_nothing(town: Town) -> None:
    Responsibility.objects.create(category=category("3.8"), organisation=town.lighting)
    Organisation.objects.filter(pk=town.lighting.pk).update(is_active=False)
    assert read_matrix(town.city).receivers(category("3.8").pk) == [town.roads]


def test_reading_asks_three_questions(town: Town, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        read_matrix(town.city)


# --- changes ----------------------------------------------------------------------------------------------------------


def test_words_of_a_form_are_read_back(town: Town) -> None:
    changes = Changes(frozenset({(1, 2), (3, 4)}), frozenset({(5, 6)}))
    assert read_changes(str(changes)) == changes
    assert changes.undone.undone == changes
    assert read_pairs(["1-2", "", "1-", "-2", "a-b", "1-2-3", "٣-1", "9" * 30 + "-1"]) == frozenset({(1, 2)})
    assert not read_changes("1-2 +x -y +-")


def test_rows_are_added_and_taken_out_together_with_a_trace(town: Town, operator) -> None:
    matrix = read_matrix(town.city)
    changes = Changes(frozenset({pair("8", town.roads)}), frozenset({pair("7", town.housing)}))
    assert change_matrix(town.city, changes, version=matrix.version, actor=operator) == changes
    assert rows() == {("3", "roads"), ("2.2", "lighting"), ("8", "roads")}
    told = {
        (entry.object_id, entry.user_id, str(entry.data))
        for entry in ModelLogEntry.objects.filter(action="opencity.matrix")
    }
    assert told == {
        (str(town.roads.pk), operator.pk, "{'added': ['8'], 'removed': []}"),
        (str(town.housing.pk), operator.pk, "{'added': [], 'removed': ['7']}"),
    }
    assert ModelLogEntry.objects.filter(object_id=str(town.roads.pk), action="opencity.matrix").get().message


def test_who_comes_second_changes_nothing_unseen(town: Town, operator) -> None:
    seen = read_matrix(town.city).version
    change_matrix(town.city, Changes(added=frozenset({pair("8", town.roads)})), version=seen, actor=operator)
    before = rows()
    with pytest.raises(NotPossible):
        change_matrix(town.city, Changes(removed=frozenset({pair("3", town.roads)})), version=seen, actor=operator)
    assert rows() == before


@pytest.mark.parametrize(
    "who", ["author", "neighbour", "roads_worker", "lighting_worker", "controller", "moderator", "editor", "reader"]
)
def test_only_who_may_write_rows_changes_them(town: Town, who: str) -> None:
    if who in ("editor", "reader"):
        user = person(f"{who}@city.example")
        wanted = ["access_admin", "add_responsibility"] if who == "editor" else ["access_admin", "view_responsibility"]
        user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    else:
        user = getattr(town, who)
    before = rows()
    changes = Changes(added=frozenset({pair("8", town.roads)}))
    with pytest.raises(NotPermitted):
        change_matrix(town.city, changes, version=read_matrix(town.city).version, actor=user)
    assert rows() == before


def test_cells_that_are_none_change_nothing(town: Town, operator) -> None:
    other = Organisation.objects.create(city=town.city, slug="other", name_uk="Інші")
    known = read_matrix(town.city)
    changes = Changes(
        frozenset({(10**9, other.pk), (category("8").pk, 10**9), pair("3", town.roads)}), frozenset({(1, 1)})
    )
    assert not known.possible(changes)
    assert not change_matrix(town.city, changes, version=known.version, actor=operator)


# --- tables -----------------------------------------------------------------------------------------------------------


def test_table_comes_back_unchanged(town: Town) -> None:
    town.roads.name_uk = '=ЕКСЕЛЬ("x"); Дороги, "нові"'
    town.roads.save()
    Responsibility.objects.create(category=category("3.8"), organisation=town.lighting)
    matrix = read_matrix(town.city)
    text = matrix_table(matrix)
    assert text.startswith("\ufeffcategory;category_name;organisation;organisation_name\r\n")
    assert all(
        not cell.startswith("=")
        for line in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";")
        for cell in line
    )
    table = read_matrix_table(town.city, text.encode())
    assert table.faults == []
    assert set(table.lines) == matrix.rows
    assert not table.changes(matrix, replace=True)
    before = rows()
    Responsibility.objects.all().delete()
    assert run_import("matrix", town.city, text.encode()).count(State.NEW) == len(before)
    assert rows() == before


def test_whole_table_takes_out_what_it_leaves_out(town: Town) -> None:
    table = read_matrix_table(town.city, b"category,organisation\n8,control\n3,roads\n")
    matrix = read_matrix(town.city)
    changes = table.changes(matrix, replace=True)
    assert changes.added == {pair("8", town.control)}
    assert changes.removed == {pair("7", town.housing), pair("2.2", town.lighting)}
    assert table.changes(matrix, replace=False).removed == frozenset()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("category;organization\n8;control\n", 1),
        ("category;organisation;category\n8;control;8\n", 1),
        ("category,organisation\n8,control\n99,roads\n", 3),
        ("category,organisation\n8,control,x,y\n", 2),
        ("category,organisation\n8,nobody\n", 2),
        ('category,organisation\n"8\n8",control\n', 2),
    ],
)
def test_faults_are_told_by_line_and_nothing_is_written(town: Town, content: str, line: str) -> None:
    before = rows()
    told = run_import("matrix", town.city, content.encode())
    assert [fault for fault in told.faults if fault.line == line]
    assert all(f" {fault.line}" in str(fault) for fault in told.faults)
    assert rows() == before


@given(
    content=st.binary(max_size=300)
    | st.text(alphabet="category;,organisation\n\r\t\"'38.", max_size=200).map(str.encode)
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_answered_in_words(town: Town, content: bytes) -> None:
    table = read_matrix_table(town.city, content)
    assert table.faults or set(table.lines) <= {
        (one, organisation)
        for one in Category.objects.values_list("pk", flat=True)
        for organisation in Organisation.objects.values_list("pk", flat=True)
    }


def test_large_tables_are_refused(town: Town) -> None:
    assert read_matrix_table(town.city, b"x" * (1024 * 1024 + 1)).faults
    assert read_matrix_table(town.city, b"category,organisation\n" + b"3,roads\n" * 20_001).faults


# --- checks -----------------------------------------------------------------------------------------------------------


def kinds(town: Town, kind: str) -> list[str]:
    found = [one for one in check_matrix(read_matrix(town.city)) if one.kind == kind]
    return [
        one.category.code if one.category else one.organisation.slug
        for one in found
        if one.category or one.organisation
    ]


def test_categories_that_nobody_receives_are_told_by_branch(town: Town) -> None:
    assert "8" in kinds(town, "nobody")
    assert not [code for code in kinds(town, "nobody") if code.startswith("8.")]
    # Branch 2 reaches nobody, but one part of it does.
    assert "2" in kinds(town, "nobody")
    assert "2.2" not in kinds(town, "nobody")
    Category.objects.filter(code="8").update(is_active=False)
    assert "8" not in kinds(town, "nobody")


def test_whole_matrix_has_no_such_category(town: Town) -> None:
    for one in Category.objects.filter(parent=None):
        Responsibility.objects.get_or_create(category=one, organisation=town.roads)
    assert kinds(town, "nobody") == []


def test_organisations_that_nothing_reaches_are_told(town: Town) -> None:
    assert check_matrix(read_matrix(town.city)) == [
        one for one in check_matrix(read_matrix(town.city)) if one.kind == "nobody"
    ]
    Membership.objects.filter(organisation=town.roads).update(left_at=NOON)
    Organisation.objects.filter(pk=town.housing.pk).update(mailbox="")
    assert kinds(town, "worker") == ["roads"]
    assert kinds(town, "mailbox") == ["housing"]


def test_mailbox_that_bounces_is_told_until_it_is_dealt_with(town: Town) -> None:
    town.issue()
    Notice.objects.filter(recipient=f"organisation:{town.roads.pk}").update(failed_at=NOON)
    assert kinds(town, "bounces") == ["roads"]
    Notice.objects.update(handled_at=NOON)
    assert kinds(town, "bounces") == []


def test_idle_organisations_and_rows_are_told(town: Town) -> None:
    Organisation.objects.create(city=town.city, slug="new", name_uk="Нові", mailbox="new@city.example")
    Responsibility.objects.create(category=category("8"), organisation=town.ngo)
    Organisation.objects.filter(pk=town.housing.pk).update(is_active=False)
    Category.objects.filter(code="2.2").update(is_active=False)
    assert kinds(town, "no_category") == ["new"]
    assert kinds(town, "no_executor") == ["ngo"]
    assert kinds(town, "inactive_organisation") == ["housing"]
    assert kinds(town, "inactive_category") == ["2.2"]


@pytest.mark.parametrize("count", [1, 30])
def test_checks_ask_the_same_few_questions(town: Town, count: int, django_assert_max_num_queries) -> None:
    for number in range(count):
        Organisation.objects.create(city=town.city, slug=f"o{number}", name_uk=f"Організація {number}")
    matrix = read_matrix(town.city)
    with django_assert_max_num_queries(2):
        check_matrix(matrix)


# --- where would this go? ---------------------------------------------------------------------------------------------


def test_route_names_row_and_terms(town: Town) -> None:
    route = where_to(read_matrix(town.city), [category("3.8"), category("8")], NOON)
    first, second = route.ways
    assert (first.decider, first.organisations, first.is_inherited) == (category("3"), [town.roads], True)
    assert (second.decider, second.organisations, second.is_inherited) == (None, [], False)
    assert [(term.clause, term.last_day) for term in route.terms] == [
        ("4.2", date(2026, 3, 3)),
        ("4.3", date(2026, 3, 5)),
        ("4.4", date(2026, 4, 1)),
    ]
    issue = town.issue(now=NOON)
    real = {one.clause: one.due_at for one in issue.deadlines.all()}
    assert {term.clause: term.due_at for term in route.terms} == {
        clause: real[clause] for clause in ("4.2", "4.3", "4.4")
    }


def test_place_tells_the_district_alone(town: Town) -> None:
    square = [[25.8, 51.3], [25.9, 51.3], [25.9, 51.4], [25.8, 51.4], [25.8, 51.3]]
    District.objects.create(city=town.city, name_uk="Центр", outline={"type": "Polygon", "coordinates": [square]})
    matrix = read_matrix(town.city)
    inside = where_to(matrix, [category("3.8")], NOON, PLACE)
    assert (inside.district.name, inside.is_outside) == ("Центр", False)
    assert where_to(matrix, [category("3.8")], NOON, (0.0, 0.0)).is_outside
    assert where_to(matrix, [category("3.8")], NOON).district is None


# --- districts --------------------------------------------------------------------------------------------------------


def test_districts_are_drawn_and_issues_placed(town: Town) -> None:
    issue = town.issue()
    nowhere = town.issue(location=None, address="вул. Шевченка", now=NOON + timedelta(hours=1))
    square = [[25.8, 51.3], [25.9, 51.3], [25.9, 51.4], [25.8, 51.4], [25.8, 51.3]]
    area = {"type": "Polygon", "coordinates": [square]}
    features = [
        {"type": "Feature", "properties": {"kind": "district", "name": "Центр"}, "geometry": area},
        {"type": "Feature", "properties": None, "geometry": area},
        {"type": "Feature", "properties": {"kind": "district"}, "geometry": area},
        {"type": "Feature", "properties": {"kind": "district", "name": "Точка"}, "geometry": None},
    ]
    scheme = CityScheme.objects.create(city=town.city, features={"type": "FeatureCollection", "features": features})
    assert draw_districts(town.city) == 1
    assert IssuePage.objects.get(pk=issue.pk).district.name == "Центр"
    assert IssuePage.objects.get(pk=nowhere.pk).district is None
    scheme.features["features"] = []
    scheme.save()
    assert draw_districts(town.city) == 0
    assert IssuePage.objects.get(pk=issue.pk).district is None
