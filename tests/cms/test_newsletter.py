"""News by e-mail: asked for twice by the reader, told once, ended by one click, and never a word of who reads them."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule
from wagtail.models import Locale

from opencity_cms.models import NewsIndexPage, NewsPage, NewsSubscription, NewsTiming
from opencity_cms.newsletter.subscribe import ask_to_subscribe, choose, confirm, forget_unconfirmed
from opencity_cms.newsletter.tell_news import due_until, tell_news
from opencity_issues.actions.account.erase_account import erase_account
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.models import Citizen, Notice, OutboxPause
from opencity_issues.queries.my_data import my_data
from tests.factories import Town

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ADDRESS = "reader@people.example"


@pytest.fixture
def town(db) -> Town:
    return Town(content=True)


@pytest.fixture
def index(town) -> NewsIndexPage:
    return NewsIndexPage.objects.get(locale__language_code="uk")


def write(index: NewsIndexPage, title: str, at: datetime, **more) -> NewsPage:
    """A piece of news first published at a moment."""
    page = NewsPage(title=title, intro=f"Про це: {title}.", date=at.date(), locale=index.locale, live=False, **more)
    with time_machine.travel(at, tick=False):
        index.add_child(instance=page).save_revision().publish()
    page.refresh_from_db()
    return page


def subscribed(town: Town, email: str, timing: NewsTiming, now: datetime = MONDAY, language="uk") -> NewsSubscription:
    """An address that has confirmed."""
    ask_to_subscribe(town.city, email, timing, language, now=now)
    own = NewsSubscription.objects.get(email=email)
    confirm(own, timing, now=now)
    Notice.objects.all().delete()
    return own


def letters(now: datetime) -> list[EmailMessage]:
    """What goes out when the worker runs at a moment."""
    before = len(mail.outbox)
    tell_news(now)
    send_waiting(now)
    return mail.outbox[before:]


def path_in(message: EmailMessage, part: str) -> str:
    """The path of the first link in a letter that has `part` in it."""
    return urlsplit(next(word for word in message.body.split() if part in word)).path


def test_an_address_confirms_first_and_learns_nothing_of_others(town, client):
    page = client.get("/newsletter/")
    assert page.headers["Cache-Control"] == "no-store, private"
    wrong = client.post("/newsletter/", {"email": "без-равлика", "timing": "weekly"})
    assert wrong.status_code == 400
    assert "без-равлика" in wrong.content.decode()
    answer = client.post("/newsletter/", {"email": "Reader@People.example", "timing": "weekly"})
    assert "Ми написали" in answer.content.decode()
    now = timezone.now() + MINUTE
    send_waiting(now)
    (asked,) = mail.outbox
    assert asked.to == [ADDRESS]
    assert not tell_news(now)
    link = path_in(asked, "/confirm/")
    stranger = Client(enforce_csrf_checks=True)
    assert "Так, надсилайте" in stranger.get(link).content.decode()
    assert NewsSubscription.objects.get().confirmed_at is None
    assert "підтверджено" in stranger.post(link).content.decode()
    assert NewsSubscription.objects.get().confirmed_at is not None
    again = client.post("/newsletter/", {"email": ADDRESS, "timing": "monthly"})
    said = [re.sub(r'value="\w{64}"', "", one.content.decode()) for one in (answer, again)]
    assert said[1] == said[0].replace("Reader@People.example", ADDRESS)
    own = NewsSubscription.objects.get()
    assert own.timing == NewsTiming.WEEKLY  # a stranger changes nothing
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert stranger.get(link).status_code == 410
    assert stranger.get("/newsletter/confirm/a-b.c.d/").status_code == 410


def test_nobody_is_flooded_with_questions(town, client, settings):
    for minute in range(6):
        ask_to_subscribe(town.city, ADDRESS, NewsTiming.WEEKLY, "uk", now=MONDAY + minute * MINUTE)
    assert Notice.objects.filter(template="news_confirm").count() == 3
    settings.OPENCITY_UPLOADS_PER_HOUR = 30
    statuses = [
        client.post("/newsletter/", {"email": f"one{n}@people.example", "timing": "weekly"}).status_code
        for n in range(3)
    ]
    assert statuses == [200, 200, 409]
    NewsSubscription.objects.update(created_at=MONDAY)
    assert forget_unconfirmed(MONDAY + 6 * DAY) == 0
    assert forget_unconfirmed(MONDAY + 8 * DAY) == 3


def test_each_piece_is_told_once_in_the_readers_time(town, index):
    for name, timing in (("now", "at_once"), ("week", "weekly"), ("month", "monthly")):
        subscribed(town, f"{name}@people.example", NewsTiming(timing))
    write(index, "Міст відкрито", MONDAY + HOUR)
    write(index, "Сквер оновлено", MONDAY + 2 * DAY)
    assert letters(MONDAY + HOUR + MINUTE) == []  # it has not stood for long enough
    (first,) = letters(MONDAY + HOUR + 10 * MINUTE)
    assert (first.to, first.subject) == (["now@people.example"], "Міст відкрито")
    assert letters(MONDAY + HOUR + 11 * MINUTE) == []
    (second,) = letters(MONDAY + 5 * DAY)
    assert second.subject == "Сквер оновлено"
    # The worker was off over Monday and the first of the month: one letter to each, of both pieces.
    late = letters(MONDAY + 12 * DAY)
    assert sorted(one.to[0] for one in late) == ["month@people.example", "week@people.example"]
    for one in late:
        assert one.subject == "Сквер оновлено (і ще 1)"
        assert one.body.index("Сквер оновлено") < one.body.index("Міст відкрито")
        assert "Про це: Міст відкрито." in one.alternatives[0][0]
    assert letters(MONDAY + 60 * DAY) == []
    assert len({str(one.message()["Message-ID"]) for one in mail.outbox}) == 4


def test_when_letters_together_tell(town):
    def told(timing: str, now: datetime) -> datetime:
        return due_until(town.city, NewsTiming(timing), now)

    hour = town.city.config.digest_hour
    kyiv = town.city.config.zone
    monday, first = datetime(2026, 11, 23, hour, tzinfo=kyiv), datetime(2026, 11, 1, hour, tzinfo=kyiv)
    assert told("weekly", monday + 10 * MINUTE) == monday
    assert told("weekly", monday) == monday - WEEK
    assert told("weekly", monday + 6 * DAY) == monday
    assert told("monthly", first + 10 * MINUTE) == first
    assert told("monthly", first) == datetime(2026, 10, 1, hour, tzinfo=kyiv)
    assert told("monthly", monday) == first


def test_a_reader_gets_the_translation_and_no_second_letter_for_it(town, index):
    english = NewsIndexPage.objects.get(locale=Locale.objects.get(language_code="en"))
    subscribed(town, "uk@people.example", NewsTiming.AT_ONCE)
    subscribed(town, "en@people.example", NewsTiming.AT_ONCE, language="en")
    page = write(index, "Міст відкрито", MONDAY + HOUR)
    write(english, "The bridge is open", MONDAY + HOUR + MINUTE, translation_key=page.translation_key)
    told = {one.to[0]: one for one in letters(MONDAY + 2 * HOUR)}
    assert told["uk@people.example"].subject == "Міст відкрито"
    assert told["en@people.example"].subject == "The bridge is open"
    assert "?lang=en" in told["en@people.example"].body
    assert "You get this letter because" in told["en@people.example"].body
    late = write(index, "Сквер оновлено", MONDAY + 3 * HOUR)
    assert {one.subject for one in letters(MONDAY + 4 * HOUR)} == {"Сквер оновлено"}
    write(english, "The square is renewed", MONDAY + 5 * HOUR, translation_key=late.translation_key)
    assert letters(MONDAY + 6 * HOUR) == []


def test_what_is_taken_back_hidden_or_paused_is_not_sent(town, index):
    subscribed(town, ADDRESS, NewsTiming.AT_ONCE)
    page = write(index, "Помилка", MONDAY + HOUR)
    tell_news(MONDAY + 2 * HOUR)
    page.unpublish()
    assert letters(MONDAY + 2 * HOUR) == []
    assert Notice.objects.get().unwanted_at is not None
    write(index, "Міст відкрито", MONDAY + 3 * HOUR)
    OutboxPause.objects.create(backup_of=MONDAY)
    assert letters(MONDAY + 4 * HOUR) == []
    OutboxPause.objects.all().delete()
    assert [one.subject for one in letters(MONDAY + 4 * HOUR)] == ["Міст відкрито"]


def test_the_foot_of_a_letter_ends_or_changes_it(town, index, client):
    own = subscribed(town, ADDRESS, NewsTiming.AT_ONCE)
    write(index, "Міст відкрито", MONDAY + HOUR)
    (letter,) = letters(MONDAY + 2 * HOUR)
    headers = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(headers["List-Unsubscribe"].strip("<>")).path
    assert link == path_in(letter, "/newsletter/letters/")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(link).headers["Referrer-Policy"] == "no-referrer"
    stranger.post(link, {"timing": "monthly"})
    own.refresh_from_db()
    assert own.timing == NewsTiming.MONTHLY
    assert stranger.post(link, {"timing": "щодня"}).status_code == 400
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert not NewsSubscription.objects.exists()
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert "більше не надходять" in stranger.get(link).content.decode()
    assert stranger.get("/newsletter/letters/wrong.token/").status_code == 404


def test_an_account_chooses_on_its_own_page(town, index, client):
    subscribed(town, town.author.email, NewsTiming.MONTHLY)
    client.force_login(town.author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/newsletter/").headers["Location"] == reverse("opencity_cms:my_news")
    room = client.get("/my/news/").content.decode()
    assert 'aria-current="page"' in room
    assert 'value="monthly"' in room.partition("checked")[0].rpartition("<input")[2]
    client.post("/my/news/", {"timing": "at_once"})
    own = NewsSubscription.objects.get()  # the address without the account is no second subscription
    assert (own.user, own.email, own.timing) == (town.author, "", NewsTiming.AT_ONCE)
    Citizen.objects.filter(user=town.author).update(language="en")
    later = timezone.now() + HOUR
    write(index, "Міст відкрито", later)
    (letter,) = letters(later + HOUR)
    assert letter.to == [town.author.email]
    assert "You get this letter because" in letter.body
    assert my_data(town.author, "")["news_by_email"][0]["when"] == "at_once"
    # The same address asks as a stranger: the account's own choice changes, once it is confirmed.
    ask_to_subscribe(town.city, town.author.email, NewsTiming.WEEKLY, "uk")
    confirm(NewsSubscription.objects.get(user=None), NewsTiming.WEEKLY)
    assert NewsSubscription.objects.get().timing == NewsTiming.WEEKLY
    client.post("/my/news/", {"timing": "none"})
    assert not NewsSubscription.objects.exists()


def test_an_erased_account_leaves_no_subscription(town):
    choose(town.city, town.author, NewsTiming.WEEKLY)
    ask_to_subscribe(town.city, town.neighbour.email, NewsTiming.WEEKLY, "uk")
    erase_account(town.author)
    erase_account(town.neighbour)
    assert not NewsSubscription.objects.exists()


def test_an_address_that_takes_no_letters_waits_on_nobodys_desk(town, index, smtp_catcher):
    subscribed(town, ADDRESS, NewsTiming.AT_ONCE)
    subscribed(town, "other@people.example", NewsTiming.AT_ONCE)
    write(index, "Міст відкрито", MONDAY + HOUR)
    smtp_catcher.refused[ADDRESS] = "550 no such user"
    tell_news(MONDAY + 2 * HOUR)
    send_waiting(MONDAY + 2 * HOUR)
    assert [one.recipients for one in smtp_catcher.mails] == [["other@people.example"]]
    assert smtp_catcher.mails[0].message["List-Unsubscribe"]
    assert "Міст відкрито" in smtp_catcher.mails[0].html
    assert Notice.objects.filter(failed_at__isnull=False).count() == 1
    assert not Notice.objects.bounced().exists()


def test_telling_costs_the_same_for_many(town, index, django_assert_max_num_queries):
    rows = [
        NewsSubscription(
            city=town.city, email=f"r{n}@people.example", timing="at_once", confirmed_at=MONDAY, told_until=MONDAY
        )
        for n in range(120)
    ]
    NewsSubscription.objects.bulk_create(rows)
    write(index, "Міст відкрито", MONDAY + HOUR)
    with django_assert_max_num_queries(40):
        assert tell_news(MONDAY + 2 * HOUR) == 120
    with django_assert_max_num_queries(16):
        assert tell_news(MONDAY + 3 * HOUR) == 0


def test_the_worker_runs_it(town):
    run = {one.name: (one.func, one.minutes) for one in Schedule.objects.all()}
    assert run["opencity: tell of news"] == ("opencity_cms.tasks.tell_of_news", 1)
    assert run["opencity: publish scheduled pages"] == ("opencity_cms.tasks.publish_scheduled", 1)
