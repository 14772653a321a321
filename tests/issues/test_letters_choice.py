"""A citizen chooses when letters come: at once, together each day or week, or never; by account or by a letter's link."""

import re
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.contribute import comment
from opencity_issues.actions.letters.choose_letters import choose_letters, citizen_of, token_of
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.enums import LetterChoice
from opencity_issues.models import Citizen, Event, Notice
from opencity_issues.procedure.letters.letter_times import next_together
from tests.factories import NOON, Town, person

KYIV = ZoneInfo("Europe/Kyiv")
DAILY, WEEKLY, NONE, AT_ONCE = LetterChoice.DAILY, LetterChoice.WEEKLY, LetterChoice.NONE, LetterChoice.AT_ONCE


def kyiv(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=KYIV)


@pytest.mark.parametrize(
    ("choice", "now", "expected"),
    [
        (DAILY, kyiv(2026, 3, 2, 7, 59), kyiv(2026, 3, 2, 8)),
        (DAILY, kyiv(2026, 3, 2, 8), kyiv(2026, 3, 3, 8)),
        (DAILY, kyiv(2026, 12, 31, 23), kyiv(2027, 1, 1, 8)),
        (DAILY, kyiv(2026, 3, 28, 9), kyiv(2026, 3, 29, 8)),  # the clock goes forward in between
        (DAILY, kyiv(2026, 10, 24, 9), kyiv(2026, 10, 25, 8)),  # and back
        (WEEKLY, kyiv(2026, 3, 2, 7), kyiv(2026, 3, 2, 8)),  # a Monday before the hour
        (WEEKLY, kyiv(2026, 3, 2, 9), kyiv(2026, 3, 9, 8)),
        (WEEKLY, kyiv(2026, 3, 8, 23), kyiv(2026, 3, 9, 8)),
        (AT_ONCE, kyiv(2026, 3, 2, 9), None),
        (NONE, kyiv(2026, 3, 2, 9), None),
    ],
)
def test_the_next_letter_with_everything(choice, now, expected):
    assert next_together(choice, now.astimezone(UTC), KYIV, 8) == expected


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def of(user):
    return Citizen.objects.get(user=user)


def waiting(user):
    return Notice.objects.waiting().filter(user=user)


def to(address):
    return [one for one in mail.outbox if one.to == [address]]


AUTHOR = "author@people.example"


@pytest.fixture
def issue(town, clock):
    issue = town.issue()
    send_waiting()
    mail.outbox.clear()
    return issue


def happen(town, issue, times=3):
    for number in range(times):
        comment(issue, f"Коментар {number}.", actor=town.neighbour)


def test_a_daily_reader_gets_one_letter_with_everything_at_the_citys_hour(town, issue, clock):
    choose_letters(of(town.author), DAILY)
    other = town.issue(title="Ліхтар", categories=["2.2"])
    happen(town, issue)
    send_waiting()
    assert to(AUTHOR) == []
    clock.move_to(kyiv(2026, 3, 3, 8, 1))
    send_waiting()
    (letter,) = to(AUTHOR)
    for said in (
        "Коментар 0.",
        "Коментар 2.",
        f"№ {issue.number} ",
        f"№ {other.number} Ліхтар",
        f"/issues/{other.number}/",
    ):
        assert said in letter.body, said
    assert "List-Unsubscribe" in letter.extra_headers
    assert "References" not in letter.extra_headers
    assert not waiting(town.author).exists()
    send_waiting(timezone.now() + timedelta(days=9))
    assert len(to(AUTHOR)) == 1


def test_a_weekly_reader_gets_it_on_monday(town, issue, clock):
    choose_letters(of(town.author), WEEKLY)
    happen(town, issue, 2)
    clock.move_to(kyiv(2026, 3, 8, 20))
    send_waiting()
    assert to(AUTHOR) == []
    clock.move_to(kyiv(2026, 3, 9, 8))
    send_waiting()
    assert len(to(AUTHOR)) == 1


