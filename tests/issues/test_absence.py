"""Absence and deputy: who enters it, whose issues are "mine", and that rights do not change (4.1)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from opencity_issues.actions.cabinet.be_absent import be_absent, be_back
from opencity_issues.models import IssuePage, Membership
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.desk.queues import counts, queues_of
from opencity_issues.rules import Roles
from tests.factories import NOON, person

TODAY = NOON.date()


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def oksana(town):
    return Membership.objects.get(user=town.roads_worker)


@pytest.fixture
def petro(town):
    return town.join(town.roads, person("petro@city.example", name="Петро Колега"))


def page(organisation, membership=None):
    url = reverse("opencity_issues:absences", args=[organisation.slug])
    return f"{url}?member={membership.pk}" if membership else url


def days(number):
    return TODAY + timedelta(days=number)


def test_a_member_enters_the_own_absence(client, town, oksana, petro):
    client.force_login(oksana.user)
    answer = client.post(
        page(town.roads), {"away_from": TODAY.isoformat(), "away_until": days(5).isoformat(), "deputy": petro.pk}
    )
    assert answer.status_code == 302
    oksana.refresh_from_db()
    assert (oksana.away_from, oksana.away_until, oksana.deputy, oksana.away_said_by) == (TODAY, days(5), petro, oksana)


def test_a_colleague_enters_it_and_that_is_kept_and_shown(client, town, oksana, petro):
    client.force_login(petro.user)
    client.post(page(town.roads, oksana), {"away_from": TODAY.isoformat()})
    oksana.refresh_from_db()
    assert (oksana.away_said_by, oksana.away_until, oksana.deputy) == (petro, None, None)
    members = client.get(reverse("opencity_issues:members", args=[town.roads.slug])).content.decode()
    assert members.count("Петро Колега") >= 2


def test_an_absence_is_ended(client, town, oksana, petro):
    be_absent(oksana, since=TODAY, deputy=petro, actor=oksana.user)
    client.force_login(petro.user)
    assert client.post(page(town.roads, oksana), {"do": "back"}).status_code == 302
    oksana.refresh_from_db()
    assert (oksana.away_from, oksana.away_until, oksana.deputy_id, oksana.away_said_by_id) == (None, None, None, None)


def test_looking_changes_nothing(client, town, oksana):
    client.force_login(oksana.user)
    assert client.get(f"{page(town.roads)}?away_from={TODAY}&do=back").status_code == 200
    oksana.refresh_from_db()
    assert oksana.away_from is None


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(None, None, "away_from"), (5, 3, "away_until"), (-9, -2, "away_until")],
)
def test_days_that_make_no_sense_are_refused(oksana, since, until, field):
    given = [days(one) if one is not None else None for one in (since, until)]
    with pytest.raises(Missing) as refused:
        be_absent(oksana, since=given[0], until=given[1], actor=oksana.user)
    assert field in refused.value.fields


def test_the_deputy_is_a_present_colleague(town, oksana, petro):
    stranger = Membership.objects.get(user=town.lighting_worker)
    for deputy in (oksana, stranger):
        with pytest.raises(Missing):
            be_absent(oksana, since=TODAY, deputy=deputy, actor=oksana.user)
    be_absent(petro, since=days(3), until=days(8), actor=petro.user)
    with pytest.raises(Missing):
        be_absent(oksana, since=TODAY, until=days(4), deputy=petro, actor=oksana.user)
    be_absent(oksana, since=TODAY, until=days(2), deputy=petro, actor=oksana.user)


@pytest.mark.parametrize("who", ["citizen", "author", "neighbour", "another", "control", "moderator", "operator"])
def test_nobody_else_enters_an_absence(client, town, oksana, who):
    actor = {
        "citizen": person("someone@people.example"),
        "author": town.author,
        "neighbour": town.neighbour,
        "another": town.lighting_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": person("operator@people.example", is_superuser=True),
    }[who]
    with pytest.raises(NotPermitted):
        be_absent(oksana, since=TODAY, actor=actor)
    with pytest.raises(NotPermitted):
        be_back(oksana, actor=actor)
    client.force_login(actor)
    assert client.post(page(town.roads, oksana), {"away_from": TODAY.isoformat()}).status_code == 403


def test_the_anonymous_go_to_sign_in(client, town):
    assert client.post(page(town.roads), {}).status_code == 302


def test_members_of_another_organisation_are_not_there(client, town, oksana):
    client.force_login(town.lighting_worker)
    assert client.get(page(town.lighting, oksana)).status_code == 404


def test_who_has_left_cannot_be_absent(oksana, petro):
    Membership.objects.filter(pk=oksana.pk).update(left_at=NOON)
    with pytest.raises(NotPossible):
        be_absent(oksana, since=TODAY, actor=petro.user)


# Mine


def mine(town, user, now=NOON):
    queue = next(one for one in queues_of(town.roads, user.pk) if one.name == "mine")
    found = [issue.number for issue in queue.found(town.roads, now)]
    assert counts(town.roads, [queue], now)["mine"] == len(found)
    return found


def test_mine_is_what_i_accepted(town, oksana, petro):
    issue = town.issue()
    town.move(issue, "T2", oksana.user, town.roads)
    town.issue()
    assert mine(town, oksana.user) == [issue.number]
    assert mine(town, petro.user) == []


@pytest.mark.parametrize(("day", "stands_in"), [(-1, False), (0, True), (5, True), (6, False)])
def test_mine_is_also_what_the_absent_one_has(town, oksana, petro, day, stands_in):
    issue = town.issue()
    town.move(issue, "T2", oksana.user, town.roads)
    be_absent(oksana, since=TODAY, until=days(5), deputy=petro, actor=oksana.user)
    assert mine(town, petro.user, NOON + timedelta(days=day)) == ([issue.number] if stands_in else [])


def test_the_day_is_that_of_the_city(town, oksana, petro):
    issue = town.issue()
    town.move(issue, "T2", oksana.user, town.roads)
    be_absent(oksana, since=date(2026, 3, 3), deputy=petro, actor=oksana.user)
    late = NOON.replace(hour=21, minute=59)
    assert mine(town, petro.user, late) == []
    assert mine(town, petro.user, late + timedelta(minutes=1)) == [issue.number]


def test_the_desk_says_for_whom_one_stands_in(client, town, oksana, petro):
    be_absent(oksana, since=TODAY, until=days(5), deputy=petro, actor=oksana.user)
    client.force_login(petro.user)
    body = client.get(reverse("opencity_issues:cabinet", args=[town.roads.slug])).content.decode()
    assert oksana.user.get_full_name() in body
    assert "cabinet-absence" in body
    with time_machine.travel(NOON + timedelta(days=7)):
        body = client.get(reverse("opencity_issues:cabinet", args=[town.roads.slug])).content.decode()
    assert "cabinet-absence" not in body


def test_deputising_changes_no_rights(town, oksana, petro):
    before = [Roles.of(one.user).organisations for one in (oksana, petro)]
    be_absent(oksana, since=TODAY, deputy=petro, actor=petro.user)
    assert [Roles.of(one.user).organisations for one in (oksana, petro)] == before
    issue = town.issue()
    town.move(issue, "T2", oksana.user, town.roads)
    assert IssuePage.objects.get(pk=issue.pk).status == "accepted"


def test_the_page_costs_few_queries(client, town, oksana, django_assert_max_num_queries):
    for number in range(30):
        town.join(town.roads, person(f"worker{number}@city.example"))
    client.force_login(oksana.user)
    for url in (page(town.roads), reverse("opencity_issues:members", args=[town.roads.slug])):
        with django_assert_max_num_queries(20):
            assert client.get(url).status_code == 200
