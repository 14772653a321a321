"""A week in which nobody hurries, in a browser: missed, warned about, accepted, done by private link, checked, reported on.

The clock is moved to the next Monday and on from there, the worker is passed by hand, and letters go over real SMTP.
OPENCITY_SCREENSHOTS names a folder for pictures of what each person saw.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from opencity_issues import tasks
from opencity_issues.enums import ContributionKind, EventKind
from opencity_issues.models import IssuePage, Media, Report
from tests.browser_fixtures import PHONE
from tests.factories import Town
from tests.issues.media_samples import photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

MASTER = "master@roads.example"
PICTURES = os.environ.get("OPENCITY_SCREENSHOTS", "")


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Public holidays are working days, so that the week is the same whenever it is played."""
    town = Town()
    town.city.config.martial_law = True
    town.city.config.save()
    return town


@contextmanager
def moment(at: datetime) -> Iterator[None]:
    """At this instant, which goes on."""
    with time_machine.travel(at, tick=True):
        yield


class Week:
    """The people of the week, each in a browser of his or her own."""

    def __init__(self, town: Town, new_page: Any, sign_in: Any, letters: Any) -> None:
        self.town, self.new_page, self.sign_in, self.letters = town, new_page, sign_in, letters
        self.number = 0
        now = timezone.now().astimezone(town.city.config.zone)
        monday = now + timedelta(days=7 - now.weekday())
        self.monday = monday.replace(hour=10, minute=0, second=0, microsecond=0)

    @property
    def issue(self) -> IssuePage:
        return IssuePage.objects.get(number=self.number)

    @contextmanager
    def browser(self, user: Any = None, picture: str = "", **options: Any) -> Iterator[Page]:
        """A fresh browser, signed in as somebody; a picture of the last page where pictures are asked for."""
        page = self.new_page(**options)
        if user is not None:
            self.sign_in(page, user)
        yield page
        if PICTURES and picture:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(PICTURES) / f"{picture}.png", full_page=True)
        page.context.close()

    def phone(self, user: Any = None, picture: str = "") -> Any:
        return self.browser(user, picture, viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)

    def pass_of_the_worker(self) -> None:
        assert -1 not in tasks.sweep().values()

    def new_letters(self, address: str, before: int = 0) -> list[Any]:
        return self.letters.to(address)[before:]

    def whole(self, address: str) -> list[Any]:
        """Letters with all that the issue says (3.4); the daily letter names it by its title."""
        return [one for one in self.letters.to(address) if "Глибока яма" in one.text]

    def desk(self, organisation: str, **query: str) -> str:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        return f"/organisations/{organisation}/cabinet/?{asked}"


def test_a_week(town: Town, new_page: Any, sign_in: Any, smtp_catcher: Any) -> None:
    week = Week(town, new_page, sign_in, smtp_catcher)
    with moment(week.monday):
        a_citizen_reports(week)
    thursday = week.issue.deadlines.get(clause="4.3").due_at
    assert thursday.astimezone(town.city.config.zone).weekday() == 4  # the midnight in which Thursday ends
    with moment(thursday + timedelta(minutes=5)):
        nobody_has_accepted(week)
    friday = (thursday + timedelta(minutes=5)).astimezone(town.city.config.zone).replace(hour=9, minute=0)
    with moment(friday):
        control_accepts(week)
    with moment(friday + timedelta(hours=1)):
        the_worker_names_an_executor(week)
    with moment(friday + timedelta(hours=3)):
        the_executor_reports(week)
    with moment(friday + timedelta(hours=5)):
        the_worker_confirms(week)
    with moment(friday + timedelta(days=1, hours=2)):
        the_moderator_looks(week)
    with moment(week.monday + timedelta(days=6, hours=22)):  # Monday, 8 o'clock
        the_report_is_signed_and_passed(week)
    with moment(week.monday + timedelta(days=7)):
        control_has_the_report(week)