def test_one_thing_alone_is_an_ordinary_letter(town, issue, clock):
    choose_letters(of(town.author), DAILY)
    happen(town, issue, 1)
    clock.move_to(kyiv(2026, 3, 3, 9))
    send_waiting()
    (letter,) = to(AUTHOR)
    assert letter.extra_headers["References"].startswith(f"<issue-{issue.number}@")


def test_who_wants_no_letters_gets_none_and_nothing_counts_as_bounced(town, issue):
    choose_letters(of(town.author), NONE)
    happen(town, issue)
    send_waiting()
    assert to(AUTHOR) == []
    assert not Notice.objects.bounced().exists()
    assert Notice.objects.filter(user=town.author, unwanted_at__isnull=False).count() == 3


def test_a_choice_sets_what_waits_already(town, issue, clock):
    choose_letters(of(town.author), WEEKLY)
    happen(town, issue, 2)
    assert choose_letters(of(town.author), DAILY) == 2
    assert set(waiting(town.author).values_list("send_after", "together")) == {(kyiv(2026, 3, 3, 8), True)}
    assert choose_letters(of(town.author), AT_ONCE) == 2
    send_waiting()
    assert len(to(AUTHOR)) == 2
    happen(town, issue, 1)
    assert choose_letters(of(town.author), NONE) == 1
    send_waiting(timezone.now() + timedelta(days=10))
    assert len(to(AUTHOR)) == 2


def test_a_letter_that_came_between_asks_again_when_it_is_sent(town, issue):
    happen(town, issue, 1)
    Citizen.objects.filter(user=town.author).update(letters=NONE)
    send_waiting()
    assert to(AUTHOR) == []
    assert not Notice.objects.bounced().exists()


def test_the_choice_does_not_touch_what_the_procedure_obliges(town, issue, clock):
    """The same person is a responsible worker as well."""
    worker = town.roads_worker
    choose_letters(of(worker), NONE)
    from opencity_issues.actions.message_organisation import send_warning

    send_warning(issue, town.roads, "Термін минув.", actor=town.controller, organisation=town.control)
    assert choose_letters(of(worker), WEEKLY) == 0
    send_waiting()
    assert len(to(worker.email)) == 1


def test_an_account_that_is_gone_gets_nothing_and_nothing_bounces(town, issue):
    happen(town, issue, 1)
    town.author.is_active = False
    town.author.save()
    send_waiting()
    assert to(AUTHOR) == []
    assert not Notice.objects.bounced().exists()


def test_a_refused_letter_of_many_comes_again_as_the_same_one(town, issue, clock, smtp_catcher):
    choose_letters(of(town.author), DAILY)
    happen(town, issue, 3)
    clock.move_to(kyiv(2026, 3, 3, 8))
    smtp_catcher.refusal = "451 later"
    send_waiting()
    smtp_catcher.refusal = ""
    ids = set(waiting(town.author).values_list("attempts", flat=True))
    assert ids == {1}
    clock.move_to(kyiv(2026, 3, 3, 8, 2))
    send_waiting()
    assert len(smtp_catcher.to(AUTHOR)) == 1


def test_what_came_since_a_failed_letter_is_another_letter(town, issue, clock, smtp_catcher):
    choose_letters(of(town.author), DAILY)
    happen(town, issue, 2)
    clock.move_to(kyiv(2026, 3, 3, 8))
    smtp_catcher.refusal = "451 later"
    send_waiting()
    Notice.objects.filter(user=town.author).update(send_after=kyiv(2026, 3, 4, 8))
    happen(town, issue, 2)
    smtp_catcher.refusal = ""
    clock.move_to(kyiv(2026, 3, 4, 8))
    send_waiting()
    assert len({one.message_id for one in smtp_catcher.to(AUTHOR)}) == 2


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_make_one_letter_for_each_reader(smtp_catcher):
    town = Town(content=False)
    issue = town.issue()
    event = Event.objects.filter(issue=issue).first()
    Notice.objects.all().delete()
    readers = [person(f"reader{number}@people.example") for number in range(8)]
    Citizen.objects.filter(user__in=readers).update(letters=DAILY)
    Notice.objects.bulk_create(
        Notice(
            event=event,
            issue=issue,
            template=template,
            recipient=f"user:{one.pk}",
            user=one,
            together=True,
        )
        for one in readers
        for template in ("comment", "answer", "accepted", "closed")
    )
    start = threading.Barrier(3)
    faults = []

    def run():
        start.wait()
        try:
            for _ in range(10):
                send_waiting(timezone.now() + timedelta(minutes=1))
        except Exception as error:  # noqa: BLE001 - whatever went wrong is what the test reads
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Counter(one.recipients[0] for one in smtp_catcher.mails) == {one.email: 1 for one in readers}


