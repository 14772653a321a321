"""Self-organisation from a telephone: a resident gathers others, a neighbour takes a task, the moderator accepts and closes (T3, T7)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opencity_issues.enums import Status, UndertakingState
from opencity_issues.models import Initiative, IssuePage, Media
from tests.browser_fixtures import PHONE
from tests.factories import Town
from tests.issues.media_samples import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return Town(content=True)


def test_neighbours_solve_an_issue_from_the_first_tap_to_the_closed_card(town, new_page, sign_in):
    issue = town.issue(now=timezone.now())
    resident, neighbour, moderator = (new_page(viewport=PHONE, has_touch=True) for _each in range(3))
    for page, user in ((resident, town.author), (neighbour, town.neighbour), (moderator, town.moderator)):
        sign_in(page, user)

    resident.goto(issue.get_absolute_url())
    resident.locator("#together a").click()
    day = timezone.localtime(timezone.now() + timedelta(days=3)).replace(hour=10, minute=0)
    resident.fill("#id_text", "Пофарбуємо лавки.")
    resident.fill("#id_starts_at", day.strftime("%Y-%m-%dT%H:%M"))
    resident.fill("#id_place", "Біля першого під’їзду")
    resident.fill("#id_tasks", "Принести фарбу\nПринести пензлі")
    resident.fill("#id_contact", "050 777 88 99")
    resident.locator("main .button--main").click()
    expect(resident.locator(".task")).to_have_count(2)
    wide = resident.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]

    neighbour.goto(issue.get_absolute_url())
    neighbour.locator("#together .button--main").click()
    expect(neighbour.locator("#together .badge--accepted")).to_be_visible()
    neighbour.locator("#together .button-row a").click()
    expect(neighbour.locator("main")).to_contain_text("050 777 88 99")
    neighbour.locator(".task button").first.click()
    expect(neighbour.locator(".task--taken")).to_have_count(1)

    initiative = Initiative.objects.get()
    moderator.goto(reverse("opencity_issues:cabinet", args=["ngo"], query={"queue": "gathered", "issue": issue.number}))
    moderator.goto(initiative.get_absolute_url())
    moderator.locator("#moderator .button--main").click()
    expect(moderator.locator(".together-issue .badge--accepted")).to_be_visible()

    resident.reload()
    resident.locator("#result summary").click()
    resident.fill("#result-text", "Лавки як нові.")
    resident.set_input_files("#id_result_files", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(resident.locator("#result [data-previews] img")).to_be_visible()
    resident.locator("#result .button--main").click()
    expect(resident.locator(".together-result img")).to_be_visible()

    moderator.reload()
    moderator.locator("#moderator .button--main").click()
    expect(moderator.locator(".together-issue .badge--closed")).to_be_visible()
    assert IssuePage.objects.get().status == Status.CLOSED
    assert Initiative.objects.get().state == UndertakingState.DONE
    assert Media.objects.get().issue_id == issue.pk