def a_citizen_reports(week: Week) -> None:
    with week.phone(week.town.author, "1-reported") as page:
        page.goto("/report/")
        box = page.locator("#report-map")
        box.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('#report-map .leaflet-pane')")
        box.click(position={"x": 150, "y": 120})
        page.locator("[name=address]").fill("вул. Шевченка, 12")
        forward(page)
        page.locator("#id_title").fill("Яма біля переходу")
        page.locator("#id_description").fill("Глибока яма, об’їхати не можна.")
        # What is suggested comes in above the tree, and may be ticked by itself.
        box = page.locator("[data-category-tree] input[value='3.8']")
        expect(page.locator("[data-suggested]").first).to_be_visible()
        if not box.is_checked():
            page.locator("[data-all-categories] > summary").click()
            page.locator("[data-category-filter]").fill("Ями")
            page.locator("[data-category-tree] label.choice:has(input[value='3.8'])").click()
        expect(box).to_be_checked()
        forward(page)
        forward(page)
        expect(page.locator("main")).to_contain_text("Дорожня служба")
        forward(page)
        expect(page.locator("[data-report-sent]")).to_be_visible()
        found = re.search(r"\d+", page.locator("[data-report-sent] h1").inner_text())
    assert found
    week.number = int(found[0])
    week.pass_of_the_worker()
    assert len(week.whole(week.town.roads.mailbox)) == 1


def forward(page: Page) -> None:
    page.locator(".wizard__buttons button.button--main").click()