# --- the pages -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(town, issue):
    """The address in the letter to the author."""
    happen(town, issue, 1)
    send_waiting()
    header = to(AUTHOR)[0].extra_headers["List-Unsubscribe"]
    return re.fullmatch(r"<http://localhost(/letters/[^>]+/)>", header)[1]


def test_visiting_the_link_changes_nothing(town, link, client):
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert of(town.author).letters == AT_ONCE
    assert client.head(link).status_code == 200
    assert AUTHOR not in answer.content.decode()


def test_one_click_in_the_mail_program_stops_the_letters_without_a_cookie(town, link):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert of(town.author).letters == NONE


@pytest.mark.parametrize("choice", list(LetterChoice))
def test_the_page_of_the_link_offers_every_choice(town, link, client, choice):
    assert f'value="{choice}"' in client.get(link).content.decode()
    answer = client.post(link, {"letters": choice})
    assert answer.status_code == 200
    assert of(town.author).letters == choice


@pytest.mark.parametrize("data", [{}, {"letters": "hourly"}, {"List-Unsubscribe": "Two-Clicks"}])
def test_anything_else_changes_nothing(town, link, client, data):
    assert client.post(link, data).status_code in {200, 400}
    assert of(town.author).letters == AT_ONCE


def test_a_link_is_its_readers_alone_and_cannot_be_made_up(town, link, client):
    other = token_of(town.neighbour.pk)
    key, _dot, signature = token_of(town.author.pk).partition(".")
    for made_up in (f"{town.neighbour.pk}.{signature}", f"{key}.", "1", "x.y", f"{key}.{signature[:-1]}"):
        assert client.get(reverse("opencity_issues:letters", args=[made_up])).status_code == 404
        assert citizen_of(made_up) is None
    client.post(reverse("opencity_issues:letters", args=[other]), {"letters": NONE})
    assert of(town.author).letters == AT_ONCE
    assert of(town.neighbour).letters == NONE


def test_a_link_of_another_purpose_is_none(town, link):
    from django.core.signing import Signer

    assert citizen_of(Signer(sep=".").sign(str(town.author.pk))) is None
    assert citizen_of(Signer(salt="opencity_issues.executor_link", sep=".").sign(str(town.author.pk))) is None


def test_the_link_of_a_closed_account_is_over(town, link, client):
    town.author.is_active = False
    town.author.save()
    assert client.get(link).status_code == 404
    assert client.post(link, {"letters": NONE}).status_code == 404


def test_ones_own_page_needs_signing_in_and_a_csrf_token(town, client):
    from django.test import Client

    path = reverse("opencity_issues:letter_settings")
    assert client.get(path).status_code == 302
    client.force_login(town.author)
    assert client.get(path).status_code == 200
    assert client.post(path, {"letters": WEEKLY}).status_code == 302
    assert of(town.author).letters == WEEKLY
    assert of(town.neighbour).letters == AT_ONCE
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.author)
    assert strict.post(path, {"letters": NONE}).status_code == 403
    assert client.post(path, {"letters": "hourly"}).status_code == 400
    assert of(town.author).letters == WEEKLY


def test_the_account_page_leads_to_it(town, client):
    client.force_login(town.author)
    assert reverse("opencity_issues:letter_settings") in client.get("/accounts/").content.decode()
