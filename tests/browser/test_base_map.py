"""Base maps of a city's own server, which is played here on the loopback: tiles, a map service, vector tiles in one file."""

import re
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from opencity_issues.models import CityScheme
from tests.factories import Town, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OURS = "© Геопортал міста"


def varint(number: int) -> bytes:
    out = b""
    while number >= 128:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def one_square_of_water() -> bytes:
    """A Mapbox vector tile of one layer with one polygon over all of it."""
    corners = b"".join(map(varint, (9, 0, 0, 26, 8192, 0, 0, 8192, 8191, 0, 15)))
    feature = b"\x18\x03" + b"\x22" + varint(len(corners)) + corners
    layer = b"\x0a\x05water" + b"\x12" + varint(len(feature)) + feature + b"\x28\x80\x20" + b"\x78\x02"
    return b"\x1a" + varint(len(layer)) + layer


def pmtiles() -> bytes:
    """A PMTiles archive, version 3, in which every tile down to zoom 15 is the same."""
    tile = one_square_of_water()
    directory = b"".join(map(varint, (1, 0, sum(4**zoom for zoom in range(16)), len(tile), 1)))
    metadata = b"{}"
    at = 127
    head = struct.pack(
        "<7sB QQ QQ QQ QQ QQQ BBBBBB iiii Bii".replace(" ", ""),
        b"PMTiles", 3, at, len(directory), at + len(directory), len(metadata), 0, 0,
        at + len(directory) + len(metadata), len(tile), 1, 1, 1, 1, 1, 1, 1, 0, 15,
        -1800000000, -850000000, 1800000000, 850000000, 13, 258530000, 513440000,
    )[:127]  # fmt: skip
    return head + directory + metadata + tile


@pytest.fixture
def tile_server():
    """Answers every picture with a blue one and `.pmtiles` by ranges; `asked` are the paths, `fails` makes it refuse."""
    picture = BytesIO()
    Image.new("RGB", (256, 256), (120, 170, 220)).save(picture, "PNG")
    file = pmtiles()

    class Answer(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self.send_response(204)
            self.allow()
            self.end_headers()

        def allow(self) -> None:
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Range, If-Match")
            self.send_header("Access-Control-Expose-Headers", "ETag, Content-Range")

        def do_GET(self) -> None:
            server.asked.append(self.path)
            body, code = (b"", 500) if server.fails else (picture.getvalue(), 200)
            if ".pmtiles" in self.path and not server.fails:
                first, last = map(int, re.match(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
                body, code = file[first : last + 1], 206
            self.send_response(code)
            self.allow()
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.asked, server.fails = [], False
    Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()


@pytest.fixture
def town(page_watch, tile_server) -> Town:
    page_watch.allow(re.escape(tile_server.url))
    town = Town(content=True)
    town.issue()
    return town


def set_base(town, kind, url, layers=""):
    config = town.city.config
    config.base_map, config.tiles_url, config.wms_layers, config.tiles_attribution = kind, url, layers, OURS
    config.full_clean()
    config.save()


@pytest.mark.parametrize(
    ("kind", "path", "layers", "asked"),
    [
        ("tiles", "/base/{z}/{x}/{y}.png", "", r"^/base/13/\d+/\d+\.png$"),
        ("wms", "/wms", "roads,houses", r"^/wms\?.*request=GetMap.*layers=roads%2Chouses"),
    ],
)
def test_city_shows_its_own_pictures(page, town, tile_server, kind, path, layers, asked):
    set_base(town, kind, tile_server.url + path, layers)
    page.goto("/map/")
    expect(page.locator(".map-tile img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(OURS)
    assert all(re.search(asked, one) for one in tile_server.asked)
    expect(page.locator(".map-pin")).to_have_count(1)


def test_city_shows_vector_tiles_of_one_file(page, town, tile_server):
    set_base(town, "pmtiles", f"{tile_server.url}/city.pmtiles")
    page.goto("/map/")
    expect(page.locator(".leaflet-tile-pane canvas").first).to_be_visible()
    page.wait_for_function(
        """() => [...document.querySelectorAll('.leaflet-tile-pane canvas')].some((canvas) =>
             canvas.width && canvas.getContext('2d').getImageData(9, 9, 1, 1).data[3] > 0)"""
    )
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(OURS)


def test_scheme_takes_the_place_of_a_server_that_does_not_answer(page, town, tile_server, page_watch):
    page_watch.allow("500|Failed to load")
    tile_server.fails = True
    set_base(town, "tiles", tile_server.url + "/{z}/{x}/{y}.png")
    page.goto("/map/")
    expect(page.locator(".toast")).to_contain_text(re.compile("схем"))
    expect(page.locator(".scheme-labels")).to_be_attached()
    expect(page.locator(".map-pin")).to_have_count(1)


def test_the_admins_field_for_a_place_names_the_districts_of_the_scheme(page, sign_in):
    town = Town()
    lng, lat = town.city.config.centre_point
    ring = [[lng - 0.03, lat - 0.02], [lng + 0.03, lat - 0.02], [lng + 0.03, lat + 0.02], [lng - 0.03, lat - 0.02]]
    district = {
        "type": "Feature",
        "properties": {"kind": "district", "name": "Центр"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    CityScheme.objects.create(city=town.city, features={"type": "FeatureCollection", "features": [district]})
    sign_in(page, person("operator@city.example", is_superuser=True, is_staff=True))
    page.goto(reverse("opencity_admin_city:edit", args=[town.city.config.pk]))
    page.wait_for_function(
        "() => { const canvas = document.querySelector('.scheme-labels');"
        " return canvas?.width && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        ".data.some((value) => value > 0); }"
    )
