"""The moderator's work in a real browser: ready words, reports of the same, a check in the street without a network."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opencity_issues.enums import ContributionKind, Publication, Status
from opencity_issues.models import Contribution, IssuePage
from tests.factories import PLACE, Town
from tests.issues.media_samples import photo as photo_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    return Town(content=True)


def cabinet(organisation, **query):
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query or None)


def test_ready_words_follow_the_ground_until_one_writes_own_words(town, page, sign_in):
    now = timezone.now()
    held = [town.issue(description=f"Цей ідіот знову розкопав, {number}", now=now) for number in range(2)]
    sign_in(page, town.moderator)
    page.goto(cabinet(town.ngo, queue="held", issue=held[0].number, do="refuse"))
    words = page.locator("#deed-reason")
    page.locator("input[name=ground]").nth(0).check()
    first = words.input_value()
    page.locator("input[name=ground]").nth(1).check()
    assert first
    assert words.input_value() not in ("", first)
    words.fill("Мої слова.")
    page.locator("input[name=ground]").nth(0).check()
    expect(words).to_have_value("Мої слова.")
    page.locator("#deed button").press("Enter")
    expect(page.locator("#issue-title")).to_have_text(held[1].title)
    expect(page.locator("#desk-issue")).to_have_attribute("data-number", str(held[1].number))
    assert IssuePage.objects.get(pk=held[0].pk).refusal_reason == "Мої слова."


def test_two_reports_of_the_same_become_one(town, page, sign_in):
    now = timezone.now()
    main = town.issue(now=now)
    second = town.issue(now=now, author=town.neighbour, title="Знову яма", location=(PLACE[0], PLACE[1] + 0.0002))
    sign_in(page, town.moderator)
    page.goto(cabinet(town.ngo, issue=second.number))
    expect(page.locator(".desk__actions .count")).to_have_text("1")
    page.locator(".desk__actions a[href*='/duplicates/']").click()
    expect(page.locator(".twin h3")).to_have_text(main.title)
    page.locator(".twin form button").click()
    expect(page.locator("#desk-issue")).to_have_attribute("data-number", str(main.number))
    assert IssuePage.objects.get(pk=second.pk).publication == Publication.MERGED


def test_a_check_in_the_street_survives_a_lost_connection(town, phone, sign_in, page_watch):
    page_watch.allow(r"ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource")
    now = timezone.now()
    issue = town.close(town.issue(now=now), now)
    sign_in(phone, town.moderator)
    phone.goto(reverse("opencity_issues:visits", args=["ngo"]))
    phone.locator(".visit__go a").click()
    form = phone.locator("#check")
    form.locator("input[value=not_solved]").check()
    form.locator("textarea").fill("Яма на місці.")
    form.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes()}
    )
    phone.context.set_offline(True)
    form.locator("button").click()
    expect(form.locator("[data-check-lost]")).to_be_visible()
    assert not Contribution.objects.filter(kind=ContributionKind.CHECK).exists()

    # The telephone went out: what was typed is there when the page is opened again.
    phone.context.set_offline(False)
    phone.reload()
    expect(form.locator("textarea")).to_have_value("Яма на місці.")
    expect(form.locator("input[value=not_solved]")).to_be_checked()
    form.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes()}
    )
    form.locator("button").click()
    phone.wait_for_url(re.compile(r"/visits/\?"))
    words = Contribution.objects.get(kind=ContributionKind.CHECK)
    assert (words.text, words.media.count()) == ("Яма на місці.", 1)
    assert IssuePage.objects.get(pk=issue.pk).status == Status.OPEN
    assert "Яма на місці." not in phone.evaluate("JSON.stringify(localStorage)")


def test_the_walk_begins_where_the_telephone_is(town, new_page, sign_in):
    now = timezone.now()
    near, far = (
        town.close(town.issue(now=now, location=(PLACE[0], PLACE[1] + step), title=title), now)
        for step, title in ((0, "Близька"), (0.01, "Далека"))
    )
    page = new_page(geolocation={"longitude": PLACE[0], "latitude": PLACE[1] + 0.0105}, permissions=["geolocation"])
    sign_in(page, town.moderator)
    page.goto(reverse("opencity_issues:visits", args=["ngo"]))
    expect(page.locator(".walk-pin")).to_have_count(2)
    page.locator("[data-here]").click()
    expect(page.locator(".visit h3").first).to_have_text(far.title)
    expect(page.locator(".visit h3").last).to_have_text(near.title)
