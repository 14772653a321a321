"""After a change of the calendar running deadlines are counted anew by an explicit step; what has ended stays."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.clock.recount_deadlines import recount_deadlines
from opencity_issues.actions.message_organisation import send_warning
from opencity_issues.enums import EventKind
from opencity_issues.models import CalendarDay, CitySettings, Deadline, Event, IssueIndexPage
from opencity_issues.procedure.refusals import NotPermitted
from opencity_issues.queries.verification import issue_differences
from tests.factories import NOON, person

ACCEPT_BY = datetime(2026, 3, 5, 22, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def day_off(town, *days, working=False):
    for day in days:
        CalendarDay.objects.create(settings=town.city.config, date=day, is_working=working, name="Перенесення")


def due(issue, clause):
    return issue.deadlines.get(clause=clause, met_at=None, cancelled_at=None).due_at


def count(town, *, now=NOON + DAY, **options):
    return recount_deadlines(town.city, actor=None, now=now, **options)


def test_a_new_day_off_moves_what_runs(town):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    assert due(issue, "4.3") == ACCEPT_BY
    preview = count(town, dry_run=True)
    assert due(issue, "4.3") == ACCEPT_BY
    assert not issue.events.filter(kind=EventKind.RECOUNTED).exists()
    done = count(town)
    assert done == preview
    assert (done.running, done.deadlines, done.issues, done.later, done.earlier) == (3, 1, 1, 1, 0)
    assert done.by_clause == {"4.3": 1}
    assert due(issue, "4.3") == ACCEPT_BY + DAY
    (trace,) = issue.events.filter(kind=EventKind.RECOUNTED)
    assert trace.data == {
        "changes": [
            {
                "clause": "4.3",
                "organisation": town.roads.pk,
                "before": "2026-03-05T22:00:00+00:00",
                "after": "2026-03-06T22:00:00+00:00",
                "taken_back": False,
            }
        ]
    }
    assert not list(issue_differences())


def test_doing_it_again_changes_nothing(town):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    count(town)
    assert count(town).deadlines == 0
    assert issue.events.filter(kind=EventKind.RECOUNTED).count() == 1


def test_what_was_met_or_cancelled_stays(town):
    accepted = town.accept(town.issue(), town.roads)
    closed = town.close(town.issue(now=NOON + timedelta(minutes=5)))
    before = set(Deadline.objects.exclude(met_at=None, cancelled_at=None).values_list("pk", "due_at"))
    day_off(town, date(2026, 3, 4), date(2026, 4, 1))
    assert count(town).by_clause == {"4.4": 1}
    assert set(Deadline.objects.exclude(met_at=None, cancelled_at=None).values_list("pk", "due_at")) == before
    assert due(accepted, "4.4") == datetime(2026, 4, 2, 21, 0, tzinfo=UTC)
    assert not closed.events.filter(kind=EventKind.RECOUNTED).exists()


def test_martial_law_that_ends_brings_holidays_back(town):
    start = datetime(2026, 4, 29, 9, 0, tzinfo=UTC)
    issue = town.issue(now=start)
    assert due(issue, "4.3") == datetime(2026, 5, 4, 21, 0, tzinfo=UTC)
    CitySettings.objects.filter(city=town.city).update(martial_law=False)
    count(town, now=start)
    assert due(issue, "4.3") == datetime(2026, 5, 5, 21, 0, tzinfo=UTC)


def test_another_time_zone_moves_every_end(town):
    issue = town.issue()
    closed = town.close(town.issue(now=NOON + timedelta(minutes=5)), NOON)
    CitySettings.objects.filter(city=town.city).update(time_zone="America/New_York")
    done = count(town)
    assert done.deadlines == 3 + 2
    assert due(issue, "4.2") == datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
    # New York's clock went forward on 8 March: the same local time is an hour earlier.
    assert due(closed, "4.6") == due(closed, "4.7") == NOON + 20 * DAY - timedelta(hours=1)


def test_what_is_missed_at_once_is_said_before_and_recorded_after(town):
    """A Saturday becomes a working day when the term by the old count has yet to end."""
    start = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
    issue = town.issue(now=start)
    day_off(town, date(2026, 3, 7), working=True)
    now = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    preview = count(town, now=now, dry_run=True)
    assert (preview.earlier, preview.missed_at_once) == (2, 1)
    count(town, now=now)
    assert record_missed(now) == 1
    (missed,) = issue.events.filter(kind=EventKind.MISSED)
    assert missed.at == datetime(2026, 3, 7, 22, 0, tzinfo=UTC)


def missed_by_the_old_count(town):
    issue = town.issue()
    record_missed(ACCEPT_BY + timedelta(hours=1))
    day_off(town, date(2026, 3, 4))
    return issue


def by_hand_alone(town):
    CitySettings.objects.filter(city=town.city).update(automatic_messages=False)


def test_a_record_without_a_message_is_taken_back_and_can_come_again_once(town):
    by_hand_alone(town)
    issue = missed_by_the_old_count(town)
    now = ACCEPT_BY + timedelta(hours=2)
    assert count(town, now=now).taken_back == 1
    assert issue.deadlines.get(clause="4.3").missed_at is None
    assert issue.events.get(kind=EventKind.RECOUNTED).data["changes"][0]["taken_back"] is True
    assert record_missed(now) == 0
    assert record_missed(ACCEPT_BY + DAY) == 1
    assert record_missed(ACCEPT_BY + DAY) == 0
    moments = [one.at for one in issue.events.filter(kind=EventKind.MISSED, data__clause="4.3").order_by("sequence")]
    assert moments == [ACCEPT_BY, ACCEPT_BY + DAY]


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_record_that_was_warned_about_stays_and_nothing_goes_twice(town, by_hand):
    if by_hand:
        by_hand_alone(town)
    issue = missed_by_the_old_count(town)
    now = ACCEPT_BY + timedelta(hours=2)
    if by_hand:
        send_warning(issue, town.roads, "Прийміть.", actor=town.controller, organisation=town.control, now=now)
    assert count(town, now=now).taken_back == 0
    deadline = issue.deadlines.get(clause="4.3")
    assert (deadline.missed_at, deadline.due_at) == (ACCEPT_BY, ACCEPT_BY + DAY)
    assert record_missed(ACCEPT_BY + 2 * DAY) == 0
    assert issue.events.filter(kind=EventKind.WARNING).count() == 1
    assert issue.events.filter(kind=EventKind.MISSED, data__clause="4.3").count() == 1


def test_one_citys_calendar_is_no_others(town):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    other = town.city.get_parent().add_child(instance=IssueIndexPage(title="Інше", slug="other"))
    assert recount_deadlines(other, actor=None, now=NOON).running == 0
    assert due(issue, "4.3") == ACCEPT_BY


def operator():
    user = person("operator@city.example", is_staff=True)
    codenames = ("change_citysettings", "view_citysettings", "access_admin")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "lighting_worker", "controller", "moderator"])
def test_only_who_may_change_the_settings_counts_anew(town, who, client):
    town.issue()
    day_off(town, date(2026, 3, 4))
    before = Event.objects.count()
    for dry_run in (True, False):
        with pytest.raises(NotPermitted):
            recount_deadlines(town.city, actor=getattr(town, who), dry_run=dry_run)
    client.force_login(getattr(town, who))
    address = reverse("opencity_admin_city:calendar", args=[town.city.config.pk])
    assert client.get(address).status_code in (302, 403)
    assert client.post(address).status_code in (302, 403)
    assert Event.objects.count() == before


def test_nobody_unknown_counts_anew(town, client):
    address = reverse("opencity_admin_city:calendar", args=[town.city.config.pk])
    assert client.post(address).status_code == 302
    assert not Event.objects.filter(kind=EventKind.RECOUNTED).exists()


@time_machine.travel(NOON + DAY, tick=False)
def test_the_operator_previews_and_does_it_on_the_page(town, client):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    user = operator()
    client.force_login(user)
    address = reverse("opencity_admin_city:calendar", args=[town.city.config.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["recount"].deadlines == 1
    assert due(issue, "4.3") == ACCEPT_BY
    client.post(address)
    assert due(issue, "4.3") == ACCEPT_BY + DAY
    assert issue.events.get(kind=EventKind.RECOUNTED).actor_id == user.pk
    entry = ModelLogEntry.objects.get(action="opencity.recount")
    assert (entry.user_id, entry.data) == (user.pk, {"deadlines": 1, "issues": 1})
    assert entry.object_id == str(town.city.config.pk)
    assert entry.message
    assert client.get(address).context["recount"].deadlines == 0


@time_machine.travel(NOON + DAY, tick=False)
def test_the_page_names_the_years_holidays_and_the_citys_own_days(town, client):
    day_off(town, date(2026, 3, 4))
    client.force_login(operator())
    address = reverse("opencity_admin_city:calendar", args=[town.city.config.pk])
    page = client.get(address)
    days = {one.date: one for one in page.context["days"]}
    assert page.context["year"] == 2026
    assert (days[date(2026, 8, 24)].name, days[date(2026, 8, 24)].is_working) == ("День незалежності України", True)
    assert days[date(2026, 3, 4)].is_working is False
    assert "Перенесення" in page.content.decode()
    CitySettings.objects.filter(city=town.city).update(martial_law=False)
    days = {one.date: one for one in client.get(address).context["days"]}
    assert days[date(2026, 8, 24)].is_working is False
    assert days[date(2026, 3, 9)].why == "moved"
    other = client.get(address, {"year": "2028"})
    assert date(2028, 8, 24) in {one.date for one in other.context["days"]}
    for wrong in ("x", "99999999999", "-1", "1"):
        assert client.get(address, {"year": wrong}).context["year"] == 2026


@time_machine.travel(NOON + DAY, tick=False)
def test_the_command_says_what_it_does(town):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    out = io.StringIO()
    call_command("opencity_recount_deadlines", "--dry-run", stdout=out)
    assert "1 of 3 running deadlines of 1 issues would move (4.3: 1)" in out.getvalue()
    assert due(issue, "4.3") == ACCEPT_BY
    call_command("opencity_recount_deadlines", "--city", str(town.city.pk), stdout=out)
    assert due(issue, "4.3") == ACCEPT_BY + DAY
    with pytest.raises(CommandError):
        call_command("opencity_recount_deadlines", "--city", "999999")


@time_machine.travel(NOON + DAY, tick=False)
def test_who_changes_the_calendar_is_told_what_it_would_move(town, client):
    issue = town.issue()
    client.force_login(operator())
    names = [
        "city_name",
        "time_zone",
        "centre",
        "zoom",
        "west",
        "east",
        "south",
        "north",
        "base_map",
        "digest_hour",
        "control_mailbox",
    ]
    config = town.city.config
    data = {name: getattr(config, name) for name in names} | {
        "country": "ua",
        "martial_law": "on",
        "automatic_messages": "on",
        "days-TOTAL_FORMS": "1",
        "days-INITIAL_FORMS": "0",
        "days-0-date": "2026-03-04",
    }
    page = client.post(reverse("opencity_admin_city:edit", args=[config.pk]), data, follow=True)
    (said,) = [str(one) for one in page.context["messages"] if one.level_tag == "warning"]
    assert reverse("opencity_admin_city:calendar", args=[config.pk]) in said
    assert CitySettings.objects.get(city=town.city).country == "UA"
    assert due(issue, "4.3") == ACCEPT_BY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("warning_text", "До {date}"),
        ("warning_text", "{number.__class__}"),
        ("repeated_text", "{}"),
        ("repeated_text", "№ {number"),
        ("country", "ZZ"),
    ],
)
def test_settings_that_could_not_be_used_are_refused(town, field, value):
    config = town.city.config
    setattr(config, field, value)
    with pytest.raises(ValidationError) as refused:
        config.full_clean()
    assert set(refused.value.message_dict) == {field}


def test_texts_with_every_placeholder_are_taken(town):
    config = town.city.config
    config.warning_text = config.repeated_text = "{number} {title} {organisation} {clause} {day} {what}"
    config.full_clean()


def test_the_trace_is_for_desks(town, client):
    issue = town.issue()
    day_off(town, date(2026, 3, 4))
    count(town)
    words = "перерахован"
    assert words not in client.get(issue.get_absolute_url()).content.decode()
