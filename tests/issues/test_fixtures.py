"""The town's data: complete, consistent, its map as its script draws it."""

import csv
import gzip
import json
import re
import sys
from importlib import import_module
from importlib.resources import files
from itertools import chain

import pytest

from opencity_issues.demo.material import DEFAULT_FOLDER, Material
from opencity_issues.demo.photos import SCENES
from opencity_issues.procedure.moderation import DEFAULT_STOP_WORDS, GROUNDS, find_stop_words

SCHEME = DEFAULT_FOLDER / "scheme"


@pytest.fixture(scope="module")
def material():
    return Material.read()


@pytest.fixture(scope="module")
def categories():
    with files("opencity_issues").joinpath("data/categories.csv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


def words(tree):
    """Every text in a tree of lists and dictionaries."""
    if isinstance(tree, str):
        return [tree]
    return list(chain.from_iterable(words(part) for part in (tree.values() if isinstance(tree, dict) else tree)))


def test_the_taxonomy_has_the_68_categories_of_3_5_with_names_and_icons(categories):
    assert len(categories) == 68
    for row in categories:
        assert row["parent"] == row["code"].rpartition(".")[0]
        assert all(row[column] for column in ("name_uk", "name_en", "icon")), row


def test_the_source_text_lists_the_same_categories(categories):
    text = (DEFAULT_FOLDER.parent / "docs" / "procedure.uk.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ([\d.]+)\. \| (.+) \|$", text, re.MULTILINE) == [
        (row["code"], row["name_uk"]) for row in categories
    ]


def test_there_are_enough_texts_for_every_category(material, categories):
    assert len(material.issues) >= 220
    assert len({text.title for text in material.issues}) == len(material.issues)
    assert {row["code"] for row in categories} == {code for text in material.issues for code in text.categories}


def test_texts_name_places_and_scenes_that_exist(material):
    for text in material.issues:
        assert text.near in material.places, text.title
        assert text.scene in {"", *SCENES}, text.title
        assert len(text.categories) <= 3


def test_the_stop_list_holds_the_texts_that_shall_be_held_and_no_other(material):
    def is_held(text):
        return bool(find_stop_words(f"{text.title}\n{text.description}", DEFAULT_STOP_WORDS))

    assert all(is_held(text) for text in material.texts("held") + material.texts("refused"))
    assert not any(is_held(text) for text in material.issues + material.texts("off_topic"))
    assert len(material.texts("held") + material.texts("refused")) >= 10
    assert {text.ground for text in material.texts("refused") + material.texts("off_topic")} <= set(GROUNDS)


def test_there_is_enough_talk(material):
    assert len(words([material.talk[topic] for topic in ("done", "planned", "explained")])) >= 60
    assert len(words(material.talk["comments"])) >= 40
    slugs = {row["slug"] for row in material.table("organisations.csv")}
    assert slugs == set(material.talk["executors"])


def test_nobody_real_can_be_called_or_written_to(material):
    texts = words(material.talk) + [f"{text.title} {text.description}" for text in material.issues]
    assert not [text for text in texts if re.search(r"\d{3}[\s-]?\d{2}[\s-]?\d{2}|@", text)]
    for row in material.table("organisations.csv"):
        assert row["phone"].startswith("(0000)")
        assert row["mailbox"].endswith("@demo.opencity.example")


def test_organisations_stand_inside_the_town(material):
    west, south, east, north = material.scheme["bbox"]
    for row in material.table("organisations.csv"):
        assert west < float(row["lng"]) < east
        assert south < float(row["lat"]) < north


def test_the_scheme_is_what_its_script_draws(material, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(SCHEME), *sys.path])
    drawn = json.loads(json.dumps(list(import_module("make").features())))
    assert drawn == material.scheme["features"]


def test_the_scheme_is_light_and_has_all_layers(material):
    data = (SCHEME / "scheme.geojson").read_bytes()
    assert len(data) <= 250_000
    assert len(gzip.compress(data)) <= 60_000
    kinds = {feature["properties"]["kind"] for feature in material.scheme["features"]}
    assert kinds == {
        "outline",
        "district",
        "forest",
        "block",
        "building",
        "green",
        "water",
        "rail",
        "street",
        "landmark",
    }
    assert len(material.streets) >= 45


def test_the_town_lies_within_its_bounds_and_the_land_goes_on_beyond(material):
    def points(coordinates):
        if isinstance(coordinates[0], float):
            return [coordinates]
        return list(chain.from_iterable(points(part) for part in coordinates))

    def is_inside(lng, lat):
        return west <= lng <= east and south <= lat <= north

    west, south, east, north = material.scheme["bbox"]
    leaving = {
        feature["properties"]["kind"]
        for feature in material.scheme["features"]
        if not all(is_inside(lng, lat) for lng, lat in points(feature["geometry"]["coordinates"]))
    }
    assert leaving == {"forest", "water", "street", "rail"}
    assert all(is_inside(*place) for place in material.places.values())
    assert all(len(line) >= 2 and all(is_inside(*point) for point in line) for line in material.streets.values())
