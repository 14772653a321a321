"""One issue's whole life in a browser, from a stranger's first visit to the archive and back, with real mail."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.models import IssuePage, Media
from opencity_issues.models.media import private_storage
from tests.factories import Town
from tests.issues.media_samples import GPS_TAGS, exif_of, photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

EMAIL = "nova@people.example"


@pytest.fixture
def town(transactional_db: None) -> Town:
    return Town(content=True)


class Life:
    """The people of the story, each in a browser of his or her own; `later` moves the clock of the site."""

    def __init__(self, town: Town, new_page: Any, sign_in: Any) -> None:
        self.town, self.new_page, self.sign_in = town, new_page, sign_in
        self.number = 0

    @property
    def issue(self) -> IssuePage:
        return IssuePage.objects.get(number=self.number)

    def see(self, status: str) -> None:
        """A stranger reads the status on the card."""
        page = self.new_page()
        page.goto(f"/issues/{self.number}/")
        expect(page.locator("main .badge").first).to_have_class(re.compile(rf"badge--{status}"))
        page.context.close()

    def deed(self, organisation: str, user: Any, deed: str, **filled: str) -> None:
        """One deed in a cabinet: open the issue, fill the form in, send it."""
        page = self.new_page()
        self.sign_in(page, user)
        page.goto(f"/organisations/{organisation}/cabinet/?issue={self.number}&do={deed}")
        for name, text in filled.items():
            page.locator(f"#deed [name={name}]").fill(text)
        # By the keyboard: the pane still moves when the page has noted that the issue was looked at.
        page.locator("#deed .button-row button").press("Enter")
        expect(page.locator("#deed")).to_have_count(0)
        page.context.close()

    def deeds_offered(self, organisation: str, user: Any) -> str:
        page = self.new_page()
        self.sign_in(page, user)
        page.goto(f"/organisations/{organisation}/cabinet/?issue={self.number}")
        links = page.locator(".desk__actions a, .desk__actions form").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('href') || node.getAttribute('action')).join(' ')"
        )
        page.context.close()
        return str(links)

    def reopen_as_author(self) -> None:
        page = self.new_page()
        self.sign_in(page, get_user_model().objects.get(email=EMAIL))
        page.goto(f"/issues/{self.number}/")
        page.locator("#reopen summary").click()
        page.locator("#reopen [name=text], #reopen [name=reason]").first.fill("Яма знову з’явилася.")
        page.locator("#reopen button.button--main").click()
        page.wait_for_load_state()
        page.context.close()


@contextmanager
def moment(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=True):
        yield


def report(page: Page) -> int:
    """A new citizen reports on a telephone, registers on the way, and reads the number."""
    page.goto("/")
    page.locator("a[href='/report/']").locator("visible=true").first.click()
    map_box = page.locator("#report-map")
    map_box.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#report-map .leaflet-pane')")
    map_box.click(position={"x": 150, "y": 120})
    page.locator("[name=address]").fill("вул. Шевченка, 12")
    page.locator(".wizard__buttons button.button--main").click()
    page.locator("#id_title").fill("Яма й темний ліхтар біля переходу")
    page.locator("#id_description").fill("Глибока яма, а ліхтар над нею не світить.")
    # What is suggested comes in above the tree, which moves down once.
    expect(page.locator("[data-suggested]").first).to_be_visible()
    page.locator("[data-all-categories] > summary").click()
    for code in ("3.8", "2.2.1"):
        box = page.locator(f"[data-category-tree] input[value='{code}']")
        page.locator("[data-category-filter]").fill("Ями" if code == "3.8" else "Зовнішнє")
        if not box.is_checked():
            page.locator(f"[data-category-tree] label.choice:has(input[value='{code}'])").click()
        expect(box).to_be_checked()
    page.locator(".wizard__buttons button.button--main").click()
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": photo(exif=exif_of(GPS_TAGS))}]
    )
    expect(page.locator("[data-previews] img").first).to_be_visible(timeout=20_000)
    page.locator(".wizard__buttons button.button--main").click()
    expect(page.locator("main")).to_contain_text("Дорожня служба")
    expect(page.locator("main")).to_contain_text("Міськсвітло")
    page.locator(".wizard__buttons button.button--main").click()
    register(page)
    if page.locator("[data-report-sent]").count() == 0:
        for box in page.locator("main form input[type=checkbox][required]").all():
            box.check()
        page.locator(".wizard__buttons button.button--main").click()
    expect(page.locator("[data-report-sent]")).to_be_visible()
    found = re.search(r"\d+", page.locator("[data-report-sent] h1").inner_text())
    assert found
    return int(found[0])


def register(page: Page) -> None:
    page.locator("main a[href*='/accounts/signup/']").first.click()
    page.locator("#id_email").fill(EMAIL)
    page.locator("#id_name").fill("Ірина Нова")
    page.locator("#id_terms").check()
    page.locator("#id_consent").check()
    page.locator("main form button[type=submit]").click()
    code_field = page.locator("[name=code]")
    expect(code_field).to_be_visible()
    code_field.fill(read_code())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


CATCHER: list[Any] = []


def read_code() -> str:
    """The code from the newest letter to the new citizen."""
    letters = [one.text for one in CATCHER[0].to(EMAIL)] if CATCHER else [one.body for one in mail.outbox]
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", letters[-1], re.MULTILINE)
    assert found, letters[-1]
    return found[1]


def test_the_whole_life_of_an_issue(town: Town, new_page: Any, sign_in: Any, smtp_catcher: Any, phone: Page) -> None:
    CATCHER[:] = [smtp_catcher]
    life = Life(town, new_page, sign_in)
    life.number = report(phone)
    life.see("open")
    for media in Media.objects.filter(issue=life.issue):
        for name in media.file_names:
            with private_storage().open(name) as file:
                photo = Image.open(io.BytesIO(file.read()))
            assert not photo.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(photo.info)

    send_waiting()
    for mailbox in (town.roads.mailbox, town.lighting.mailbox, town.city.config.control_mailbox):
        letters = smtp_catcher.to(mailbox)
        assert len(letters) == 1, mailbox
        assert "Глибока яма, а ліхтар над нею не світить." in letters[0].text
        assert f"/issues/{life.number}/" in letters[0].text
        assert EMAIL not in letters[0].text + letters[0].html

    life.deed("roads", town.roads_worker, "T2", executor="Майстер дільниці № 2")
    life.see("accepted")
    life.deed("lighting", town.lighting_worker, "T2", executor="Електромонтер")
    life.deed("roads", town.roads_worker, "T5", answer="Яму засипано.")
    life.see("accepted")
    life.deed("lighting", town.lighting_worker, "T5", answer="Лампу замінено.")
    life.see("closed")

    life.reopen_as_author()
    life.see("open")
    assert "T5" not in (offered := life.deeds_offered("roads", town.roads_worker))
    assert "T11" not in offered
    life.deed("control", town.controller, "T12", answer="Перевірено: виправлено.")
    life.see("closed")

    start = timezone.now()
    with moment(start + timedelta(days=20, minutes=5)):
        archive_due()
        life.see("archived")
        life.reopen_as_author()
        life.see("accepted")
        life.deed("roads", town.roads_worker, "T5", answer="Перероблено.")
        life.deed("lighting", town.lighting_worker, "T5", answer="Перероблено.")
        life.see("closed")
    with moment(start + timedelta(days=42)):
        archive_due()
        life.see("archived")
        life.deed("ngo", town.moderator, "T10", reason="Перевірка показала: яма є.")
        life.see("open")
        life.deed("roads", town.roads_worker, "T11", answer="Зроблено наново.")
        life.deed("lighting", town.lighting_worker, "T11", answer="Зроблено наново.")
        life.see("closed")
