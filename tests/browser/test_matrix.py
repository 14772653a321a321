"""The grid of the responsibility matrix by keyboard alone, at thirty organisations; its pages are accessible and fit."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from opencity_issues.models import Organisation, Responsibility
from tests.browser_fixtures import DESKTOP, PHONE
from tests.factories import Town, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRID = "/admin/opencity/matrix/grid/"


@pytest.fixture
def town(transactional_db: None) -> Town:
    return Town(content=False)


@pytest.fixture
def operator(town: Town) -> Any:
    return person("operator@city.example", is_superuser=True, is_staff=True)


def rows() -> set[tuple[str, str]]:
    return set(Responsibility.objects.values_list("category__code", "organisation__slug"))


def focused(page: Page) -> str:
    """The cell that has the focus, by its labels: "8 Інше | Дорожня служба", or the branch whose fold has it."""
    return str(
        page.evaluate(
            """() => (document.activeElement.getAttribute("aria-labelledby") || "").split(" ")
                .map((id) => document.getElementById(id)?.textContent.trim()).join(" | ")"""
        )
    )


def test_rows_are_changed_by_keyboard(page: Page, sign_in: Callable[..., None], town: Town, operator: Any) -> None:
    sign_in(page, operator)
    page.goto(GRID)
    expect(page.locator("[data-preview]")).to_be_disabled()
    page.locator(".matrix tbody input").first.evaluate("box => box.focus()")
    page.keyboard.press("Control+End")
    assert focused(page).startswith("8 ")
    page.keyboard.press("Home")
    first = focused(page)
    page.keyboard.press("ArrowRight")
    assert focused(page) != first
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("[data-matrix-count]")).to_contain_text("1")
    page.keyboard.press("Control+KeyZ")
    expect(page.locator("[data-preview]")).to_be_disabled()
    page.keyboard.press("Space")
    page.locator("[data-preview]").click()
    expect(page.locator("main .listing").first).to_contain_text("8 ")
    page.locator("button[value=save]").click()
    expect(page.locator(".matrix")).to_be_visible()
    assert rows() == {("3", "roads"), ("2.2", "lighting"), ("7", "housing"), ("8", "roads")}
    page.locator(".matrix-undo button").click()
    page.locator("button[value=save]").click()
    expect(page.locator(".matrix")).to_be_visible()
    assert rows() == {("3", "roads"), ("2.2", "lighting"), ("7", "housing")}


def test_what_a_tick_does_below_is_seen_at_once(
    page: Page, sign_in: Callable[..., None], town: Town, operator: Any
) -> None:
    sign_in(page, operator)
    page.goto(GRID)
    page.locator("[data-unfold]").click()
    hole = page.locator(".matrix tr", has_text="3.8 ")
    expect(hole.locator("td.is-inherited")).to_have_count(1)
    hole.locator("td:not(.is-inherited) label").first.click()
    expect(hole.locator("td.is-inherited")).to_have_count(0)
    expect(hole.locator("td.is-changed")).to_have_count(1)
    other = page.locator(".matrix tr", has_text="8 ").last
    expect(other.locator(".matrix__nobody")).to_be_visible()


def test_letters_filter_and_branches_fold(page: Page, sign_in: Callable[..., None], town: Town, operator: Any) -> None:
    sign_in(page, operator)
    page.goto(GRID)
    shown = page.locator(".matrix tbody tr:visible")
    expect(shown).to_have_count(8)
    page.locator(".matrix tbody input:visible").first.evaluate("box => box.focus()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert shown.count() > 8
    page.keyboard.press("Enter")
    expect(shown).to_have_count(8)
    page.keyboard.type("3.8")
    expect(shown).to_have_count(2)
    page.keyboard.press("Enter")
    assert focused(page).startswith("3.8 ")
    page.locator("[data-filter-rows]").fill("")
    page.locator("[data-show]").select_option("own")
    expect(shown).to_have_count(4)  # 2 above 2.2, 3, 7
    page.locator("[data-filter-columns]").fill("світло")
    expect(page.locator("[data-organisation]:visible")).to_have_count(1)


def test_ticks_without_scripts(new_page: Any, sign_in: Callable[..., None], town: Town, operator: Any) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, operator)
    page.goto(GRID)
    page.locator(".matrix-branches a", has_text="8 ").click()
    expect(page.locator(".matrix tbody tr")).to_have_count(1)
    page.locator(".matrix tbody label").first.click()
    page.locator("[data-preview]").click()
    page.locator("button[value=save]").click()
    assert len(rows()) == 4


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_are_accessible_and_fit(
    new_page: Any, sign_in: Callable[..., None], town: Town, operator: Any, size: Any
) -> None:
    for number in range(27):
        Organisation.objects.create(
            city=town.city, slug=f"o{number}", name_uk=f"Комунальне підприємство з довгою назвою № {number}"
        )
    page = new_page(viewport=size)
    sign_in(page, operator)
    for path in (GRID, "/admin/opencity/matrix/import/", "/admin/opencity/matrix/where/?categories=3.8&categories=8"):
        page.goto(path)
        page.wait_for_load_state()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page = new_page(viewport=size)
    sign_in(page, town.controller)
    page.goto("/organisations/control/cabinet/matrix/?categories=3.8&place=51.344,25.853")
    page.locator(".matrix-branch summary").first.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def assert_accessible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert not violations, [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in violations]
