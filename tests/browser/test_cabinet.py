"""The cabinet in a real browser: by keyboard, on a telephone, without scripts, and when two people act at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opencity_issues.enums import AssignmentState, ContributionKind, Status
from opencity_issues.models import Assignment, Contribution, Look
from tests.browser_fixtures import PHONE
from tests.factories import Town, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return Town(content=True)


@pytest.fixture
def issues(town):
    now = timezone.now()
    return [
        town.issue(now=now, title=f"Яма на розі {number}", author=person(f"p{number}@people.example"))
        for number in range(3)
    ]


def cabinet(own, /, **query):
    return reverse("opencity_issues:cabinet", args=[own.slug], query=query or None)


def part(issue):
    return Assignment.objects.get(issue=issue)


def deed(page, name):
    return page.locator(f".desk__actions [href*='do={name}#'], .desk__actions form[action$='do={name}'] button")


LAYOUT = dict(zip("йцукенгшщзфівапролдячсмить", "qwertyuiopasdfghjklzxcvbnm", strict=True))
"""Letters of the Ukrainian layout by the Latin ones on the same keys; the browser knows only the latter by name."""


def press_deed(page, name):
    letter = deed(page, name).get_attribute("data-key")
    page.keyboard.press(f"Key{LAYOUT.get(letter, letter).upper()}")


def test_a_worker_accepts_by_keyboard_without_a_page_load(town, issues, page, sign_in):
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="to-accept"))
    page.evaluate("window.neverReloaded = true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#issue-title")).to_have_text(issues[0].title)
    page.keyboard.press("j")
    expect(page.locator("#issue-title")).to_have_text(issues[1].title)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#issue-title")).to_have_text(issues[0].title)

    press_deed(page, "T2")
    expect(page.locator("#deed-executor")).to_be_focused()
    page.keyboard.type("Майстер Іван Дорожній")
    page.keyboard.press("Enter")
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator("#desk-issue .badge--accepted").first).to_be_visible()
    expect(page.locator(f".desk__rows [data-issue='{issues[0].number}']")).to_have_count(0)
    assert (part(issues[0]).state, part(issues[0]).executor) == (AssignmentState.ACCEPTED, "Майстер Іван Дорожній")

    page.keyboard.press("ArrowDown")
    expect(page.locator("#issue-title")).to_have_text(issues[1].title)
    assert page.evaluate("window.neverReloaded") is True


def test_letters_work_in_both_layouts(town, issues, page, sign_in):
    """The letter on the button, whichever layout the keyboard is switched to."""
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="to-accept", issue=issues[0].number))
    letter = deed(page, "T2").get_attribute("data-key")
    page.evaluate("key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))", letter)
    expect(page.locator("#deed-executor")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-deed-form]")).to_have_count(0)
    press_deed(page, "T2")
    expect(page.locator("#deed-executor")).to_be_focused()


def test_opening_marks_as_looked_at_by_a_request_of_its_own(town, issues, page, sign_in):
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="new"))
    with page.expect_response(lambda answer: "do=seen" in answer.url) as told:
        page.locator(f"[data-issue='{issues[1].number}']").click()
    assert told.value.status == 204
    assert part(issues[1]).seen_at
    assert part(issues[0]).seen_at is None
    expect(page.locator("[data-seen]")).to_have_count(0)


def test_the_list_of_keys(town, issues, page, sign_in):
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="new"))
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_a_lost_race_keeps_the_words_and_shows_the_state(town, issues, page, page_watch, sign_in):
    page_watch.allow("409")
    issue = town.accept(issues[0], town.roads, timezone.now())
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="in-work", issue=issue.number))
    press_deed(page, "T5")
    page.locator("#deed-answer").fill("Наш довгий звіт про роботу")
    town.move(issue, "T6", town.controller, town.control, timezone.now())
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-refusal]")).to_be_focused()
    expect(page.locator("[data-refusal] .badge--closed")).to_be_visible()
    expect(page.locator("#deed-answer")).to_have_value("Наш довгий звіт про роботу")


def test_what_is_missing_is_said_where_the_person_is(town, issues, page, page_watch, sign_in):
    page_watch.allow("400")
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="new", issue=issues[0].number))
    press_deed(page, "T2")
    expect(page.locator("#deed-executor")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator("#deed-executor").fill("Майстер")
    page.locator("[data-deed-form] .button--main").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert part(issues[0]).executor == "Майстер"


def test_a_worker_accepts_and_finishes_on_a_phone(town, issues, phone, sign_in):
    sign_in(phone, town.roads_worker)
    phone.goto(cabinet(town.roads, queue="new"))
    expect(phone.locator("#desk-issue")).to_be_hidden()
    phone.locator(f"[data-issue='{issues[2].number}']").tap()
    expect(phone.locator("#issue-title")).to_have_text(issues[2].title)
    expect(phone.locator(".desk__rows")).to_be_hidden()
    deed(phone, "T2").tap()
    phone.locator("#deed-executor").fill("Майстер")
    phone.locator("[data-deed-form] .button--main").tap()
    expect(phone.locator(".notice--success")).to_be_visible()
    deed(phone, "T5").tap()
    phone.locator("#deed-answer").fill("Засипали щебенем")
    phone.locator("[data-deed-form] .button--main").tap()
    expect(phone.locator("#desk-issue .badge--closed").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.locator("[data-back]").tap()
    expect(phone.locator(".desk__list")).to_be_visible()
    issues[2].refresh_from_db()
    assert issues[2].status == Status.CLOSED


def test_everything_works_without_scripts(town, issues, new_page, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="new"))
    page.locator(f"[data-issue='{issues[0].number}']").click()
    page.locator("[data-seen] button").click()
    deed(page, "T2").click()
    page.locator("#deed-executor").fill("Майстер")
    page.locator("[data-deed-form] .button--main").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert part(issues[0]).state == AssignmentState.ACCEPTED


def test_somebody_who_has_left_is_told_so(town, issues, page, page_watch, sign_in):
    page_watch.allow("403")
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="new", issue=issues[0].number))
    town.roads.memberships.update(left_at=timezone.now())
    page.keyboard.press("ArrowDown")
    expect(page.locator("#desk")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


def test_moderator_and_control_body_act(town, issues, page, new_page, sign_in):
    issue = issues[0]
    sign_in(page, town.moderator)
    page.goto(cabinet(town.ngo, queue="all", issue=issue.number))
    deed(page, "repeat").click()
    page.locator("#deed-text").fill("Просимо прийняти проблему.")
    page.locator("[data-deed-form] .button--main").click()
    expect(page.locator(".notice--success")).to_be_visible()
    page = new_page()
    sign_in(page, town.controller)
    page.goto(cabinet(town.control, queue="repeated", issue=issue.number))
    deed(page, "T4").click()
    page.locator("[data-deed-form] .button--main").click()
    expect(page.locator("#desk-issue .badge--accepted").first).to_be_visible()


def test_leaving_by_one_click_and_a_yes(town, page, page_watch, sign_in):
    sign_in(page, town.roads_worker)
    page.goto(reverse("opencity_issues:members", args=["roads"]))
    page.locator("[data-dialog-open]").click()
    page.locator("dialog[open] .button--danger").click()
    expect(page).to_have_url(re.compile(r"/organisations/roads/$"))
    assert not town.roads.memberships.live().exists()


def test_several_are_chosen_by_keyboard_and_accepted_at_once(town, issues, page, sign_in):
    sign_in(page, town.roads_worker)
    page.goto(cabinet(town.roads, queue="to-accept"))
    expect(page.locator("#bulk-do")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#issue-title")).to_have_text(issues[0].title)
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(page.locator("#issue-title")).to_have_text(issues[1].title)
    page.keyboard.press("KeyX")
    expect(page.locator("[data-pick]:checked")).to_have_count(2)
    page.locator("#bulk-do").select_option("T2")
    page.locator("#bulk .button--main").click()
    page.locator("#bulk-executor").fill("Майстер дільниці")
    page.locator(".bulk-buttons .button--main").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert [part(issue).state for issue in issues] == [AssignmentState.ACCEPTED] * 2 + [AssignmentState.SENT]


def test_several_are_warned_without_scripts(town, new_page, sign_in):
    late = [
        town.issue(now=timezone.now() - timedelta(days=20), author=person(f"late{number}@people.example"))
        for number in range(2)
    ]
    page = new_page(java_script_enabled=False)
    sign_in(page, town.controller)
    page.goto(cabinet(town.control))
    for issue in late:
        page.locator(f"[data-pick][value='{issue.number}']").check()
    page.locator("#bulk-do").select_option("warn")
    page.locator("#bulk .button--main").click()
    expect(page.locator(".bulk-list li")).to_have_count(2)
    page.locator(".bulk-buttons .button--main").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert Contribution.objects.filter(kind=ContributionKind.WARNING).count() == 2


def test_who_opens_the_cabinet_has_looked_by_a_request_of_its_own(town, page, sign_in):
    sign_in(page, town.roads_worker)
    with page.expect_response(lambda answer: answer.url.endswith("/cabinet/look/")) as told:
        page.goto(cabinet(town.roads))
    assert told.value.status == 204
    expect(page.locator("[data-look]")).to_have_count(0)
    assert Look.objects.get().user == town.roads_worker


def test_the_desk_and_its_rooms_fit_a_phone(town, issues, phone, sign_in):
    sign_in(phone, town.controller)
    for name in ("cabinet", "desk_overview", "desk_calendar", "desk_looks"):
        phone.goto(reverse(f"opencity_issues:{name}", args=["control"]))
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
    phone.goto(cabinet(town.control, queue="all", organisation="roads", executor="майстер", late="any", narrow="1"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.locator(".cabinet-views summary").tap()
    phone.locator("#view-name").fill("Мій вид")
    phone.locator(".cabinet-views__new button").tap()
    expect(phone.locator(".notice--success")).to_be_visible()
