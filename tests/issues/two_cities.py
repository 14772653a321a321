"""Two cities on two sites of one Wagtail, each full of everything, and each text of each row with the word of its city."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from wagtail.models import Page, Site

from opencity_issues.models import Category, District, GazetteerPlace, IssueIndexPage
from tests.factories import Town
from tests.issues import deeds
from tests.issues.scene import Scene, make_scene

WORDS = ("ptakhiv", "dzvinka")
"""The mark of the first and of the second city: no other text of the site has these words in it."""

HOSTS = ("localhost", "second.example")
TEXTS = {
    "title", "draft_title", "name", "name_uk", "name_en", "city_name", "text", "description", "address", "executor", "question",
    "answer", "place", "needed", "result", "what", "remarks", "words", "other_names", "position", "signer", "asked",
    "reason", "return_reason", "cancel_reason", "hidden_reason", "before", "after",
}  # fmt: skip
"""Columns that people read."""


def make_cities() -> tuple[tuple[Town, Scene], tuple[Town, Scene]]:
    """The first city on the default site, the second on a site of its own; both with the same short names and numbers of everything."""
    root = Page.get_first_root_node().add_child(instance=Page(title="Друге", slug="second"))
    second = Site.objects.create(hostname=HOSTS[1], port=80, root_page=root, site_name="Друге")
    towns = (Town(content=True, mark=WORDS[0]), Town(content=True, mark=WORDS[1], site=second))
    scenes = [_fill(town) for town in towns]
    for town in towns:
        _mark(town)
    return (towns[0], scenes[0]), (towns[1], scenes[1])


def nested_city(town: Town) -> tuple[Site, IssueIndexPage]:
    """A third site whose root stands below the town's own site, before everything else there, with a city of its own."""
    home = town.city.get_site().root_page
    root = home.get_first_child().add_sibling(instance=Page(title="Третє", slug="third"), pos="left")
    site = Site.objects.create(hostname="third.example", port=80, root_page=root)
    return site, root.add_child(instance=IssueIndexPage(title="Третє", slug="issues"))


def _fill(town: Town) -> Scene:
    District.objects.create(
        city=town.city,
        name_uk="Центр",
        outline={
            "type": "Polygon",
            "coordinates": [[[25.8, 51.3], [25.9, 51.3], [25.9, 51.4], [25.8, 51.4], [25.8, 51.3]]],
        },
    )
    GazetteerPlace.objects.create(city=town.city, kind="street", name_uk="вулиця Садова", lng=25.853, lat=51.344)
    scene = make_scene(town)
    scene.keys["map_district"] = [District.objects.get(city=town.city).pk]
    for make in (deeds.commented, deeds.flagged, deeds.view, deeds.blocked_neighbour):
        make(town)
    return scene


def _mark(town: Town) -> None:
    """Put the city's word into each text of each of its rows, past the models."""
    for model in apps.get_app_config("opencity_issues").get_models():
        ways = list(_ways(model))
        texts = [one for one in model._meta.get_fields() if one.name in TEXTS and one.concrete and not one.is_relation]
        if model is Category or not ways or not texts:
            continue  # categories belong to the whole installation
        of_city = models.Q(*((way, town.city) for way in ways), _connector=models.Q.OR)
        for row in model._default_manager.filter(of_city):
            written = {
                one.name: _marked(one, getattr(row, one.name), town.mark) for one in texts if getattr(row, one.name)
            }
            model._default_manager.filter(pk=row.pk).update(**written)


def _marked(field: Any, value: str, mark: str) -> str:
    return value if mark in value else f"{value[: (field.max_length or 10_000) - len(mark) - 1]} {mark}"


def _ways(model: type[models.Model], depth: int = 3) -> Iterator[str]:
    """The ways from a row to its city, over the package's own foreign keys."""
    if model is IssueIndexPage:
        yield "pk"
        return
    for field in model._meta.get_fields():
        target = field.related_model if field.concrete and (field.many_to_one or field.one_to_one) else None
        if target is IssueIndexPage:
            yield field.name
        elif depth and target is not model and target and target._meta.app_label == "opencity_issues":
            yield from (f"{field.name}__{way}" for way in _ways(target, depth - 1))
