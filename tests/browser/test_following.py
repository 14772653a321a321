"""Supporting, following and one's own page in a real browser: on a telephone, from a letter, and on the map."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.letters.tell_followers import tell_followers
from opencity_issues.models import Follow, IssuePage, Support
from tests.factories import Town, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(settings, tmp_path, live_server) -> Town:
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    settings.OPENCITY_BASE_URL = live_server.url
    return Town(content=True)


def test_a_resident_supports_follows_and_stops_by_the_letter(phone, town, sign_in, live_server):
    issue = town.issue()
    sign_in(phone, town.neighbour)
    phone.goto(issue.get_absolute_url())
    button = phone.locator("[data-me-too-form] button")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    assert IssuePage.objects.get(pk=issue.pk).support_count == 1
    phone.reload()
    expect(phone.locator(".follow__state")).to_be_visible()

    town.accept(issue, town.roads)
    tell_followers()
    send_waiting()
    letter = next(one for one in mail.outbox if one.to == [town.neighbour.email])
    link = re.search(r"<(http[^>]+)>", letter.extra_headers["List-Unsubscribe"])[1]
    phone.context.clear_cookies()
    phone.goto(link)
    expect(phone.locator("h1")).to_be_visible()
    assert Follow.objects.count() == 1
    phone.locator("form .button--main").click()
    expect(phone.locator(".notice--success")).to_be_visible()
    assert not Follow.objects.exists()
    assert Support.objects.count() == 1


def test_a_circle_is_drawn_from_the_map_and_kept_on_the_own_page(page, town, sign_in):
    town.issue()
    sign_in(page, person("walker@people.example"))
    page.goto("/map/?bbox=25.840,51.340,25.866,51.350")
    page.locator("a[data-follow-view]").click()
    page.wait_for_url("**/my/follows/place/?bbox=*")
    before = page.locator("#id_lng").input_value()
    page.locator("#follow-map").click(position={"x": 120, "y": 90})
    expect(page.locator("#id_lng")).not_to_have_value(before)
    page.locator("#id_name").fill("Дім")
    page.locator("#id_radius").select_option("1000")
    page.locator("form[data-follow-place] .button--main").click()
    page.wait_for_url("**/my/follows/")
    expect(page.locator(".followed__row")).to_contain_text("Дім")
    for room in page.locator(".my-menu a").all():
        assert page.request.get(room.get_attribute("href")).status == 200
