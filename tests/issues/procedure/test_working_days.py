"""Properties of the calendar that hold for every moment, and the years it knows."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencity_issues.procedure.working_days import WorkingCalendar

KYIV = ZoneInfo("Europe/Kyiv")
MARTIAL = WorkingCalendar(KYIV)
PEACE = WorkingCalendar(KYIV, martial_law=False)
# Zones with clock changes at midnight, of half an hour, and without any.
ZONES = [KYIV, *map(ZoneInfo, ["Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])]

NAIVE = datetime.fromisoformat("2026-11-23T12:00:00")

# hypothesis wants bounds without a zone, and adds the zone itself
moments = st.datetimes(
    datetime.fromisoformat("2022-01-01"), datetime.fromisoformat("2035-12-31"), timezones=st.just(UTC)
)
calendars = st.builds(
    WorkingCalendar,
    tz=st.sampled_from(ZONES),
    country=st.sampled_from(["UA", "UA", "PL", "EG"]),
    martial_law=st.booleans(),
    days=st.dictionaries(st.dates(date(2022, 1, 1), date(2036, 12, 31)), st.booleans(), max_size=20),
)
amounts = st.integers(1, 40)

# Articles 67 and 73 of the Labour Code as published, with the days moved from weekends, without the weekends themselves.
PEACE_WEEKDAYS_OFF = {
    2023: "0102 0109 0308 0417 0501 0509 0605 0628 0728 0824 1002 1225",
    2024: "0101 0308 0501 0506 0508 0624 0628 0715 0826 1001 1225",
    2025: "0101 0310 0421 0501 0508 0609 0630 0715 0825 1001 1225",
    2026: "0101 0309 0413 0501 0508 0601 0629 0715 0824 1001 1225",
    2027: "0101 0308 0503 0504 0510 0621 0628 0715 0824 1001 1227",
    2028: "0103 0308 0417 0501 0508 0605 0628 0717 0824 1002 1225",
}


def weekdays_of(year):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [day for day in days if day.year == year and day.weekday() < 5]


@pytest.mark.parametrize("year", range(2022, 2031))
def test_under_martial_law_every_weekday_is_worked_and_no_weekend(year):
    assert all(MARTIAL.is_working(day) for day in weekdays_of(year))
    weekends = {date(year, 1, 1) + timedelta(days=n) for n in range(365)} - set(weekdays_of(year))
    assert not any(MARTIAL.is_working(day) for day in weekends)


@pytest.mark.parametrize(("year", "expected"), PEACE_WEEKDAYS_OFF.items())
def test_in_peace_the_holidays_are_off_and_move_from_weekends(year, expected):
    off = [f"{day:%m%d}" for day in weekdays_of(year) if not PEACE.is_working(day)]
    assert off == expected.split()


@pytest.mark.parametrize(
    ("country", "day", "working"),
    [
        ("PL", date(2026, 11, 11), False),
        ("PL", date(2026, 11, 12), True),
        ("EG", date(2026, 11, 20), False),  # a Friday
        ("EG", date(2026, 11, 22), True),  # a Sunday
    ],
)
def test_other_countries_have_their_own_weekends_and_holidays(country, day, working):
    assert WorkingCalendar(KYIV, country=country).is_working(day) is working


def test_own_exceptions_win():
    days = {date(2026, 11, 21): True, date(2026, 11, 23): False, date(2026, 8, 24): True}
    calendar = WorkingCalendar(KYIV, martial_law=False, days=days)
    assert [calendar.is_working(day) for day in days] == [True, False, True]
    days.clear()
    assert calendar.is_working(date(2026, 11, 21)), "the calendar keeps a copy of its own"


def test_an_unknown_country_is_refused():
    with pytest.raises(ValueError, match="XX"):
        WorkingCalendar(KYIV, country="XX")


@pytest.mark.parametrize("method", ["end_of_working_day", "calendar_days_then_working", "same_time_after"])
def test_terms_refuse_naive_moments_and_empty_amounts(method):
    count = getattr(MARTIAL, method)
    with pytest.raises(ValueError, match="aware"):
        count(NAIVE, 1)
    for amount in (0, -3):
        with pytest.raises(ValueError, match="at least one day"):
            count(datetime(2026, 11, 23, tzinfo=UTC), amount)


def test_last_day_refuses_naive_moments():
    with pytest.raises(ValueError, match="aware"):
        MARTIAL.last_day(NAIVE)


def test_a_calendar_without_working_days_says_so_instead_of_searching_for_ever():
    never = {date(2026, 1, 1) + timedelta(days=n): False for n in range(4000)}
    with pytest.raises(ValueError, match="no working day"):
        WorkingCalendar(KYIV, days=never).end_of_working_day(datetime(2026, 1, 1, tzinfo=UTC), 1)


def test_a_calendar_can_be_kept_in_a_cache():
    assert pickle.loads(pickle.dumps(PEACE)) == PEACE
    assert hash(PEACE) != hash(MARTIAL)


@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        # Cairo skips from 00:00 to 01:00 on Friday 25 April 2025: that day begins, and the one before ends, at 01:00.
        ("Africa/Cairo", "2025-04-23T12:00:00+02:00", "2025-04-25T01:00:00+03:00"),
        # Havana repeats 00:00–01:00 on Sunday 2 November 2025: Saturday ends at the first midnight.
        ("America/Havana", "2025-10-31T12:00:00-04:00", "2025-11-02T00:00:00-04:00"),
    ],
)
def test_days_end_rightly_where_the_clock_changes_at_midnight(zone, start, due):
    start = datetime.fromisoformat(start)
    every_day = {start.date() + timedelta(days=n): True for n in range(5)}
    calendar = WorkingCalendar(ZoneInfo(zone), days=every_day)
    assert calendar.end_of_working_day(start, 1) == datetime.fromisoformat(due)


@given(calendars, moments, amounts)
def test_a_term_of_working_days_ends_with_the_right_one(calendar, start, amount):
    due = calendar.end_of_working_day(start, amount)
    first, last = start.astimezone(calendar.tz).date(), calendar.last_day(due)
    between = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert sum(calendar.is_working(day) for day in between) == amount
    assert calendar.is_working(last)


@given(calendars, moments, amounts)
def test_calendar_days_end_on_the_first_working_day_not_before_the_last(calendar, start, amount):
    last = calendar.last_day(calendar.calendar_days_then_working(start, amount))
    planned = start.astimezone(calendar.tz).date() + timedelta(days=amount)
    assert calendar.is_working(last)
    assert last >= planned
    assert not any(calendar.is_working(planned + timedelta(days=n)) for n in range((last - planned).days))


@given(calendars, moments, amounts)
def test_ends_of_days_are_where_the_local_date_changes(calendar, start, amount):
    for due in (calendar.end_of_working_day(start, amount), calendar.calendar_days_then_working(start, amount)):
        before = (due - timedelta(microseconds=1)).astimezone(calendar.tz).date()
        assert before == calendar.last_day(due)
        assert due.astimezone(calendar.tz).date() == before + timedelta(days=1)
        assert due.tzinfo is UTC
        assert due > start


@given(calendars, moments, amounts)
def test_same_time_keeps_the_wall_clock_or_lands_behind_the_gap(calendar, start, amount):
    due = calendar.same_time_after(start, amount)
    local = due.astimezone(calendar.tz)
    wanted = start.astimezone(calendar.tz).replace(tzinfo=None, fold=0) + timedelta(days=amount)
    shift = local.replace(tzinfo=None, fold=0) - wanted
    assert timedelta(0) <= shift <= timedelta(hours=1)
    assert local.fold == 0
    if shift:
        skipped = wanted.replace(tzinfo=calendar.tz).astimezone(UTC).astimezone(calendar.tz).replace(tzinfo=None)
        assert skipped != wanted, "it moves only where the clock skips"


@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=40)), amounts)
def test_who_starts_later_is_not_due_earlier(calendar, start, later, amount):
    for count in (calendar.end_of_working_day, calendar.calendar_days_then_working):
        assert count(start, amount) <= count(start + later, amount)


@given(calendars, moments, amounts)
def test_more_days_end_later(calendar, start, amount):
    assert calendar.end_of_working_day(start, amount) < calendar.end_of_working_day(start, amount + 1)
    assert calendar.same_time_after(start, amount) < calendar.same_time_after(start, amount + 1)


@given(calendars, moments, amounts)
def test_the_hour_of_the_event_does_not_matter_to_terms_that_end_with_a_day(calendar, start, amount):
    day = start.astimezone(calendar.tz).date()
    noon = datetime.combine(day, time(12), calendar.tz)
    assert calendar.end_of_working_day(start, amount) == calendar.end_of_working_day(noon, amount)


@given(moments, amounts)
def test_days_can_be_read_back(start, amount):
    """20 days on and 20 days back is the same wall clock, but for the hour that the clock skips."""
    due = MARTIAL.same_time_after(start, amount).astimezone(KYIV).replace(tzinfo=None, fold=0)
    local = start.astimezone(KYIV).replace(tzinfo=None, fold=0)
    assert (due - local) - timedelta(days=amount) in {timedelta(0), timedelta(hours=1)}
