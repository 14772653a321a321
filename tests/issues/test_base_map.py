"""The base map as a setting: what may be written, what the pages may ask then, and that nothing is asked otherwise."""

import json
from html import unescape

import pytest
from django.core.exceptions import ValidationError

from opencity_issues.models.base_map import check_base_map, source_of

TILES = "https://tiles.city.example/{z}/{x}/{y}.png"
OURS = "© Місто"


def set_base(town, **said):
    config = town.city.config
    for name, value in said.items():
        setattr(config, name, value)
    config.full_clean()
    config.save()


def policy(answer, directive):
    parts = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ") if " " in part)
    return parts[directive].split()


@pytest.mark.parametrize(
    ("kind", "url", "layers", "attribution"),
    [
        ("scheme", "", "", ""),
        ("scheme", "nonsense", "", ""),
        ("tiles", "", "", ""),
        ("tiles", "https://tile.openstreetmap.org/{z}/{x}/{y}.png", "", ""),
        ("tiles", TILES, "", OURS),
        ("tiles", "https://maps.city.example/wmts/base/{TileMatrix}/{TileRow}/{TileCol}.png", "", OURS),
        ("tiles", "http://127.0.0.1:9000/{z}/{x}/{y}.png", "", OURS),
        ("tiles", "/media/tiles/{z}/{x}/{y}.png", "", OURS),
        ("pmtiles", "/media/city.pmtiles", "", OURS),
        ("pmtiles", "https://maps.city.example/city.pmtiles?v=2", "", OURS),
        ("wms", "https://maps.city.example:8443/wms?map=base", "roads,houses", OURS),
    ],
)
def test_sound_base_map_is_taken(kind, url, layers, attribution):
    check_base_map(kind, url, layers, attribution)


@pytest.mark.parametrize(
    ("kind", "url", "layers", "attribution", "field"),
    [
        ("tiles", "https://tiles.city.example/", "", OURS, "tiles_url"),
        ("tiles", "https://{s}.tiles.example/{z}/{x}/{y}.png", "", OURS, "tiles_url"),
        ("tiles", "http://tiles.city.example/{z}/{x}/{y}.png", "", OURS, "tiles_url"),
        ("tiles", "//tiles.city.example/{z}/{x}/{y}.png", "", OURS, "tiles_url"),
        ("tiles", "javascript:alert(1)/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", "https://a.example;script-src/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", "https://a.example *;/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", "https://*.example/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", "https://me:word@a.example/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", "https://a.example:port/{z}/{x}/{y}", "", OURS, "tiles_url"),
        ("tiles", TILES, "", " ", "tiles_attribution"),
        ("pmtiles", "", "", OURS, "tiles_url"),
        ("pmtiles", "https://a.example/city.zip", "", OURS, "tiles_url"),
        ("wms", "https://a.example/wms", "", OURS, "wms_layers"),
        ("wms", TILES, "x", OURS, "tiles_url"),
    ],
)
def test_other_base_map_is_refused_beside_its_field(kind, url, layers, attribution, field):
    with pytest.raises(ValidationError) as error:
        check_base_map(kind, url, layers, attribution)
    assert set(error.value.message_dict) == {field}


def test_wmts_is_asked_as_tiles():
    source = source_of("tiles", "https://a.example/{TileMatrix}/{TileRow}/{TileCol}", "", OURS)
    assert source.url == "https://a.example/{z}/{y}/{x}"
    assert source.origin == "https://a.example"


def test_scheme_alone_opens_no_foreign_host(town, client):
    set_base(town, offers_osm=False)
    answer = client.get("/map/")
    assert "https:" not in answer.headers["Content-Security-Policy"]
    assert "openstreetmap" not in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "directive", "origin"),
    [
        ({"base_map": "tiles", "tiles_url": TILES}, "img-src", "https://tiles.city.example"),
        (
            {"base_map": "wms", "tiles_url": "https://gis.city.example:8443/wms", "wms_layers": "a,b"},
            "img-src",
            "https://gis.city.example:8443",
        ),
        (
            {"base_map": "pmtiles", "tiles_url": "https://files.city.example/a.pmtiles"},
            "connect-src",
            "https://files.city.example",
        ),
    ],
)
def test_pages_with_a_map_may_ask_exactly_the_hosts_that_were_set(town, client, said, directive, origin):
    set_base(town, tiles_attribution=OURS, offers_osm=False, **said)
    answer = client.get("/map/")
    foreign = [
        (part.split()[0], word)
        for part in answer.headers["Content-Security-Policy"].split("; ")
        for word in part.split()[1:]
        if "://" in word
    ]
    assert foreign == [(directive, origin)]
    text = answer.content.decode()
    told = json.loads(unescape(text.split('data-base="', 1)[1].split('"', 1)[0]))
    assert told["kind"] == said["base_map"]
    assert told["attribution"] == OURS
    assert "://" not in client.get("/issues/").headers["Content-Security-Policy"]


def test_openstreetmap_is_offered_once(town, client):
    assert policy(client.get("/map/"), "img-src")[-1] == "https://tile.openstreetmap.org"
    set_base(town, base_map="tiles", tiles_url="")
    text = client.get("/map/").content.decode()
    assert "data-base=" in text
    assert "data-offered=" not in text
    assert "https://www.openstreetmap.org/copyright" in text
