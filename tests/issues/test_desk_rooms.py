"""Narrowing, kept views, who has looked (4.1), the overview and the calendar of terms."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.cabinet.keep_views import AT_MOST, forget_view, keep_view
from opencity_issues.actions.cabinet.record_look import record_look
from opencity_issues.models import Assignment, CalendarDay, Deadline, District, IssuePage, Look, SavedFilter
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.desk.calendar import PLANNED, month_of_terms
from opencity_issues.queries.desk.desk import desk
from opencity_issues.queries.desk.looks import looks
from opencity_issues.queries.desk.narrowing import DeskFilter
from opencity_issues.queries.desk.overview import overview
from opencity_issues.queries.desk.queues import Function
from tests.factories import NOON, person

pytestmark = pytest.mark.django_db
KYIV = ZoneInfo("Europe/Kyiv")
SQUARE = [[25.8, 51.3], [25.9, 51.3], [25.9, 51.4], [25.8, 51.4], [25.8, 51.3]]


@pytest.fixture
def now():
    return timezone.now()


def room(name, own, /, **query):
    return reverse(f"opencity_issues:{name}", args=[own.slug], query=query or None)


def found(client, own, /, **query):
    answer = client.get(room("cabinet", own, **query))
    assert answer.status_code == 200
    return {row.number for row, _url in answer.context["rows"]}


# Narrowing.


@pytest.fixture
def varied(town, now):
    """(late of roads in the district, accepted of lighting without one, fresh of roads)"""
    district = District.objects.create(
        city=town.city, name_uk="Центр", outline={"type": "Polygon", "coordinates": [SQUARE]}
    )
    late = town.issue(now=now - timedelta(days=20))
    IssuePage.objects.filter(pk=late.pk).update(district=district)
    lamp = town.accept(town.issue(categories=["2.2"], now=now - timedelta(days=1)), town.lighting, now)
    fresh = town.issue(now=now)
    IssuePage.objects.exclude(pk=late.pk).update(district=None)
    return late.number, lamp.number, fresh.number


def test_a_desk_is_narrowed_by_each_field(town, client, now, varied):
    late, lamp, fresh = varied
    client.force_login(town.controller)
    everything = {late, lamp, fresh}
    local = timezone.localdate(now, KYIV)
    cases = [
        ({}, everything),
        ({"organisation": "lighting"}, {lamp}),
        ({"organisation": "nobody"}, everything),
        ({"executor": "майстер ДІЛЬНИЦІ".lower()}, {lamp}),
        ({"late": "any"}, {late}),
        ({"late": "4.3"}, {late}),
        ({"late": "4.4"}, set()),
        ({"category": "2"}, {lamp}),
        ({"district": str(District.objects.get().pk)}, {late}),
        ({"district": "none"}, {lamp, fresh}),
        ({"district": "9" * 30}, everything),
        ({"from": str(local - timedelta(days=3))}, {lamp, fresh}),
        ({"to": str(local - timedelta(days=3))}, {late}),
        ({"from": "2030-13-45"}, everything),
        ({"status": "unsolved"}, everything),
        ({"status": "accepted"}, {lamp}),
        ({"organisation": "roads", "late": "any"}, {late}),
        ({"organisation": "lighting", "late": "any"}, set()),
    ]
    for query, expected in cases:
        assert found(client, town.control, queue="all", **query) == expected, query


def test_a_term_on_a_day_ends_with_that_day(town, client, varied):
    fresh = varied[2]
    day = date(2030, 3, 14)
    midnight = datetime(2030, 3, 15, tzinfo=KYIV)
    Deadline.objects.filter(issue__number=fresh, clause="4.3").update(due_at=midnight)
    client.force_login(town.controller)
    assert found(client, town.control, queue="all", due=str(day)) == {fresh}
    assert found(client, town.control, queue="all", due=str(day), clause="4.3") == {fresh}
    assert found(client, town.control, queue="all", due=str(day), clause="4.4") == set()
    assert found(client, town.control, queue="all", due=str(day + timedelta(days=1))) == set()


def test_conditions_stand_as_chips_that_can_be_taken_away(town, client, varied):
    client.force_login(town.controller)
    answer = client.get(room("cabinet", town.control, queue="all", organisation="roads", late="any", narrow="1"))
    chips = {chip["name"]: chip["url"] for chip in answer.context["chips"]}
    assert set(chips) == {"organisation", "late"}
    assert "late=any" in chips["organisation"]
    assert "organisation" not in chips["organisation"].partition("?")[2]
    page = answer.content.decode()
    assert 'name="executor"' in page
    assert page.count('name="organisation"') == 1


def test_in_ones_own_work_executors_and_terms_are_ones_own(town, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    Assignment.objects.create(issue=issue, organisation=town.lighting, sent_at=now, executor="Електрик")

    def numbers(**chosen):
        return [row.number for row in desk(town.roads, "at-work", DeskFilter(**chosen), 1, None, now).rows]

    assert numbers(executor="Майстер") == [issue.number]
    assert numbers(executor="Електрик") == []


# Kept views.


def test_a_view_is_kept_and_deleted_by_its_owner(town, client):
    client.force_login(town.controller)
    address = room("desk_views", town.control)
    query = "queue=all&late=any&page=3&issue=5&organisation=roads"
    client.post(address, {"do": "save", "name": "  Дороги,  прострочені ", "query": query})
    view = SavedFilter.objects.get()
    assert (view.name, view.user) == ("Дороги, прострочені", town.controller)
    assert view.query == "queue=all&late=any&organisation=roads"
    page = client.get(room("cabinet", town.control)).content.decode()
    assert "Дороги, прострочені" in page
    colleague = person("second@city.example")
    town.join(town.control, colleague)
    client.force_login(colleague)
    assert "Дороги, прострочені" not in client.get(room("cabinet", town.control)).content.decode()
    client.post(address, {"do": "delete", "key": view.pk})
    assert SavedFilter.objects.exists()
    client.force_login(town.controller)
    client.post(address, {"do": "delete", "key": view.pk})
    assert not SavedFilter.objects.exists()


def test_views_have_names_and_an_end(town):
    with pytest.raises(Missing):
        keep_view(town.control, "  ", "queue=all", actor=town.controller)
    with pytest.raises(NotPossible):
        keep_view(town.control, "Довга", f"text={'а' * 500}", actor=town.controller)
    for number in range(AT_MOST):
        keep_view(town.control, f"Вид {number}", "queue=all", actor=town.controller)
    keep_view(town.control, "Вид 0", "queue=now", actor=town.controller)
    with pytest.raises(NotPossible):
        keep_view(town.control, "Ще один", "queue=all", actor=town.controller)


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "moderator", "operator"])
def test_only_members_keep_views_and_look(town, who):
    user = person("operator@city.example", is_superuser=True) if who == "operator" else getattr(town, who)
    for deed in (
        lambda: keep_view(town.control, "Вид", "queue=all", actor=user),
        lambda: forget_view(town.control, 1, actor=user),
        lambda: record_look(town.control, actor=user),
    ):
        with pytest.raises(NotPermitted):
            deed()
    assert not SavedFilter.objects.exists()
    assert not Look.objects.exists()


# Who has looked.


def test_a_look_is_noted_once_a_day_and_never_by_looking_at_the_page(town, client):
    client.force_login(town.roads_worker)
    assert b"data-look>" in client.get(room("cabinet", town.roads)).content
    assert not Look.objects.exists()
    assert client.get(room("desk_look", town.roads)).status_code == 405
    for _time in range(2):
        answer = client.post(room("desk_look", town.roads), headers={"x-requested-with": "fetch"})
        assert answer.status_code == 204
    assert Look.objects.count() == 1
    assert b"data-look>" not in client.get(room("cabinet", town.roads)).content


def test_who_leaves_while_the_request_is_on_its_way_is_told_so(town, client, monkeypatch):
    def leave_first(organisation, **named):
        organisation.memberships.update(left_at=NOON)
        return record_look(organisation, **named)

    monkeypatch.setattr("opencity_issues.views.desk.views.record_look", leave_first)
    client.force_login(town.roads_worker)
    answer = client.post(room("desk_look", town.roads))
    assert answer.status_code == 403
    assert town.roads.name in answer.content.decode()
    assert not Look.objects.exists()


def test_a_look_belongs_to_the_day_of_the_city(town):
    look = record_look(town.roads, actor=town.roads_worker, now=datetime(2026, 3, 2, 22, 30, tzinfo=ZoneInfo("UTC")))
    assert look.day == date(2026, 3, 3)


def test_the_control_body_sees_who_has_not_looked(town):
    town.issue(now=NOON)
    town.issue(categories=["2.2"], now=NOON)
    record_look(town.lighting, actor=town.lighting_worker, now=NOON)
    record_look(town.roads, actor=town.roads_worker, now=NOON - timedelta(days=3))
    shown = looks(town.control, NOON)
    assert shown.is_today
    assert [(one.organisation, one.active, one.unseen) for one in shown.absent] == [(town.roads, 1, 1)]
    assert shown.absent[0].last_look == date(2026, 2, 27)
    assert [one.organisation for one in shown.present] == [town.lighting]


def test_on_a_day_off_the_last_working_day_counts(town):
    town.issue(now=NOON)
    sunday = NOON + timedelta(days=6)
    record_look(town.roads, actor=town.roads_worker, now=NOON + timedelta(days=4))
    shown = looks(town.control, sunday)
    assert (shown.day, shown.is_today, shown.absent) == (date(2026, 3, 6), False, [])


def test_the_room_of_looks_is_the_control_bodys(town, client):
    town.issue(now=timezone.now())
    town.roads.phone = "0412 12-34-56"
    town.roads.save()
    client.force_login(town.controller)
    page = client.get(room("desk_looks", town.control)).content.decode()
    assert "tel:041212-34-56" in page
    assert "mailto:roads@city.example" in page
    for organisation, member in ((town.ngo, town.moderator), (town.roads, town.roads_worker)):
        client.force_login(member)
        assert client.get(room("desk_looks", organisation)).status_code == 403


# The overview.


def test_the_overview_counts_and_leads_to_what_it_counts(town, client, now, varied):
    late, lamp, fresh = varied
    lost = town.issue(categories=["8"], now=now, location=None)
    shown = overview(town.control, Function.CONTROL, now)
    assert (shown.issues, shown.late, shown.unrouted) == (4, 1, 1)
    groups = {
        group.parameter: {line.value: (line.count, line.late_count) for line in group.lines} for group in shown.groups
    }
    assert groups["organisation"] == {"roads": (2, 1), "lighting": (1, 0)}
    assert groups["executor"] == {"Майстер дільниці": (1, 0)}
    assert groups["late"] == {"4.2": (1, 1), "4.3": (1, 1)}
    assert groups["category"] == {"3": (2, 1), "2": (1, 0), "8": (1, 0)}
    assert groups["district"] == {str(District.objects.get().pk): (1, 1), "none": (3, 0)}
    client.force_login(town.controller)
    for parameter, lines in groups.items():
        for value, (count, late_count) in lines.items():
            narrowed = {"queue": "all", "status": "unsolved", parameter: value}
            assert len(found(client, town.control, **narrowed)) == count, (parameter, value)
            if parameter != "late":
                assert len(found(client, town.control, **narrowed, late="any")) == late_count, (parameter, value)
    own = overview(town.roads, Function.WORK, now)
    assert (own.issues, own.late) == (2, 1)
    assert {late, fresh, lamp, lost.number}


def test_the_overview_room_costs_the_same_with_more_issues(town, client, now):
    client.force_login(town.controller)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(room("desk_overview", town.control)).status_code == 200
        return len(asked)

    town.issue(now=now - timedelta(days=20))
    cost()
    one = cost()
    for number in range(10):
        town.issue(now=now, author=person(f"p{number}@people.example"))
    assert cost() == one <= 18


# The calendar.


def days_of(month):
    return {day.date: day for week in month.weeks for day in week}


def test_the_calendar_counts_terms_by_day_and_clause(town):
    issue = town.issue(now=NOON)
    Assignment.objects.filter(issue=issue).update(planned_date=date(2026, 3, 20), state="accepted")
    days = days_of(month_of_terms(town.control, Function.CONTROL, date(2026, 3, 1), NOON))
    assert days[date(2026, 3, 3)].counts == {"4.2": 1}
    assert days[date(2026, 3, 5)].counts == {"4.3": 1}
    assert days[date(2026, 3, 20)].counts == {PLANNED: 1}
    later = days_of(month_of_terms(town.roads, Function.WORK, date(2026, 4, 1), NOON))
    assert later[date(2026, 4, 1)].counts == {"4.4": 1}
    assert not any(
        day.counts for day in days_of(month_of_terms(town.lighting, Function.WORK, date(2026, 3, 1), NOON)).values()
    )


def test_the_calendar_greys_days_off_and_names_holidays(town):
    config = town.city.config
    CalendarDay.objects.create(settings=config, date=date(2026, 8, 25), is_working=False, name="День міста")
    days = days_of(month_of_terms(town.control, Function.CONTROL, date(2026, 8, 1), NOON))
    assert not days[date(2026, 8, 25)].is_working
    assert days[date(2026, 8, 25)].name == "День міста"
    assert days[date(2026, 8, 24)].name
    assert days[date(2026, 8, 24)].is_working, "martial law"
    assert not days[date(2026, 8, 22)].is_working


def test_what_is_overdue_stands_in_front(town):
    town.issue(now=NOON)
    month = month_of_terms(town.control, Function.CONTROL, date(2026, 3, 1), NOON + timedelta(days=20))
    assert month.overdue == [("4.2", 1), ("4.3", 1)]
    assert month.weeks[0][0].date == date(2026, 3, 16), "the present month begins with the present week"


def test_what_two_organisations_are_late_with_is_one_issue(town):
    """As on the overview, and in the list that the figure leads to."""
    town.issue(now=NOON, categories=["3.8", "2.2"])
    month = month_of_terms(town.control, Function.CONTROL, date(2026, 3, 1), NOON + timedelta(days=20))
    assert month.overdue == [("4.2", 1), ("4.3", 1)]


@pytest.mark.parametrize("month", ["", "2026-12", "2026-13", "nonsense", "9999-99"])
def test_the_calendar_leads_to_the_issues_of_a_day(town, client, month):
    issue = town.issue(now=timezone.now())
    client.force_login(town.controller)
    answer = client.get(room("desk_calendar", town.control, month=month))
    assert answer.status_code == 200
    due = issue.deadlines.get(clause="4.3").last_day
    assert found(client, town.control, queue="all", due=str(due)) == {issue.number}


@pytest.mark.parametrize("name", ["desk_overview", "desk_calendar", "desk_looks", "desk_table", "desk_bulk"])
@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "moderator", "operator", None])
def test_the_rooms_are_for_members(town, client, name, who):
    user = person("operator@city.example", is_superuser=True) if who == "operator" else getattr(town, who or "", None)
    if user is not None:
        client.force_login(user)
    assert client.get(room(name, town.control, queue="all")).status_code == (403 if user is not None else 302)
