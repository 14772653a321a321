"""Every component in a real browser: accessible in both looks and sizes, no script in error, no foreign host asked."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from playwright.sync_api import expect

from opencity_issues.views.style_guide import style_guide
from tests.browser_fixtures import DESKTOP, PHONE

PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

SCHEME = Path(__file__).resolve().parents[2] / "fixtures" / "scheme" / "scheme.geojson"


def scheme(request: HttpRequest) -> JsonResponse:
    return JsonResponse(json.loads(SCHEME.read_text()))


issues = [
    path("map/scheme.geojson", scheme, name="map_scheme"),
    path("map/", style_guide, name="map"),
    path("report/", style_guide, name="report"),
]
urlpatterns = [
    path("style-guide/", style_guide),
    path("admin/", include("wagtail.admin.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("", include((issues, "opencity_issues"))),
]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_components_are_accessible_and_fit(page, look, size):
    page.set_viewport_size(size)
    page.goto(f"/style-guide/?look={look}")
    expect(page.locator("#sample-map .map-pin").first).to_be_visible()
    violations = Axe().run(page).response["violations"]
    assert not violations, [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_what_is_pressed_is_large_enough(page):
    page.set_viewport_size(PHONE)
    page.goto("/style-guide/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, .chip, .choice, summary, .nav__link, select, .map-pin")]
            .map((element) => [element.className, element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 44 || box.width < 44))
            .map(([name, box]) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""
    )
    assert not small, small


def test_a_dialog_opens_and_closes(page):
    page.goto("/style-guide/")
    page.get_by_role("button", name="Діалог").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_tiles_are_asked_for_only_when_chosen(page, page_watch):
    page.goto("/style-guide/")
    expect(page.locator(".scheme-labels")).to_be_attached()
    assert not page_watch.unexpected()
    page_watch.allow("tile.openstreetmap.org|ERR_")
    page.route("https://tile.openstreetmap.org/**", lambda route: route.fulfill(body=PIXEL, content_type="image/gif"))
    page.locator(".leaflet-control-layers-toggle").press("Enter")
    # By keyboard: Leaflet takes no click in the moment in which the pointer opens the switch.
    page.get_by_role("radio", name="OpenStreetMap").focus()
    with page.expect_request("https://tile.openstreetmap.org/**"):
        page.keyboard.press("Space")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")
