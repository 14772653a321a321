"""Needs of the community (1.1): counted from unsolved issues of one kind in one part of the city, shown, filtered, downloaded."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.models import Category, District, IssuePage
from opencity_issues.queries.community import needs
from tests.factories import NOON, person

LATER = NOON + timedelta(hours=1)
WEST, EAST = (25.853, 51.344), (25.893, 51.344)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def districts(town):
    def square(name, west, east):
        ring = [[west, 51.3], [east, 51.3], [east, 51.4], [west, 51.4], [west, 51.3]]
        return District.objects.create(
            city=town.city,
            name_uk=name,
            outline={"type": "Polygon", "coordinates": [ring]},
            west=west,
            south=51.3,
            east=east,
            north=51.4,
        )

    return square("Західний", 25.8, 25.87), square("Східний", 25.87, 25.95)


def found(town, now=LATER, **asked):
    cache.clear()
    rows = needs.needs_of(town.city, now, **asked)
    return [(one.category.code, one.place, one.counted.issues) for one in rows]


def page(name, **asked):
    with time_machine.travel(LATER, tick=False):
        return Client().get(reverse(f"opencity_issues:{name}"), asked)


def test_issues_of_one_branch_in_one_district_are_a_need_and_one_alone_is_none(town, districts):
    for place in (WEST, WEST, WEST, EAST, EAST):
        town.issue(location=place)
    town.issue(location=WEST, categories=["2.2"])
    assert found(town) == [("3.8", "Західний", 3), ("3.8", "Східний", 2)]


def test_the_third_level_counts_for_the_second_and_two_of_one_branch_count_once(town, districts):
    second = Category.objects.filter(parent__parent__isnull=True, parent__isnull=False, children__isnull=False).first()
    children = list(second.children.all()[:2])
    codes = [one.code for one in children]
    town.issue(categories=codes)
    town.issue(categories=codes[:1])
    town.issue(categories=[second.code])
    assert found(town) == [(second.code, "Західний", 3)]


def test_what_is_solved_or_not_public_troubles_nobody(town, districts):
    for _twice in range(2):
        town.issue()
    town.close(town.issue())
    taken = town.issue()
    take_down(taken, ground="terms", reason="Ні", actor=town.moderator, organisation=town.ngo, now=NOON)
    assert found(town) == [("3.8", "Західний", 2)]


def test_without_districts_squares_of_the_map_are_the_places(town):
    for place in (WEST, WEST, EAST, EAST):
        town.issue(location=place)
    town.issue(location=None)
    town.issue(location=None)
    rows = found(town)
    assert [one[2] for one in rows] == [2, 2, 2]
    assert len({one[1] for one in rows}) == 3
    for one in needs.needs_of(town.city, LATER):
        assert needs.is_area(one.area)
        assert needs.issues_of(town.city, one.category, one.area).count() == 2


def test_voices_age_and_lateness_are_told_and_the_weightiest_come_first(town, districts):
    IssuePage.objects.filter(pk=town.issue(location=EAST).pk).update(support_count=7)
    town.issue(location=EAST, now=NOON - timedelta(days=40))
    for _number in range(3):
        town.issue(location=WEST)
    cache.clear()
    first, second = needs.needs_of(town.city, LATER)
    assert (first.place, first.counted.issues, first.counted.supports, first.counted.overdue) == ("Східний", 2, 7, 1)
    assert first.counted.oldest == NOON - timedelta(days=40)
    assert second.counted.overdue == 0
    figures = needs.figures_of([first, second])
    assert (figures.needs, figures.issues, figures.supports, figures.overdue) == (2, 5, 7, 1)


def test_filters_narrow_by_branch_and_district(town, districts):
    for categories in (["3.8"], ["3.8"], ["2.2"], ["2.2"]):
        town.issue(categories=categories)
    west = str(districts[0].pk)
    assert found(town, category="3") == [("3.8", "Західний", 2)]
    assert found(town, category="7") == []
    assert len(found(town, district=west)) == 2
    assert found(town, district=str(districts[1].pk)) == []
    shown = page("needs", category="3", district=west).content.decode()
    assert "Західний" in shown
    assert f"?category=3&amp;district={west}" in shown


@pytest.mark.parametrize("asked", [{"category": "x"}, {"district": "99999"}, {"district": "a"}, {"page": "-1"}])
def test_filters_that_make_no_sense_filter_nothing(town, asked):
    town.issue()
    town.issue()
    assert "Ями на дорогах" in page("needs", **asked).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"category": "3.8"},
        {"category": "3.8", "area": "1x"},
        {"category": "3.8", "area": "99999999999"},
        {"category": "nothing", "area": "none"},
        {"category": "3.8", "area": "none"},
    ],
)
def test_a_need_that_there_is_not_is_not_found(town, districts, asked):
    town.issue()
    assert page("need", **asked).status_code == 404


def test_a_need_shows_its_issues_and_who_may_take_it_up(town, districts):
    issues = [town.issue(title=f"Яма {number}") for number in range(2)]
    asked = {"category": "3.8", "area": districts[0].pk}
    shown = page("need", **asked).content.decode()
    assert all(one.title in shown for one in issues)
    assert "cabinet/projects/new/" not in shown
    client = Client()
    client.force_login(town.roads_worker)
    with time_machine.travel(LATER, tick=False):
        own = client.get(reverse("opencity_issues:need"), asked).content.decode()
    assert f"/organisations/roads/cabinet/projects/new/?category=3.8&amp;area={districts[0].pk}" in own


def test_figures_leave_as_tables_and_map_without_anything_of_a_person(town, districts):
    author = person("canary@people.example", name="Марія Канарка")
    author.opencity_citizen.show_name = True
    author.opencity_citizen.save()
    for _twice in range(2):
        town.issue(author=author, show_author=True, title="=SUM(1)")
    table = page("needs_csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[1][:7] == ["3.8", "Ями на дорогах", "Західний", "2", "0", "0", "0"]
    book = load_workbook(io.BytesIO(page("needs_xlsx").content))
    assert [cell.value for cell in book.active[2]][:6] == ["3.8", "Ями на дорогах", "Західний", 2, 0, 0]
    features = json.loads(page("needs_geojson").content)["features"]
    assert features[0]["geometry"]["coordinates"] == [WEST[0], WEST[1]]
    assert features[0]["properties"]["issues"] == 2
    told = table + json.dumps(features, ensure_ascii=False) + page("needs").content.decode()
    assert "Канарка" not in told
    assert "canary@" not in told


@pytest.mark.parametrize("many", [1, 30])
def test_the_pages_cost_the_same_however_many_there_are(town, districts, django_assert_max_num_queries, many):
    codes = list(Category.objects.filter(parent__parent=None, children=None).values_list("code", flat=True)[:many])
    for number, code in enumerate(codes):
        author = person(f"p{number}@people.example")
        for _twice in range(2):
            town.issue(categories=[code], location=WEST, author=author)
    cache.clear()
    with django_assert_max_num_queries(15):
        assert page("needs").status_code == 200
    with django_assert_max_num_queries(15):
        assert page("need", category=codes[0], area=districts[0].pk).status_code == 200
