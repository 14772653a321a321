"""Photos of a card: large over the page, by keyboard; without scripts each is a plain link."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opencity_issues.enums import ContributionKind, MediaKind
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


def swipe(page, along: int) -> None:
    """A finger goes across the middle of the screen by so many pixels, as the browser hears it from a touch screen."""
    session = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", 195), *(("touchMove", 195 + along * step / 5) for step in range(1, 6))):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 400}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_swipes_and_a_slider_between_before_and_after(phone, new_page):
    town = Town()
    issue = town.close(town.issue())
    Media.objects.create(issue=issue, kind=MediaKind.PHOTO, uploader=issue.author, width=80, height=60)
    result = issue.contributions.get(kind=ContributionKind.DONE)
    result.media.create(issue=issue, kind=MediaKind.PHOTO, uploader=town.roads_worker, width=80, height=60)
    phone.route("**/files/**", lambda route: route.fulfill(content_type="image/svg+xml", body=DRAWING))
    phone.goto(issue.get_absolute_url())
    slider = phone.get_by_role("slider", name="Пересувайте, щоб порівняти «до» і «після»")
    expect(slider).to_have_attribute("aria-valuetext", "До: 50 %, після: 50 %")
    before, after = (phone.locator(".before-after figure").nth(one) for one in (0, 1))
    assert before.bounding_box() == after.bounding_box()
    slider.focus()
    phone.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "До: 0 %, після: 100 %")
    assert after.evaluate("one => getComputedStyle(one).clipPath") == "inset(0px 0px 0px 0%)"

    after.get_by_role("link").click()
    viewer = phone.get_by_role("dialog")
    expect(viewer.get_by_text("2 / 3")).to_be_visible()
    swipe(phone, 150)
    expect(viewer.get_by_text("1 / 3")).to_be_visible()
    swipe(phone, -30)  # too short to be meant
    expect(viewer.get_by_text("1 / 3")).to_be_visible()
    swipe(phone, -150)
    expect(viewer.get_by_text("2 / 3")).to_be_visible()

    plain = new_page(java_script_enabled=False)
    plain.route("**/files/**", lambda route: route.fulfill(content_type="image/svg+xml", body=DRAWING))
    plain.goto(issue.get_absolute_url())
    expect(plain.locator("input[type=range]")).to_be_hidden()
    boxes = [one.bounding_box() for one in plain.locator(".before-after figure").all()]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60"/></svg>'
