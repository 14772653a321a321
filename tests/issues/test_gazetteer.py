"""The gazetteer: a place is found by any of its names in any form, a point knows what it is near, files come in whole or not at all."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from opencity_issues.actions.city.imports.plan import State
from opencity_issues.actions.city.imports.run import run_import
from opencity_issues.actions.correct_issue import Changes, correct_own
from opencity_issues.models import CitySettings, GazetteerKey, GazetteerPlace, GazetteerSpot
from opencity_issues.models.place_words import keys_of, slip_distance, stem, words_of
from opencity_issues.queries.gazetteer import find_places, near_what
from tests.factories import PLACE, Town, person

TABLE = """kind,name_uk,name_en,other_names,lng,lat
street,вул. Шевченка,Shevchenka Street,,25.84363,51.34411
street,вул. Лесі Українки,Lesi Ukrainky Street,"вул. Комсомольська, вул. Садова стара",25.85155,51.35811
street,вул. Соборна,Soborna Street,вул. Леніна,25.85363,51.34057
street,вул. Сонячна,Soniachna Street,,25.86203,51.3303
street,вул. Дев’ятинна,,,25.86,51.331
street,пр. Незалежності,Nezalezhnosti Avenue,,25.85482,51.34418
street,вул. 8 Березня,,,25.851,51.34
house,"вул. Шевченка, 14",,,25.8441,51.3445
house,"вул. Шевченка, 14А",,,25.8442,51.3446
district,Зарічне,Zarichne,,25.82342,51.34638
landmark,майдан Незалежності,Nezalezhnosti Square,,25.85509,51.34706
landmark,Ліцей № 1,Lyceum No 1,,25.84821,51.34093
landmark,Ліцей № 2,Lyceum No 2,,25.86032,51.33949
"""


@pytest.fixture
def city(town: Town):
    assert not run_import("gazetteer", town.city, TABLE.encode()).faults
    return town.city


def names(city, text):
    return [one.address for one in find_places(city, text)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("шевченка", "вул. Шевченка"),
        ("Шев", "вул. Шевченка"),
        ("на вулиці Шевченка", "вул. Шевченка"),
        ("Шевченко", "вул. Шевченка"),
        ("шевчнека", "вул. Шевченка"),
        ("шевченкка", "вул. Шевченка"),
        ("вулиця лесі українки", "вул. Лесі Українки"),
        ("леся українка", "вул. Лесі Українки"),
        ("Леси Украинки", "вул. Лесі Українки"),
        ("по Соборній", "вул. Соборна"),
        ("соборну", "вул. Соборна"),
        ("собона", "вул. Соборна"),
        ("сонячної", "вул. Сонячна"),
        ("дев'ятинна", "вул. Дев’ятинна"),
        ("девятинній", "вул. Дев’ятинна"),
        ("площа Незалежності", "майдан Незалежності"),
        ("майдану незалежності", "майдан Незалежності"),
        ("пр-т Незалежності", "пр. Незалежності"),
        ("проспект незалежності", "пр. Незалежності"),
        ("8 березня", "вул. 8 Березня"),
        ("зарічному", "Зарічне"),
        ("ліцей 2", "Ліцей № 2"),
        ("Ліцей №1", "Ліцей № 1"),
        ("shevchenka", "вул. Шевченка"),
        ("Soborna", "вул. Соборна"),
        ("м. Тестове, вул. Соборна", "вул. Соборна"),
        ("велика яма біля ліцею 2", "Ліцей № 2"),
    ],
)
def test_a_place_is_found_however_it_is_written(city, said, first):
    assert names(city, said)[:1] == [first]


@pytest.mark.parametrize("said", ["", " ", "в", "’'", "№", "хтозна-де", "ъ", "%_", "\x00", "а" * 500, "1" * 40])
def test_nothing_is_made_up(city, said):
    assert names(city, said) == []


def test_house_is_its_own_point_where_it_is_known_and_a_number_on_the_street_otherwise(city):
    house = find_places(city, "вул. Шевченка, буд. 14")[0]
    assert (house.address, house.lng, house.is_exact, house.kind) == ("вул. Шевченка, 14", 25.8441, True, "house")
    assert names(city, "шевченка 14-а")[0] == "вул. Шевченка, 14А"
    assert names(city, "Шевченка, 14, кв. 7")[0] == "вул. Шевченка, 14"
    street = find_places(city, "Шевченка 99")[0]
    assert (street.address, street.lng, street.is_exact) == ("вул. Шевченка, 99", 25.84363, False)


def test_former_name_leads_to_the_present_one_and_says_so(city):
    found = find_places(city, "комсомольська 5")[0]
    assert (found.address, found.was) == ("вул. Лесі Українки, 5", "вул. Комсомольська")
    assert find_places(city, "лесі українки")[0].was == ""


def test_search_costs_the_same_in_a_large_city(city, django_assert_max_num_queries):
    GazetteerPlace.objects.bulk_create(
        GazetteerPlace(city=city, kind="house", name_uk=f"вул. Шевченка, {number}", lng=25.85, lat=51.34)
        for number in range(100, 3000)
    )
    with django_assert_max_num_queries(2):
        assert find_places(city, "шевченка 1234")[0].is_exact
    with django_assert_max_num_queries(4):
        find_places(city, "такого тут немає 7")


def test_another_citys_places_are_not_found(city, town):
    other = town.city.get_parent().add_child(instance=type(town.city)(title="Інше", slug="other"))
    CitySettings.objects.create(city=other, city_name="Інше")
    assert find_places(other, "шевченка") == []
    assert near_what(other, 25.8441, 51.34452) == ""


def test_words_are_folded():
    assert words_of("вул. Дев’ятинна, буд. 14-а, кв. 3") == ["вулиця", "девятинна", "буд", "14а"]
    assert words_of("пр-т Перемоги") == ["проспект", "перемоги"]
    assert {stem(word) for word in ("соборна", "соборній", "соборної", "соборну")} == {"соборн"}
    assert slip_distance("шевченк", "шевчнек") == 1
    assert "шев" in keys_of(["вул. Шевченка"])


# --- near what --------------------------------------------------------------------------------------------------------


def test_point_is_near_its_house_else_its_street_and_landmark(city):
    line = {"type": "LineString", "coordinates": [[25.84, 51.344], [25.85, 51.344]]}
    collection = {"features": [{"properties": {"kind": "street", "name": "вул. Шевченка"}, "geometry": line}]}
    run_import("gazetteer", city, json.dumps(collection).encode())
    assert GazetteerSpot.objects.count() > 10
    assert near_what(city, 25.8441, 51.34452) == "вул. Шевченка, 14"
    assert near_what(city, 25.8491, 51.3444) == "вул. Шевченка"
    assert near_what(city, 25.8488, 51.3412) in ("поруч: Ліцей № 1", "near: Ліцей № 1")
    assert near_what(city, 25.89, 51.36) == ""


def test_card_says_what_a_place_without_an_address_is_near(city, town, client):
    issue = town.issue(address="", location=(25.8441, 51.34452))
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "вул. Шевченка, 14" in page
    assert "51.34452" in page or "51,34452" in page


def test_issue_with_a_point_alone_is_kept_with_the_address_that_the_point_is_near(city, town):
    """Whoever works on it reads it in lists, letters and work orders; it follows the pin, unlike what a person wrote."""
    issue = town.issue(address="", location=(25.8441, 51.34452))
    assert (issue.address, issue.place_words) == ("вул. Шевченка, 14", "вул. Шевченка, 14")
    moved = correct_own(issue, replace(Changes.of(issue), location=(25.8488, 51.3412)), actor=town.author)
    assert moved.address == "поруч: Ліцей № 1"
    said = correct_own(moved, replace(Changes.of(moved), address="біля входу"), actor=town.author)
    far = correct_own(said, replace(Changes.of(said), location=(25.8441, 51.34452)), actor=town.author)
    assert far.address == "біля входу"


def test_lists_tell_a_point_without_an_address_from_no_place(town):
    with override("uk"):
        assert town.issue(address="", location=PLACE).place_words == "Позначено на карті"
        assert town.issue(address="", location=None).place_words == "Без точного місця"


# --- the page and the data --------------------------------------------------------------------------------------------


def test_places_are_data_for_scripts_and_a_page_with_links_for_people(city, client):
    answer = client.get("/places/", {"q": "шевченка 14", "format": "json"})
    assert answer.json()["places"][0] == {
        "kind": "house",
        "kind_name": "будинок",
        "icon": "house",
        "name": "вул. Шевченка, 14",
        "address": "вул. Шевченка, 14",
        "was": "",
        "lng": 25.8441,
        "lat": 51.3445,
        "exact": True,
        "zoom": 17,
    }
    assert "max-age=300" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]
    page = client.get("/places/", {"q": "шевченка 14"}).content.decode()
    assert "/issues/?near=25.84410,51.34450,300" in page
    assert "/report/?lng=25.844100&amp;lat=51.344500" in page
    assert "/issues/?q=%3Cb%3E" in client.get("/places/", {"q": "<b>"}).content.decode()
    assert client.get("/places/?near=25.8441,51.34452").json() == {"address": "вул. Шевченка, 14"}
    assert client.get("/places/?near=x").status_code == 400


def test_address_leads_to_the_issues_around_it_without_a_map(city, town, client):
    town.issue(title="Яма біля школи", location=(25.8443, 51.3446))
    town.issue(title="Далеко звідси", location=PLACE)
    page = client.get("/issues/?near=25.84410,51.34450,300").content.decode()
    assert "Яма біля школи" in page
    assert "Далеко звідси" not in page


# --- files ------------------------------------------------------------------------------------------------------------


def test_table_is_read_again_without_doubling(city):
    keys = GazetteerKey.objects.count()
    again = run_import("gazetteer", city, TABLE.encode("cp1251"))
    assert again.counts == {State.SAME: 13}
    assert "Windows-1251" in again.notes[0]
    less = run_import("gazetteer", city, "\n".join(TABLE.splitlines()[:3]).encode(), replace=True)
    assert less.counts == {State.SAME: 2, State.REMOVED: 11}
    assert GazetteerKey.objects.count() < keys
    assert names(city, "соборна") == []


def test_faults_are_told_by_line_and_nothing_is_written(town):
    table = (
        "kind;name_uk;lng;lat\nroad;вул. А;25.85;51.34\nstreet;;25.85;51.34\nstreet;вул. Б;схід;51.34\n"
        "street;вул. В;25.85;51.34\nstreet;вул. Г;25,85;51,34\n"
    )
    result = run_import("gazetteer", town.city, table.encode())
    assert [(fault.line, fault.column) for fault in result.faults] == [(2, "kind"), (3, "name_uk"), (4, "lng")]
    assert not GazetteerPlace.objects.exists()
    assert run_import("gazetteer", town.city, b"kind,name_uk\nstreet,x").faults
    for broken in (b"{", b"{}", b'{"features": 7}', b"", b"\xff\xfe", b"[" * 100_000):
        assert run_import("gazetteer", town.city, broken).faults


def test_what_lies_outside_the_city_is_passed_over_and_a_road_stands_where_it_is_inside(town):
    road = {"type": "LineString", "coordinates": [[25.85, 51.34], [27.5, 51.34]]}
    far = {"type": "Point", "coordinates": [30.5, 50.4]}
    area = {"type": "Polygon", "coordinates": [[[25.85, 51.34], [25.86, 51.34], [25.86, 51.35], [25.85, 51.34]]]}
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"properties": {"kind": "street", "name": "Рівненський шлях"}, "geometry": road},
            {"properties": {"kind": "landmark", "name": "Київ"}, "geometry": far},
            {"properties": {"kind": "district", "name": "Центр", "name_en": "Centre"}, "geometry": area},
            {"properties": {"kind": "water", "name": "Річка"}, "geometry": area},
            {"properties": None, "geometry": None},
        ],
    }
    result = run_import("gazetteer", town.city, json.dumps(collection).encode())
    assert (result.counts, result.faults) == ({State.NEW: 2}, [])
    assert [note for note in result.notes if "1" in note]
    shliakh = GazetteerPlace.objects.get(kind="street")
    assert town.city.config.contains(shliakh.lng, shliakh.lat)
    assert {town.city.config.contains(one.lng, one.lat) for one in shliakh.spots.all()} == {True}


def test_command_tries_without_writing_and_says_what_came_of_it(town, tmp_path):
    file = tmp_path / "gazetteer.csv"
    file.write_text(TABLE)
    said = StringIO()
    call_command("opencity_import", "gazetteer", file, "--dry-run", stdout=said)
    assert ": 13." in said.getvalue()
    assert not GazetteerPlace.objects.exists()
    call_command("opencity_import", "gazetteer", file, stdout=said)
    assert GazetteerPlace.objects.count() == 13
    file.write_text(TABLE + "road,x,,,1,1\n")
    with pytest.raises(CommandError, match="15"):
        call_command("opencity_import", "gazetteer", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("opencity_import", "gazetteer", tmp_path / "none.csv")


def test_operator_corrects_a_place_in_the_admin_and_the_search_follows(city, client):
    client.force_login(person("operator@city.example", is_superuser=True, is_staff=True))
    place = GazetteerPlace.objects.get(name_uk="вул. Соборна")
    assert client.get(reverse("opencity_admin_gazetteer:index")).status_code == 200
    data = {"city": city.pk, "kind": "street", "name_uk": "вул. Волі", "lng": 25.85, "lat": 51.34}
    assert client.post(reverse("opencity_admin_gazetteer:edit", args=[place.pk]), data).status_code == 302
    assert names(city, "соборна") == []
    assert names(city, "волі") == ["вул. Волі"]
