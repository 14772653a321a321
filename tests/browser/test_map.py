"""Map beside list in a real browser: each moves the other, all of it by keyboard, on a phone, and without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from opencity_issues.actions.city.draw_districts import place_issues
from opencity_issues.models import District, GazetteerPlace
from opencity_issues.queries import map as map_queries
from tests.factories import NOON, PLACE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = "<img src=\"x\" onerror=\"document.title='run'\"><script>document.title='run'</script>"
EAST = (25.88, 51.344)
NEAR = "?bbox=25.84,51.34,25.866,51.348&zoom=16"


@pytest.fixture
def town() -> Town:
    """A city with a road's issue in the middle, a closed lamp beside it and one far to the east."""
    town = Town(content=True)
    town.issue(title="Яма посередині", now=NOON)
    town.close(
        town.issue(title="Ліхтар поруч", categories=["2.2"], location=(25.856, 51.345), now=NOON + timedelta(hours=1))
    )
    town.issue(title="Яма на сході", location=EAST, now=NOON + timedelta(hours=2))
    return town


def rows(page):
    return page.locator("[data-map-rows] .issue-row__title")


def pins(page):
    return page.locator(".leaflet-marker-pane .map-pin")


def test_list_follows_the_map_and_the_address_tells_the_view(page, town):
    page.goto("/map/")
    expect(rows(page)).to_have_count(3)
    expect(page.locator(".map canvas").first).to_be_visible()
    page.goto(f"/map/{NEAR}")
    expect(rows(page)).to_have_text(["Ліхтар поруч", "Яма посередині"])
    expect(pins(page)).to_have_count(2)
    page.locator(".map").drag_to(
        page.locator(".map"), source_position={"x": 600, "y": 300}, target_position={"x": 40, "y": 300}
    )
    expect(rows(page)).to_have_count(0)
    expect(page.locator("[data-map-note]")).to_be_visible()
    shared = page.url
    assert "bbox=" in shared
    assert "zoom=16" in shared
    page.goto(shared)
    expect(rows(page)).to_have_count(0)


def test_filter_changes_map_list_and_address_together(page, town):
    page.goto(f"/map/{NEAR}")
    expect(pins(page)).to_have_count(2)
    page.locator("label.chip--closed").click()
    expect(rows(page)).to_have_text(["Ліхтар поруч"])
    expect(pins(page)).to_have_count(1)
    expect(page.locator(".map-pin .pin--closed")).to_be_visible()
    expect(page).to_have_url(re.compile(r"status=closed&bbox="))
    page.reload()
    expect(page.locator("input[value=closed]")).to_be_checked()
    expect(rows(page)).to_have_text(["Ліхтар поруч"])
    page.locator("a", has_text=re.compile("Увесь список|Whole list")).click()
    expect(page).to_have_url(re.compile(r"/issues/\?status=closed&bbox=.*zoom=16"))
    expect(page.locator(".issue-row__title")).to_have_text(["Ліхтар поруч"])


def test_row_and_pin_point_at_each_other(page, town):
    page.goto(f"/map/{NEAR}")
    expect(pins(page)).to_have_count(2)
    page.locator(".map-row", has_text="Ліхтар").hover()
    expect(page.locator(".map-pin.is-active .pin--closed")).to_be_visible()
    page.locator(".map-pin", has=page.locator(".pin--open")).hover()
    expect(page.locator(".issue-row.is-near .issue-row__title")).to_have_text("Яма посередині")


def test_keyboard_goes_past_the_map_or_through_it(page, town):
    page.goto(f"/map/{NEAR}")
    expect(pins(page)).to_have_count(2)
    skip = page.locator(".map-page__map > .skip")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#map-list")).to_be_focused()
    pin = page.locator(".map-pin", has=page.locator(".pin--open"))
    expect(pin).to_have_accessible_name(re.compile(r"№ \d+"))
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a", has_text="Яма посередині")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("Яма посередині"))


def test_row_is_shown_on_the_map(page, town):
    page.goto("/map/")
    page.locator(".map-row", has_text="Яма на сході").locator("[data-show]").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Яма на сході")
    expect(rows(page)).to_have_text(["Яма на сході"])


def test_groups_of_the_server_open_by_coming_nearer(page, town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 3)
    town.close(town.issue(title="Там само", categories=["2.2"], now=NOON + timedelta(hours=3)))
    page.goto("/map/")
    group = page.locator(".ring-pin", has_text="2")
    expect(group).to_be_visible()
    expect(group.locator(".ring__arc")).to_have_count(2)
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map")).to_be_focused()
    expect(page).to_have_url(re.compile("zoom=15"))
    expect(rows(page)).to_have_count(3)
    expect(pins(page)).to_have_count(1)


def test_issues_on_one_spot_fan_out(page, town):
    town.issue(title="Ще одна там само", location=PLACE)
    page.goto("/map/?bbox=25.8525,51.3437,25.8535,51.3443&zoom=19")
    page.locator(".ring-pin").click()
    expect(pins(page)).to_have_count(2)


def test_hostile_title_is_only_words_in_the_popup(page, town):
    town.issue(title=HOSTILE, address=HOSTILE, location=EAST, now=NOON + timedelta(hours=3))
    page.goto("/map/?bbox=25.8795,51.3437,25.8805,51.3443&zoom=19")
    page.locator(".map-row", has_text="<img").locator("[data-show]").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("<script>")
    assert page.evaluate("document.title") != "run"
    assert page.locator(".leaflet-popup img[onerror], .leaflet-popup script").count() == 0


