"""The press office at work in the admin, with nothing but its group's rights: from the first word to the letter at the reader's."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule
from playwright.sync_api import Locator, Page, expect
from wagtail.images import get_image_model

from opencity_cms.editors import AUTHORS, GROUP
from opencity_cms.models import NewsIndexPage, NewsPage, NewsSubscription
from opencity_issues.tasks import send_notices
from opencity_site.users.models import User
from tests.factories import Town, person
from tests.issues.media_samples import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Переходи біля шкіл відремонтовано"
TITLE_OF_ISSUE = "Стертий перехід"
TITLE_ELSEWHERE = "Поламана лавка у дворі"
SAVED_TOO_EARLY = r"status of 400.*/admin/pages/\d+/edit/"
"""Wagtail saves by itself while one writes, and says so where something required is still missing."""
READER = "reader@people.example"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def town(private_media) -> Town:
    return Town(content=True)


@pytest.fixture
def private_media(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "public"


def member_of(group: str, email: str) -> User:
    user = person(email, name="Оксана Редакторка")
    user.groups.add(Group.objects.get(name=group))
    return user


def expect_closed(page: Page) -> None:
    """The admin's dialog is gone, and its curtain: until then it holds the focus, and swallows what is pressed."""
    expect(page.locator(".modal, .modal-backdrop")).to_have_count(0)


def add_block(page: Page, kind: str) -> None:
    """Add a block at the end of the text, through the menu of blocks."""
    page.locator("[data-contentpath='body'] button.c-sf-add-button").last.click()
    choice = page.get_by_role("option", name=kind, exact=True)
    choice.click()
    expect(choice).to_have_count(0)


def write_news(page: Page, title: str, number: int) -> None:
    """A title, an introduction, the living card of an issue found by its number."""
    index = NewsIndexPage.objects.get(locale__language_code="uk")
    page.goto(f"/admin/pages/add/opencity_cms/newspage/{index.pk}/")
    page.locator("#id_title").fill(title)
    page.locator("#id_intro").fill("Розмітку оновлено за дев’ять днів.")
    add_block(page, "Проблема")
    page.get_by_role("button", name="Обрати проблему").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name='q']").fill(str(number))
    dialog.get_by_role("link", name=TITLE_OF_ISSUE).click()
    expect_closed(page)


def link_in_text(page: Page, number: int) -> None:
    """A text with a link to an issue in it, by the editor's own button."""
    add_block(page, "Текст")
    text = page.locator("[data-contentpath='body'] [contenteditable='true']").last
    text.click()
    page.keyboard.type("Про це повідомили мешканці")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.locator("button[name='ISSUE']:visible").last.click()
    dialog = page.get_by_role("dialog")
    choose_on_map(dialog, number)
    expect_closed(page)
    expect(text.locator("[data-draftail-trigger]")).to_have_text("мешканці")


def choose_on_map(dialog: Locator, number: int) -> None:
    """The map's view narrows the list; a sign puts its issue first there, under the keyboard's hand."""
    elsewhere = dialog.get_by_role("link", name=TITLE_ELSEWHERE)
    expect(elsewhere).to_be_visible()
    dialog.locator("summary").click()
    expect(elsewhere).to_have_count(0)
    dialog.get_by_title(f"Проблема № {number}").click()
    chosen = dialog.get_by_role("link", name=TITLE_OF_ISSUE)
    expect(chosen).to_be_focused()
    chosen.press("Enter")


def add_gallery(page: Page) -> None:
    """Two pictures that lie among the site's already."""
    add_block(page, "Галерея")
    body = page.locator("[data-contentpath='body']")
    pictures = body.locator("[data-contentpath='image']")
    for place in (0, 1):
        if place:
            body.locator("button.c-sf-add-button").nth(-2).click()
        expect(pictures).to_have_count(place + 1)
        pictures.last.locator(".unchosen button").first.click()
        page.get_by_role("dialog").get_by_role("link", name="Перехід").nth(place).click()
        expect_closed(page)
        expect(pictures.last.locator(".chosen")).to_be_visible()


