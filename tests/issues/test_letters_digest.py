"""The daily letter of every cabinet in which something waits (4.1)."""

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection

from opencity_issues import tasks
from opencity_issues.actions.contribute import reply
from opencity_issues.actions.letters.send_digests import write_digests
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.work_on_assignment import Answer, ask_author, give_answer, mark_seen
from opencity_issues.models import CalendarDay, Notice
from opencity_issues.queries.desk.digest import digest_of
from tests.factories import NOON, Town

KYIV = ZoneInfo("Europe/Kyiv")


def kyiv(day, hour=8, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=KYIV)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def issue(town, clock):
    issue = town.issue(address="вул. Шевченка, 14")
    send_waiting()
    mail.outbox.clear()
    return issue


def digests():
    return Notice.objects.filter(template="digest")


def letters(address):
    return [one for one in mail.outbox if one.to == [address]]


def run(clock, moment):
    clock.move_to(moment)
    written = write_digests()
    send_waiting()
    return written


def test_it_goes_at_the_citys_hour_once_a_working_day(town, issue, clock):
    assert run(clock, kyiv(3, 7, 59)) == 0
    assert run(clock, kyiv(3, 8)) > 0
    assert run(clock, kyiv(3, 8, 1)) == 0
    assert run(clock, kyiv(3, 20)) == 0
    assert len(letters("roads@city.example")) == 1
    assert run(clock, kyiv(4)) > 0
    assert len(letters("roads@city.example")) == 2


def test_a_cabinet_in_which_nothing_waits_gets_none(town, issue, clock):
    run(clock, kyiv(3))
    assert letters("lighting@city.example") == []
    assert not Notice.objects.bounced().exists()


def test_none_comes_on_days_off(town, issue, clock):
    settings = town.city.config
    CalendarDay.objects.create(settings=settings, date=date(2026, 3, 4), is_working=False)
    CalendarDay.objects.create(settings=settings, date=date(2026, 3, 7), is_working=True)
    assert run(clock, kyiv(4)) == 0  # the city's own day off
    assert run(clock, kyiv(7)) > 0  # a Saturday that is worked
    assert run(clock, kyiv(8)) == 0  # a Sunday


def test_after_days_without_a_run_there_is_one_and_not_four(town, issue, clock):
    run(clock, kyiv(3))
    mail.outbox.clear()
    run(clock, kyiv(9, 16))
    for _ in range(3):
        run(clock, kyiv(9, 17))
    assert len(letters("roads@city.example")) == 1
    assert set(digests().values_list("key", flat=True)) == {"digest:2026-03-03", "digest:2026-03-09"}


def test_the_hour_is_the_citys(town, issue, clock):
    town.city.config.digest_hour = 10
    town.city.config.save()
    assert run(clock, kyiv(3, 9, 59)) == 0
    assert run(clock, kyiv(3, 10)) > 0


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26)])
def test_the_hour_holds_after_a_change_of_the_clock(town, issue, clock, day):
    assert run(clock, kyiv(day.day, 7, 59, day.month)) == 0
    assert run(clock, kyiv(day.day, 8, 0, day.month)) > 0


def test_the_sweep_writes_and_sends_it(town, issue, clock):
    clock.move_to(kyiv(3))
    assert tasks.sweep()["digests"] > 0
    assert len(letters("roads@city.example")) == 1


@pytest.mark.django_db(transaction=True)
def test_schedulers_at_once_write_one():
    with time_machine.travel(kyiv(3, 9), tick=False):
        town = Town(content=False)
        town.issue()
        start = threading.Barrier(3)

        def one():
            start.wait()
            try:
                write_digests()
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert digests().count() == 5  # one row for each cabinet
        assert digests().values("recipient").distinct().count() == 5


def test_it_tells_what_is_new_to_accept_and_overdue(town, issue, clock):
    new = digest_of(town.roads, kyiv(3)).sections
    assert [[row.clause for row in section.rows] for section in new] == [["4.2"]]
    mark_seen(issue, actor=town.roads_worker, organisation=town.roads)
    digest = digest_of(town.roads, kyiv(3))
    rows = [row for section in digest.sections for row in section.rows]
    assert {(row.number, row.clause) for row in rows} == {(issue.number, "4.2")}
    late = digest_of(town.roads, kyiv(6)).sections[0]
    assert late.count == 1  # the issue once, though two of its terms have passed
    assert [(row.clause, row.is_late) for row in late.rows] == [("4.2", True)]


def test_it_tells_of_replies_since_the_letter_before_and_of_planned_dates(town, issue, clock):
    town.accept(issue, town.roads)
    ask_author(issue, "Де?", actor=town.roads_worker, organisation=town.roads)
    give_answer(
        issue, Answer("Зробимо.", planned_date=date(2026, 3, 6)), actor=town.roads_worker, organisation=town.roads
    )
    clock.move_to(kyiv(5, 15))
    reply(issue, "Біля школи.", actor=town.author)
    friday = digest_of(town.roads, kyiv(6))
    assert [section.count for section in friday.sections if section.rows[0].clause == ""] == [1, 1]
    # The letter of Monday tells what came since that of Friday.
    monday = digest_of(town.roads, kyiv(9))
    (planned,) = [section for section in monday.sections if section.rows[0].clause == ""]
    assert planned.rows[0].is_late


def test_control_and_moderator_get_their_desks_counts_and_the_most_urgent(town, issue, clock):
    run(clock, kyiv(6))
    (control,) = letters("control@city.example")
    assert "Яма біля переходу" in control.body
    assert f"/organisations/control/cabinet/?issue={issue.number}" in control.body
    html = next(str(content) for content, kind in control.alternatives if kind == "text/html")
    assert "/organisations/control/cabinet/?queue=" in html
    figures = [figure for desk in digest_of(town.control, kyiv(6)).desks for figure in desk.figures]
    assert all(figure.count for figure in figures)


def test_it_says_all_of_this_in_its_letter(town, issue, clock):
    run(clock, kyiv(6))
    (letter,) = letters("roads@city.example")
    assert f"http://localhost/organisations/roads/cabinet/?issue={issue.number}" in letter.body
    assert "4.2" in letter.body
    assert "3 березня" in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_what_was_dealt_with_before_it_was_sent_is_no_letter(town, issue, clock):
    clock.move_to(kyiv(3))
    write_digests()
    from opencity_issues.actions.correct_issue import withdraw

    withdraw(issue, actor=town.author)
    send_waiting()
    assert [one for one in letters("roads@city.example") if "cabinet of" in one.subject] == []
    assert digests().filter(organisation=town.roads, unwanted_at__isnull=False).count() == 1
    assert not Notice.objects.bounced().exists()


def test_its_cost_does_not_grow_with_the_issues(town, issue, clock, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        digest_of(town.roads, kyiv(6))
    for number in range(14):
        town.issue(title=f"Яма {number}", author=town.neighbour if number % 2 else town.author)
    with django_assert_max_num_queries(16):
        digest = digest_of(town.roads, kyiv(6))
    assert max(section.count for section in digest.sections) > 10
    assert all(len(section.rows) <= 10 for section in digest.sections)
