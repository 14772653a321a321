"""List, card, support and comment in a browser that runs no scripts; test_report.py has the report, test_map.py the map."""

import pytest
from playwright.sync_api import expect

from opencity_issues.models import Contribution, Support
from tests.factories import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_list_card_support_and_comment(new_page, sign_in):
    town = Town(content=True)
    town.issue(title="Яма біля переходу")
    town.close(town.issue(title="Ліхтар не світить", categories=["2.2"]))
    page = new_page(java_script_enabled=False)
    sign_in(page, town.neighbour)

    page.goto("/issues/?q=переходу")
    expect(page.locator(".issue-row__title")).to_have_text(["Яма біля переходу"])
    page.locator("summary", has_text="Категорія").click()
    page.locator("#filter-q").fill("")
    page.locator("label", has=page.locator("input[name=status][value=open]")).first.click()
    page.locator(".issue-filter .button--main").click()
    expect(page.locator(".issue-row__title")).to_have_text(["Яма біля переходу"])

    page.locator(".issue-row__title a").click()
    expect(page.locator("h1")).to_have_text("Яма біля переходу")
    page.locator("[data-me-too-form] button").click()
    assert Support.objects.count() == 1
    page.locator("#comment textarea").fill("Щодня переступаємо.")
    page.locator("#comment .button--main").click()
    expect(page.locator(".comment__text")).to_have_text(["Щодня переступаємо."])
    assert Contribution.objects.filter(author=town.neighbour).count() == 1

    page.locator(".footer .look-switch__button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