def look_at_previews(page: Page) -> None:
    """The article on a telephone and on a wide screen: the card lives, the map and the pictures are there."""
    page.locator("[data-side-panel-toggle='preview']").click()
    shown = page.frame_locator("#w-preview-iframe")
    for width, menu_is_open in ((375, False), (1280, True)):
        page.locator(f"[data-device-width='{width}']").check(force=True)
        expect(shown.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(shown.get_by_role("link", name=TITLE_OF_ISSUE)).to_be_visible()
        expect(shown.locator("[data-issue-map] .leaflet-container, [data-issue-map].leaflet-container")).to_be_visible()
        expect(shown.locator(".gallery img")).to_have_count(2)
        expect(shown.get_by_role("navigation").get_by_role("link", name="Статистика").first).to_be_visible(
            visible=menu_is_open
        )


def schedule(page: Page, moment: datetime) -> None:
    """Set when the article goes live, and let it."""
    page.locator("[data-side-panel-toggle='status']").click()
    page.locator("[data-a11y-dialog-show='schedule-publishing-dialog']").click()
    page.locator("#id_go_live_at").fill(f"{timezone.localtime(moment):%Y-%m-%d %H:%M}")
    page.locator("#schedule-publishing-dialog button.action-save").press("Enter")  # the calendar covers it
    page.wait_for_load_state()
    page.locator("footer .w-dropdown__toggle").click()
    page.locator("button[name='action-publish']").click()
    page.wait_for_url("**/admin/pages/*/")


def run(name: str) -> None:
    """What the worker runs under this name of its schedule."""
    import_string(Schedule.objects.get(name=name).func)()


def test_news_from_the_first_word_to_the_readers_letter(page, town, sign_in, smtp_catcher, page_watch):
    page_watch.allow(SAVED_TOO_EARLY)
    issue = town.close(town.issue(title=TITLE_OF_ISSUE))
    town.issue(title=TITLE_ELSEWHERE, location=None)
    for name in ("Перехід уранці", "Перехід увечері"):
        get_image_model().objects.create(title=name, file=ContentFile(photo(), name="p.jpg"))
    NewsSubscription.objects.create(city=town.city, email=READER, timing="at_once", confirmed_at=timezone.now())
    sign_in(page, member_of(GROUP, "editor@town.example"))
    write_news(page, TITLE, issue.number)
    link_in_text(page, issue.number)
    add_block(page, "Карта проблем")
    add_gallery(page)
    look_at_previews(page)
    moment = timezone.now() + HOUR
    schedule(page, moment)
    run("opencity: publish scheduled pages")
    run("opencity: tell of news")
    article = NewsPage.objects.get()
    assert (article.live, article.approved_schedule) == (False, True)
    with time_machine.travel(moment + MINUTE):
        run("opencity: publish scheduled pages")
    with time_machine.travel(moment + 10 * MINUTE):
        run("opencity: tell of news")
        send_notices()
    # Beside the map, whose sign leads to the card, on the issue's card, and at the reader's.
    page.goto("/")
    page.locator("[data-issue-map] .map-pin").click()
    page.wait_for_url(f"**/issues/{issue.number}/")
    page.go_back()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("link", name=TITLE_OF_ISSUE)).to_be_visible()
    expect(page.get_by_role("link", name="мешканці")).to_have_attribute("href", f"/issues/{issue.number}/")
    expect(page.locator(".gallery img")).to_have_count(2)
    page.goto(f"/issues/{issue.number}/")
    page.get_by_role("link", name="Що ще поруч").scroll_into_view_if_needed()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    (letter,) = smtp_catcher.to(READER)
    assert letter.message["Subject"].strip() == TITLE
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Розмітку оновлено за дев’ять днів." in letter.html
    address = next(word for word in letter.text.split() if "/news/" in word)
    page.goto(urlsplit(address).path)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_what_an_author_hands_in_an_editor_approves(new_page, town, sign_in, page_watch):
    page_watch.allow(SAVED_TOO_EARLY)
    issue = town.issue(title=TITLE_OF_ISSUE)
    author, editor = new_page(), new_page()
    sign_in(author, member_of(AUTHORS, "author@town.example"))
    sign_in(editor, member_of(GROUP, "editor@town.example"))
    write_news(author, TITLE, issue.number)
    author.locator("footer .w-dropdown__toggle").click()
    expect(author.locator("button[name='action-publish']")).to_have_count(0)
    author.locator("button[name='action-submit']").click()
    author.wait_for_url("**/admin/pages/*/")
    article = NewsPage.objects.get()
    assert not article.live
    editor.goto("/admin/")
    editor.get_by_role("link", name=TITLE).first.click()
    editor.locator("footer .w-dropdown__toggle").click()
    editor.locator("button[data-workflow-action-name='approve']").first.click()
    editor.wait_for_url("**/admin/pages/*/")
    article.refresh_from_db()
    assert article.live
    author.goto(article.url)
    expect(author.get_by_role("heading", name=TITLE)).to_be_visible()