def test_lost_connection_is_told_and_tried_again(page, town, page_watch):
    page_watch.allow(r"ERR_FAILED|Failed to load")
    page.goto(f"/map/{NEAR}")
    expect(pins(page)).to_have_count(2)
    page.route("**/map/data/**", lambda route: route.abort())
    page.locator("label.chip--open").click()
    note = page.locator("[data-map-note]")
    expect(note).to_contain_text(re.compile("зв’язок|connection"))
    page.unroute("**/map/data/**")
    note.get_by_role("button").click()
    expect(pins(page)).to_have_count(1)


def test_visitor_is_shown_where_he_is(new_page, town):
    page = new_page(geolocation={"longitude": PLACE[0], "latitude": PLACE[1]}, permissions=["geolocation"])
    page.goto("/map/")
    page.locator(".map-button").click()
    expect(page.locator(".here-pin")).to_be_visible()
    expect(page).to_have_url(re.compile("zoom=17"))


def test_phone_pulls_the_list_up_over_the_map(phone, town):
    phone.goto("/map/")
    expect(pins(phone).first).to_be_visible()
    handle = phone.locator("[data-sheet-handle]")
    expect(handle).to_have_attribute("aria-expanded", "false")
    handle.click()
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(rows(phone).first).to_be_in_viewport()
    phone.locator(".map-row", has_text="Яма на сході").locator("[data-show]").click()
    expect(phone.locator(".leaflet-popup")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_phone_lays_the_list_of_a_moved_map_out_once_it_is_pulled_up(phone, town):
    phone.goto(f"/map/{NEAR}")
    handle = phone.locator("[data-sheet-handle]")
    expect(handle).to_contain_text("2 проблеми")
    for zoom in (15, 14, 13):
        phone.locator(".leaflet-control-zoom-out").click()
        expect(phone).to_have_url(re.compile(f"zoom={zoom}"))
    expect(handle).to_contain_text("3 проблеми")
    handle.click()
    expect(rows(phone)).to_have_text(["Яма на сході", "Ліхтар поруч", "Яма посередині"])


def test_without_scripts_the_same_address_is_a_list(new_page, town):
    page = new_page(java_script_enabled=False)
    page.goto("/map/?status=open&bbox=25.84,51.34,25.866,51.348&zoom=16")
    expect(rows(page)).to_have_text(["Яма посередині"])
    page.locator("label.chip--open").click()
    page.locator("label.chip--closed").click()
    page.locator("[data-without-script]").click()
    expect(rows(page)).to_have_text(["Ліхтар поруч"])
    expect(page).to_have_url(re.compile(r"bbox=25.84"))
    page.goto("/issues/?status=open")
    expect(page.locator(".issue-row__title")).to_have_text(["Яма на сході", "Яма посередині"])


@pytest.mark.parametrize("address", ["/map/", "/issues/", "/statistics/"])
def test_pages_have_no_fault_of_accessibility(page, town, address):
    from axe_playwright_python.sync_playwright import Axe  # only this test needs it

    page.goto(address)
    expect(page.locator("h1")).to_be_attached()
    if address == "/map/":
        expect(rows(page)).to_have_count(3)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def draw_district(town):
    ring = [[25.85, 51.34], [25.858, 51.34], [25.858, 51.347], [25.85, 51.347], [25.85, 51.34]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    District.objects.create(city=town.city, name_uk="Центр", outline=outline)
    place_issues(town.city)


def test_district_is_chosen_outlined_and_taken_back_by_the_back_button(page, town):
    draw_district(town)
    page.goto("/map/")
    expect(rows(page)).to_have_count(3)
    page.locator(".issue-filter__more > summary").click()
    page.locator("#filter-district").select_option(label="Центр")
    expect(rows(page)).to_have_text(["Ліхтар поруч", "Яма посередині"])
    expect(page.locator("path.map-outline")).to_be_attached()
    expect(page).to_have_url(re.compile("district="))
    page.go_back()
    expect(rows(page)).to_have_count(3)
    expect(page.locator("path.map-outline")).to_have_count(0)
    expect(page.locator("#filter-district")).to_have_value("")


def test_place_is_searched_by_keyboard_and_the_map_goes_there(page, town):
    GazetteerPlace.objects.create(
        city=town.city, kind="street", name_uk="вул. Східна", other_names="вул. Леніна", lng=EAST[0], lat=EAST[1]
    )
    page.goto("/map/")
    field = page.get_by_role("combobox", name=re.compile("Вулиця|Street"))
    field.fill("на східній")
    option = page.get_by_role("option", name=re.compile("Східна"))
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("вул. Східна")
    expect(page.locator(".place-pin")).to_be_visible()
    expect(rows(page)).to_have_text(["Яма на сході"])
    expect(page).to_have_url(re.compile("zoom=16"))


def test_what_is_overdue_shows_on_pin_and_group(page, town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 2)
    page.goto("/map/")
    expect(page.locator(".leaflet-marker-pane .pin__mark-overdue").first).to_be_visible()
    page.goto(f"/map/{NEAR}")
    expect(page.locator(".map-pin .pin--open .pin__mark-overdue")).to_be_visible()
    expect(page.locator(".map-pin .pin--closed .pin__mark-overdue")).to_have_count(0)
