"""Moments in words: the right word for each distance, with the exact moment at hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from opencity_issues.templatetags.moments import ago, day, until

NOW = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)  # noon in Kyiv


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Kyiv"), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=20), "23 October"),
        (timedelta(days=400), "8 October 2025"),
    ],
)
def test_ago(passed, words):
    assert f">{words}</time>" in ago(NOW - passed)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=4), "today by 16:00"),
        (timedelta(hours=20), "tomorrow by 08:00"),
        (timedelta(hours=12), "by the end of today"),
        (timedelta(hours=36), "by the end of tomorrow"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=3, hours=12), "in 3 days"),
        (timedelta(days=23), "by 5 December"),
        (timedelta(minutes=-5), "overdue since today"),
        (timedelta(hours=-12), "overdue by 1 day"),
        (timedelta(days=-1), "overdue by 1 day"),
        (timedelta(days=-2), "overdue by 2 days"),
    ],
)
def test_until(ahead, words):
    assert f">{words}</time>" in until(NOW + ahead)


def test_what_is_late_looks_late():
    assert 'class="late"' in until(NOW - timedelta(days=1))
    assert 'class="late"' not in until(NOW + timedelta(days=1))


def test_the_exact_moment_is_at_hand_in_the_site_s_time():
    assert 'datetime="2026-11-10T10:00:00+00:00" title="10 November 2026, 12:00"' in ago(NOW - timedelta(days=2))


def test_a_future_moment_is_told_as_what_is_to_come():
    assert ">in 3 days</time>" in ago(NOW + timedelta(days=3))


def test_a_plain_day():
    assert day(date(2026, 12, 5)) == '<time datetime="2026-12-05">5 December</time>'
    assert day(date(2027, 1, 5)) == '<time datetime="2027-01-05">5 January 2027</time>'
    assert ">12 November</time>" in day(NOW)


def test_ukrainian_months_stand_in_the_genitive():
    with translation.override("uk"):
        assert ">5 грудня</time>" in day(datetime(2026, 12, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize("words", [ago, until, day])
def test_no_moment_says_nothing(words):
    assert words(None) == ""
