"""The executor's page on a telephone without scripts, and the answer that begins with a template."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opencity_issues.actions.cabinet.keep_templates import keep_template
from opencity_issues.enums import Status
from opencity_issues.models import ExecutorLink, IssuePage, Media
from opencity_issues.queries.executor_links import token_of
from tests.browser_fixtures import PHONE
from tests.factories import Town
from tests.issues.media_samples import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return Town(content=True)


@pytest.fixture
def issue(town):
    issue = town.issue(now=timezone.now())
    town.accept(issue, town.roads, now=timezone.now(), executor_email="ivan@works.example")
    return IssuePage.objects.get(pk=issue.pk)


def desk(organisation, **query):
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query)


def test_an_executor_reports_by_telephone_and_the_worker_confirms(town, issue, new_page, page, page_watch, sign_in):
    page_watch.allow("410")
    mobile = new_page(viewport=PHONE, java_script_enabled=False)
    mobile.goto(reverse("opencity_issues:executor", args=[token_of(ExecutorLink.objects.get())]))
    assert mobile.locator("body").bounding_box()["width"] == PHONE["width"]
    mobile.locator("#ask summary").click()
    mobile.fill("#ask-text", "З якого боку вулиці?")
    mobile.locator("#ask button").click()
    expect(mobile.locator(".notice--success")).to_be_visible()
    mobile.fill("#done-text", "Яму засипано.")
    mobile.set_input_files("#done-files", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    mobile.locator("#done button").click()
    expect(mobile.locator("#done")).to_have_count(0)
    assert not mobile.context.cookies()

    sign_in(page, town.roads_worker)
    page.goto(desk(town.roads, queue="executor-done", issue=issue.number))
    expect(page.locator(".executor-report")).to_contain_text("Яму засипано.")
    page.locator(".desk__actions [href*='do=T5#']").click()
    expect(page.locator("#deed-answer")).to_have_value("Яму засипано.")
    page.locator("#deed .button--main").press("Enter")
    expect(page.locator("#desk-issue .badge--closed").first).to_be_visible()
    issue.refresh_from_db()
    assert issue.status == Status.CLOSED
    assert Media.objects.get().contribution.kind == "done"
    answer = mobile.reload()
    assert answer is not None
    assert answer.status == 410


def test_a_template_comes_after_what_is_written(town, issue, page, sign_in):
    keep_template(town.roads, "Дата", "№ {number}: до {planned_date}.", actor=town.roads_worker)
    sign_in(page, town.roads_worker)
    page.goto(desk(town.roads, issue=issue.number, do="answer"))
    page.fill("#deed-text", "Доброго дня!")
    page.locator(".template-choice summary").click()
    page.locator(".template-choice a[data-template]").click()
    expect(page.locator("#deed-text")).to_have_value(
        re.compile(rf"^Доброго дня!\n\n№ {issue.number}: до {{planned_date}}\.$")
    )
    expect(page.locator(".toasts")).to_contain_text("{planned_date}")