def nobody_has_accepted(week: Week) -> None:
    """4.3 is missed once; the warning and the repeated message go by themselves, and everybody can read so."""
    town = week.town
    week.pass_of_the_worker()
    week.pass_of_the_worker()
    kinds = list(week.issue.events.values_list("kind", flat=True))
    assert kinds.count(EventKind.WARNING) == kinds.count(EventKind.REPEATED) == 1
    to_worker = " ".join(one.text for one in week.new_letters(town.roads_worker.email))
    to_mailbox = " ".join(one.text for one in week.whole(town.roads.mailbox)[1:])
    assert f"№ {week.number}" in to_worker + to_mailbox
    assert "4.3" in to_mailbox
    assert town.author.email not in to_worker + to_mailbox
    with week.browser(picture="2-missed") as page:
        page.goto(f"/issues/{week.number}/")
        expect(page.locator("main .badge--open").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("4.3")


def control_accepts(week: Week) -> None:
    """The control body finds it on its desk, and accepts it on the moderator's repeated message (T4)."""
    with week.browser(week.town.controller, "3-control") as page:
        page.goto(week.desk("control", queue="repeated"))
        expect(page.locator(".desk__rows")).to_contain_text("Яма біля переходу")
        page.goto(week.desk("control", queue="repeated", issue=str(week.number), do="T4"))
        send_deed(page)
    assert week.issue.status == "accepted"


def send_deed(page: Page, **filled: str) -> None:
    """Fill the open deed in and send it."""
    for name, text in filled.items():
        page.locator(f"#deed [name={name}]").fill(text)
    page.locator("#deed .button-row button.button--main, #deed .button-row button").first.press("Enter")
    expect(page.locator("#deed")).to_have_count(0)


def the_worker_names_an_executor(week: Week) -> None:
    with week.browser(week.town.roads_worker, "4-executor-named") as page:
        page.goto(week.desk("roads", queue="overdue", issue=str(week.number), do="T2"))
        send_deed(page, executor="Майстер Петренко", executor_email=MASTER)
    week.pass_of_the_worker()
    assert len(week.new_letters(MASTER)) == 1


def the_executor_reports(week: Week) -> None:
    """Without an account, on a telephone; opening the link changes nothing."""
    letter = week.new_letters(MASTER)[0]
    found = re.search(r"https?://[^\s/]+(/executor/\S+)", letter.text)
    assert found, letter.text
    before = week.issue.event_count
    with week.phone(picture="5-executor") as page:
        page.goto(found[1])
        expect(page.locator("h1")).to_contain_text("Яма біля переходу")
        assert week.issue.event_count == before
        form = page.locator("#done form")
        form.locator("textarea").fill("Яму засипано й утрамбовано.")
        form.locator("input[type=file]").set_input_files(
            [{"name": "done.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        form.locator("button").click()
        expect(page.locator("[role=status]")).to_be_visible()
    assert week.issue.events.filter(kind=EventKind.EXECUTOR_DONE).count() == 1
    sent = len(week.letters.mails)
    week.pass_of_the_worker()
    told = {address for mail in week.letters.mails[sent:] for address in mail.recipients}
    assert {week.town.roads.head_email, week.town.city.config.control_mailbox} <= told  # 4.5
    with week.browser() as page:  # not public before the responsible worker confirms it
        page.goto(f"/issues/{week.number}/")
        expect(page.locator("main")).not_to_contain_text("утрамбовано")


def the_worker_confirms(week: Week) -> None:
    with week.browser(week.town.roads_worker, "6-confirm") as page:
        page.goto(week.desk("roads", queue="executor-done"))
        expect(page.locator(".desk__rows")).to_contain_text("Яма біля переходу")
        page.goto(week.desk("roads", queue="executor-done", issue=str(week.number), do="T5"))
        expect(page.locator("#deed [name=answer]")).to_have_value(re.compile("утрамбовано"))
        send_deed(page)
    assert week.issue.status == "closed"
    with week.browser(picture="6-closed") as page:
        page.goto(f"/issues/{week.number}/")
        expect(page.locator("main .badge--closed").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("утрамбовано")
        assert page.locator("main img[src*='/files/']").count() >= 1


def the_moderator_looks(week: Week) -> None:
    with week.phone(week.town.moderator, "7-visit") as page:
        page.goto("/organisations/ngo/cabinet/visits/")
        expect(page.locator(".visits")).to_contain_text("Яма біля переходу")
        page.locator(f"a[href*='/visits/{week.number}/']").first.click()
        page.locator("#check input[value=solved]").check()
        page.locator("#check textarea").fill("Дорога рівна.")
        page.locator("#check input[type=file]").set_input_files(
            [{"name": "seen.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        page.locator("#check button.button--main").click()
        expect(page).to_have_url(re.compile(r"/visits/(\?|$)"))
        expect(page.locator("main")).not_to_contain_text("Яма біля переходу")
    check = week.issue.contributions.get(kind=ContributionKind.CHECK)
    assert Media.objects.filter(contribution=check).count() == 1
    with week.browser(picture="7-checked") as page:
        page.goto(f"/issues/{week.number}/")
        expect(page.locator("main")).to_contain_text("Дорога рівна.")


def the_report_is_signed_and_passed(week: Week) -> None:
    assert tasks.draft_reports() >= 1
    assert tasks.draft_reports() == 0
    week.pass_of_the_worker()
    assert [one for one in week.new_letters(week.town.ngo.mailbox) if "звіт" in one.text.lower()]
    with week.browser(week.town.moderator, "8-report") as page:
        page.goto("/organisations/ngo/cabinet/reports/")
        page.locator(".report-list__title").first.click()
        page.locator("[name=words]").fill("Дорожня служба спізнилася з прийняттям. Пропонуємо нараду.")
        page.locator("[name=signer]").fill("Голова правління, Оксана Громадська")
        page.locator("[name=confirmed]").check(force=True)
        page.locator("button[value=sign]").click()
        page.locator("button[value=pass]").click()
        expect(page.locator("button[value=pass]")).to_have_count(0)
    report = Report.objects.exclude(passed_at=None).get()
    assert report.first_day == week.monday.date()
    assert report.signed_by == week.town.moderator


def control_has_the_report(week: Week) -> None:
    before = len(week.new_letters(week.town.city.config.control_mailbox))
    week.pass_of_the_worker()
    (letter,) = [
        one
        for one in week.new_letters(week.town.city.config.control_mailbox, before)
        if list(one.message.iter_attachments())
    ]
    files = {part.get_content_type(): part.get_content() for part in letter.message.iter_attachments()}
    pdf = files["application/pdf"]
    assert pdf.startswith(b"%PDF-")
    book = openpyxl.load_workbook(
        io.BytesIO(files["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
    )
    said = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert any("Дорожня служба" in one for one in said)
    assert any("Пропонуємо нараду" in one for one in said)
    assert week.town.author.email not in " ".join(said)
    with week.browser(week.town.controller, "9-received") as page:
        page.goto("/organisations/control/cabinet/reports/")
        page.locator(".report-list__row.is-new a").click()
        expect(page.locator("main")).to_contain_text("Пропонуємо нараду.")
        expect(page.locator("main")).to_contain_text("Оксана Громадська")
        page.locator("button[value=receive]").click()
        expect(page.locator("button[value=receive]")).to_have_count(0)
    assert Report.objects.get(first_day=week.monday.date()).received_at is not None
