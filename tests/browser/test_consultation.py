"""Consultation and recorded calls in a real browser: while somebody speaks on the telephone, on a phone, without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opencity_issues.actions.consultation.consult import ask
from opencity_issues.actions.consultation.hold_seminar import SeminarWords, announce_seminar
from opencity_issues.models import Attendance, Caller, Consultation, IssuePage
from tests.browser_fixtures import PHONE
from tests.factories import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return Town(content=True)


def room(organisation, name, *args):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug, *args])


def fill(page, **said):
    words = {
        "title": "Темно біля школи",
        "description": "Третій день.",
        "name": "Ніна Гриб",
        "phone": "(0000) 22-33-44",
    }
    for name, text in (words | said).items():
        page.locator(f"#id_{name}").fill(text)


def test_a_call_is_recorded_while_what_is_near_by_shows_itself(town, page, sign_in):
    known = town.issue(now=timezone.now())
    sign_in(page, town.controller)
    page.goto(room(town.control, "calls"))
    fill(page)
    page.locator("[data-category-filter]").fill("ліхтар")
    page.locator(".choice:visible input[name=categories]").first.check()
    page.locator("#report-map").click()
    expect(page.locator(".call-near")).to_contain_text(known.title)
    page.locator("[name=consent]").check()
    page.locator(".wizard__buttons button").click()
    issue = IssuePage.objects.latest("number")
    expect(page.locator("#calls")).to_contain_text(issue.title)
    assert issue.by_phone
    assert issue.location is not None
    assert Caller.objects.get().phone == "(0000) 22-33-44"
    kept = page.evaluate("JSON.stringify(Object.values(localStorage))")
    assert "Гриб" not in kept


def test_the_page_of_calls_works_without_scripts_on_a_telephone(town, new_page, sign_in):
    known = town.issue(now=timezone.now(), address="вул. Центральна, 3")
    page = new_page(java_script_enabled=False, viewport=PHONE)
    sign_in(page, town.controller)
    page.goto(room(town.control, "calls"))
    fill(page, address="Центральна, 5")
    page.locator("details", has=page.locator("[name=categories][value='3.8']")).locator("summary").first.click()
    page.locator("[name=categories][value='3.8']").check()
    page.locator("button[value=near]").click()
    expect(page.locator(".call-near")).to_contain_text(known.title)
    expect(page.locator("[name=name]")).to_have_value("Ніна Гриб")
    page.locator("[name=consent]").check()
    page.locator(".wizard__buttons button").click()
    expect(page.locator("#calls")).to_contain_text("Темно біля школи")


def test_a_question_goes_to_the_moderator_and_its_answer_back(town, phone, new_page, sign_in):
    sign_in(phone, town.roads_worker)
    phone.goto(room(town.roads, "consultation"))
    phone.locator("details.consultation-fold summary").click()
    phone.locator("[name=question]").fill("Чи можна закрити без фото?")
    phone.locator("details.consultation-fold button").click()
    expect(phone.locator(".question")).to_contain_text("без фото")
    desk = new_page()
    sign_in(desk, town.moderator)
    desk.goto(room(town.ngo, "consultation"))
    desk.locator(".question [name=answer]").fill("Так, якщо є пояснення.")
    desk.locator(".question button").click()
    phone.reload()
    expect(phone.locator("#answered")).to_contain_text("якщо є пояснення")
    assert Consultation.objects.get().answered_at


def test_one_click_puts_a_name_on_the_list_and_another_takes_it_off(town, phone, sign_in):
    words = SeminarWords("Робота в кабінеті", timezone.now() + timedelta(days=3), "вул. Шкільна, 6")
    announce_seminar(town.city, words, actor=town.moderator, organisation=town.ngo)
    sign_in(phone, town.roads_worker)
    phone.goto(room(town.roads, "seminars"))
    phone.locator("button[value=sign-up]").click()
    expect(phone.locator("button[value=withdraw]")).to_be_visible()
    assert Attendance.objects.get().user == town.roads_worker
    phone.locator("button[value=withdraw]").click()
    expect(phone.locator("button[value=sign-up]")).to_be_visible()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desktop"])
def test_no_page_is_wider_than_its_screen(town, new_page, sign_in, viewport):
    words = SeminarWords("Робота в кабінеті " * 5, timezone.now() + timedelta(days=3), "вул. Шкільна, 6")
    seminar = announce_seminar(town.city, words, actor=town.moderator, organisation=town.ngo)
    ask(town.roads, "Довгезне" * 40, actor=town.roads_worker)
    page = new_page(viewport=viewport)
    sign_in(page, town.moderator)
    addresses = [
        *(room(town.ngo, name) for name in ("consultation", "consultation_plans", "seminars", "instructions")),
        *(room(town.ngo, name, seminar.pk) for name in ("seminar", "seminar_sheet")),
    ]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
