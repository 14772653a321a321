"""Photos of a card: large over the page, by keyboard; without scripts each is a plain link."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opencity_issues.enums import MediaKind
from opencity_issues.models import Media
from tests.factories import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_photos_are_gone_through_by_keyboard(page):
    town = Town()
    issue = town.issue()
    for _number in range(3):
        Media.objects.create(issue=issue, kind=MediaKind.PHOTO, uploader=issue.author, width=80, height=60)
    # The files themselves are not what is looked at here.
    page.route("**/files/**", lambda route: route.fulfill(content_type="image/svg+xml", body=DRAWING))
    page.goto(reverse("opencity_issues:card", args=[issue.number]))
    links = page.locator("a[data-photo]")
    expect(links).to_have_count(3)
    links.first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog")
    expect(viewer).to_be_visible()
    expect(viewer.get_by_text("1 / 3")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("3 / 3")).to_be_visible()
    assert viewer.locator("img").get_attribute("src") == links.nth(2).evaluate("link => link.href")
    page.keyboard.press("Home")
    expect(viewer.get_by_text("1 / 3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(links.first).to_be_focused()


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60"/></svg>'
