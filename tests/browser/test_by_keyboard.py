"""What citizens do, with the keyboard alone; and the page of the map in the order in which a screen reader says it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from opencity_issues.models import Contribution, IssuePage, Support
from tests.factories import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Town:
    town = Town(content=True)
    town.issue(title="Яма біля переходу", address="вул. Шкільна, 4")
    town.close(town.issue(title="Ліхтар не світить", categories=["2.2"], location=(25.856, 51.345)))
    return town


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that the focus can be seen."""
    expect(target).to_be_attached()
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            seen = (
                "element => [element, element.parentElement].some(one => getComputedStyle(one).outlineStyle !== 'none')"
            )
            assert target.evaluate(seen), "the focus cannot be seen"
            return
    pytest.fail(f"Tab does not come to {target}")


def test_the_skip_link_leads_past_the_masthead(page, town):
    page.goto("/issues/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_list_is_filtered(page, town):
    page.goto("/issues/")
    tab_to(page, page.locator("input[name=status][value=closed]"))
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("status=closed"))
    expect(page.locator(".issue-row__title")).to_have_text(["Ліхтар не світить"])
    tab_to(page, page.locator(".issue-row__title a"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ліхтар не світить")


def test_the_language_is_switched_and_the_page_stays(page, town):
    page.goto("/issues/?status=open")
    tab_to(page, page.locator(".masthead .languages__button[value=en]"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/issues/\?status=open"))


def test_an_issue_is_supported_and_commented_on(page, town, sign_in):
    sign_in(page, town.neighbour)
    page.goto(IssuePage.objects.get(title="Яма біля переходу").get_absolute_url())
    tab_to(page, page.locator("[data-me-too-form] button"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-me-too] button")).to_have_attribute("aria-pressed", "true")
    tab_to(page, page.locator("#comment textarea"))
    page.keyboard.type("Щодня переступаємо.")
    tab_to(page, page.locator("#comment .button--main"))
    page.keyboard.press("Enter")
    expect(page.locator(".comment__text", has_text="Щодня переступаємо.")).to_be_visible()
    assert Support.objects.count() == 1
    assert Contribution.objects.filter(author=town.neighbour).count() == 1


def test_a_screen_reader_hears_the_map_page_in_a_sensible_order(page, town):
    page.goto("/map/?bbox=25.84,51.34,25.866,51.348&zoom=16")
    expect(page.locator(".map-pin").first).to_be_visible()
    heard = page.locator("body").aria_snapshot()
    order = [
        'link "Перейти до змісту"',
        "- banner:",
        'navigation "Розділи"',
        "- main:",
        "Оминути карту: до списку",
        'region "Карта проблем',
        f"Проблема № {IssuePage.objects.get(title='Яма біля переходу').number}: Відкрита",
        'button "Наблизити"',
        'heading "Карта проблем" [level=1]',
        'search "Фільтр проблем"',
        'checkbox "Відкрита"',
        "[level=2]",
        'heading "Ліхтар не світить" [level=3]',
        'heading "Яма біля переходу" [level=3]',
        "вул. Шкільна, 4",
    ]
    places = [heard.find(words) for words in order]
    assert -1 not in places, [words for words, place in zip(order, places, strict=True) if place < 0]
    assert places == sorted(places)
    # No control is without a name.
    assert not re.search(r"- (button|link|checkbox|textbox)(:|$)", heard, re.MULTILINE)


def test_an_issue_is_reported(page, town, sign_in):
    sign_in(page, town.neighbour)
    go_on = page.locator(".wizard__buttons .button--main")
    page.goto("/report/")
    tab_to(page, page.locator("#report-map"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#id_lng")).to_have_value(re.compile(r"25\.\d+"))
    tab_to(page, page.locator("#id_address"))
    page.keyboard.type("вул. Шкільна, біля воріт")
    tab_to(page, go_on)
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/what/")
    tab_to(page, page.locator("#id_title"))
    page.keyboard.type("Яма біля школи")
    tab_to(page, page.locator("#id_description"))
    page.keyboard.type("Глибока, після дощу не видно.")
    expect(page.locator("[data-suggested][value='3.8']")).to_be_checked()
    tab_to(page, go_on)
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/photos/")
    tab_to(page, go_on)
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/review/")
    tab_to(page, go_on)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent/")
    assert IssuePage.objects.filter(title="Яма біля школи", author=town.neighbour).count() == 1
