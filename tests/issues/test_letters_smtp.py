"""The outbox against a mail server that is away, slow, refuses for now or for good: nothing lost, nothing doubled without a crash."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from opencity_issues.actions.letters.mail_line import LETTERS_A_CONNECTION
from opencity_issues.actions.letters.send_notices import TRIES, send_waiting
from opencity_issues.models import Notice
from opencity_issues.queries.desk.outbox import late_letters
from tests.architecture.project import ROOT
from tests.factories import Town

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now() + MINUTE


def write(town, count, *, organisation=None, **columns):
    """So many letters about one issue in the outbox, and nothing else."""
    issue = town.issue()
    Notice.objects.all().delete()
    one = organisation or town.roads
    return Notice.objects.bulk_create(
        Notice(
            issue=issue,
            template="routed",
            recipient=f"organisation:{one.pk}",
            organisation=one,
            key=f"letter {number}",
            **columns,
        )
        for number in range(count)
    )


def sweeps(start, end, step):
    """What the minutely sweep does from one moment to another, in coarser steps."""
    moment = start
    while moment <= end:
        send_waiting(moment)
        moment += step


def test_a_server_away_for_a_day_loses_nothing_and_counts_nothing_against_the_letters(town, smtp_catcher, now):
    write(town, 30)
    smtp_catcher.down()
    sweeps(now, now + DAY, HOUR)
    assert set(Notice.objects.values_list("attempts", "sent_at", "failed_at")) == {(0, None, None)}
    smtp_catcher.up()
    assert send_waiting(now + DAY + MINUTE) == 30
    assert len(smtp_catcher.mails) == len({one.message_id for one in smtp_catcher.mails}) == 30
    assert send_waiting(now + 2 * DAY) == 0


def test_that_letters_wait_is_told_after_fifteen_minutes(town, smtp_catcher, now, client):
    write(town, 3, created_at=now)
    smtp_catcher.down()
    send_waiting(now)
    assert late_letters(now + 14 * MINUTE).count == 0
    assert late_letters(now + 15 * MINUTE).count == 3
    assert "warnings" not in client.get("/health/").json()
    Notice.objects.update(created_at=timezone.now() - 20 * MINUTE)
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["warnings"]["letters"]["waiting"] == 3
    smtp_catcher.up()
    send_waiting(now + 20 * MINUTE)
    assert "warnings" not in client.get("/health/").json()


def test_wrong_credentials_are_no_letters_fault(town, smtp_catcher, settings, now):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "wrong"
    write(town, 2)
    assert send_waiting(now) == 0
    assert set(Notice.objects.values_list("attempts", "failed_at")) == {(0, None)}


def test_letters_go_over_one_connection(town, smtp_catcher, now):
    write(town, LETTERS_A_CONNECTION + 10)
    assert send_waiting(now) == LETTERS_A_CONNECTION + 10
    assert smtp_catcher.connections == 2


def test_a_connection_that_broke_between_letters_is_renewed(town, smtp_catcher, now):
    write(town, 3)

    smtp_catcher.hangs_up = True
    assert send_waiting(now) == 3
    assert smtp_catcher.connections == 2
    assert len(smtp_catcher.mails) == 3


def test_one_silent_address_holds_up_no_other(town, smtp_catcher, settings, now):
    settings.EMAIL_TIMEOUT = 0.3
    smtp_catcher.silent = {"lighting@city.example": 5}
    slow = write(town, 1, organisation=town.lighting)
    others = write_more(town, 5)
    assert send_waiting(now) == 5
    assert len(smtp_catcher.to("roads@city.example")) == 5
    silent = Notice.objects.get(pk=slow[0].pk)
    assert (silent.sent_at, silent.failed_at) == (None, None)
    assert "timed out" in silent.last_error
    smtp_catcher.silent = {}
    assert send_waiting(now + HOUR) == 1
    assert Notice.objects.filter(pk__in=[one.pk for one in others], sent_at=None).count() == 0


def write_more(town, count):
    issue = Notice.objects.first().issue
    return Notice.objects.bulk_create(
        Notice(
            issue=issue,
            template="routed",
            recipient=f"organisation:{town.roads.pk}",
            organisation=town.roads,
            key=f"more {number}",
        )
        for number in range(count)
    )


def test_a_server_silent_to_all_is_asked_for_three_letters_a_run_and_not_for_each(town, smtp_catcher, settings, now):
    settings.EMAIL_TIMEOUT = 0.2
    smtp_catcher.silent = {"roads@city.example": 5}
    write(town, 20)
    send_waiting(now)
    assert smtp_catcher.connections == 3
    assert Notice.objects.exclude(last_error="").count() == 3
    assert Notice.objects.filter(attempts=0, leased_until=None).count() == 20
    smtp_catcher.silent = {}
    assert send_waiting(now + 6 * MINUTE) == 20


def test_the_site_waits_for_no_server_longer_than_fifteen_seconds(settings):
    assert settings.EMAIL_TIMEOUT <= 15


@pytest.mark.parametrize("where", ["recipient", "message"])
def test_refused_for_now_is_tried_eight_times_within_72_hours_and_then_given_up(town, smtp_catcher, now, where):
    if where == "recipient":
        smtp_catcher.refused = {"roads@city.example": "450 mailbox busy"}
    else:
        smtp_catcher.refusal = "451 try later"
    (notice,) = write(town, 1, created_at=now)
    seen = []
    moment = now
    while Notice.objects.get(pk=notice.pk).failed_at is None:
        send_waiting(moment)
        row = Notice.objects.get(pk=notice.pk)
        seen.append(row.attempts)
        moment = row.send_after
        assert len(seen) <= TRIES
    assert seen == list(range(1, TRIES + 1))
    failed_after = Notice.objects.get(pk=notice.pk).failed_at - now
    assert timedelta(hours=72) <= failed_after <= timedelta(hours=73)
    assert not smtp_catcher.mails


def test_refused_for_now_and_taken_later_is_one_letter(town, smtp_catcher, now):
    smtp_catcher.refusal = "451 try later"
    write(town, 4)
    assert send_waiting(now) == 0
    smtp_catcher.refusal = ""
    assert send_waiting(now) == 0  # not before its time
    assert send_waiting(now + MINUTE) == 4
    assert len(smtp_catcher.mails) == 4


@pytest.mark.parametrize("where", ["recipient", "message"])
def test_refused_for_good_is_given_up_at_once_and_holds_up_no_other(town, smtp_catcher, now, where):
    bad = write(town, 1, organisation=town.lighting)
    write_more(town, 3)
    if where == "recipient":
        smtp_catcher.refused = {"lighting@city.example": "550 no such user"}
    else:
        smtp_catcher.kept = None
        smtp_catcher.refused = {"lighting@city.example": "554 lighting@city.example is unknown here"}
    assert send_waiting(now) == 3
    row = Notice.objects.get(pk=bad[0].pk)
    assert row.failed_at is not None
    assert row.attempts == 1
    assert row.last_error.startswith("55")
    assert "lighting@city.example" not in row.last_error
    assert smtp_catcher.connections == 1
    assert send_waiting(now + 4 * DAY) == 0


def test_our_own_address_refused_blames_no_letter(town, smtp_catcher, now):
    smtp_catcher.sender_refusal = "553 sender not allowed"
    write(town, 10)
    sweeps(now, now + HOUR, 10 * MINUTE)
    assert not Notice.objects.exclude(failed_at=None).exists()
    assert not Notice.objects.exclude(attempts=0).exists()
    smtp_catcher.sender_refusal = ""
    assert send_waiting(now + 2 * HOUR) == 10


def test_a_letter_that_ends_its_worker_each_time_is_given_up(town, smtp_catcher, now):
    (notice, _other) = write(town, 2)
    Notice.objects.filter(pk=notice.pk).update(attempts=TRIES, leased_until=now - MINUTE)
    assert send_waiting(now) == 1
    assert Notice.objects.get(pk=notice.pk).failed_at is not None


def test_a_letter_that_cannot_be_composed_holds_up_no_other(town, smtp_catcher, now):
    (broken, *_others) = write(town, 3)
    Notice.objects.filter(pk=broken.pk).update(template="no_such_letter")
    Notice.objects.filter(pk=broken.pk).update(recipient="user:0", organisation=None)
    assert send_waiting(now) == 2
    assert Notice.objects.get(pk=broken.pk).sent_at is None


# --- several senders, and one that is killed --------------------------------------------------------------------------------------


@pytest.fixture
def city(transactional_db):
    return Town(content=False)


def test_senders_at_once_send_each_letter_once(city, smtp_catcher):
    write(city, 120)
    moment = timezone.now() + MINUTE
    start, sent = threading.Barrier(3), []

    def run():
        start.wait()
        try:
            sent.append(send_waiting(moment))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 120
    assert set(Counter(one.message_id for one in smtp_catcher.mails).values()) == {1}
    assert len(smtp_catcher.mails) == 120


SENDER = """
import sys, django
from django.conf import settings
name, host, port = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = name
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = host, int(port)
django.setup()
from opencity_issues.actions.letters.send_notices import send_waiting
send_waiting()
"""


def test_a_worker_killed_after_the_server_took_the_letter_sends_it_again_with_the_same_id(city, smtp_catcher, tmp_path):
    write(city, 5)
    killed = threading.Event()
    process = None

    def kill(_caught):
        if len(smtp_catcher.mails) == 3:
            os.kill(process.pid, signal.SIGKILL)
            killed.set()

    smtp_catcher.kept = kill
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "TMPDIR": str(tmp_path),
    }
    name = str(connection.settings_dict["NAME"])
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, name, smtp_catcher.host, str(smtp_catcher.port)], cwd=ROOT, env=environment
    )
    assert process.wait(timeout=60) == -signal.SIGKILL
    assert killed.is_set()
    assert Notice.objects.filter(sent_at=None).count() == 3
    smtp_catcher.kept = None
    assert send_waiting(timezone.now()) == 0  # the dead worker's lease still runs
    assert send_waiting(timezone.now() + 4 * MINUTE) == 3
    times = Counter(one.message_id for one in smtp_catcher.mails)
    assert sorted(times.values()) == [1, 1, 1, 1, 2]
    assert smtp_catcher.mails[2].message_id == smtp_catcher.mails[3].message_id
