"""The list of visits: who is on it, in which order one walks, and the desk's reasons for holding an issue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute
from opencity_issues.actions.check_issue import check_issue
from opencity_issues.actions.correct_issue import Changes, correct_own
from opencity_issues.actions.moderate_issue import refuse
from opencity_issues.enums import Publication
from opencity_issues.models import Contribution, District, IssuePage
from opencity_issues.queries.card.why_held import marked, why_held
from opencity_issues.queries.desk.moderation_sets import to_check
from opencity_issues.queries.desk.visits import AT_ONCE, walk
from tests.factories import NOON, PLACE

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
METRE = 1 / 111_320


def at(metres):
    return PLACE[0], PLACE[1] + metres * METRE


def closed_at(town, metres, now=NOON):
    return town.close(town.issue(location=at(metres), now=now), now)


def numbers(found):
    return [stop.issue.number for stop in found.stops]


def check(town, issue, outcome, now):
    return check_issue(issue, outcome, "Оглянули.", actor=town.moderator, organisation=town.ngo, now=now)


def test_on_the_list_is_what_is_solved_and_not_looked_at(town):
    open_one = town.issue()
    closed, looked, unclear = (closed_at(town, metres) for metres in (0, 10, 20))
    check(town, looked, "solved", NOON + DAY)
    check(town, unclear, "unclear", NOON + DAY)
    found = walk(town.ngo, NOON + 2 * DAY, start=PLACE)
    assert set(numbers(found)) == {closed.number, unclear.number}
    assert open_one.number not in numbers(found)
    assert [stop.unclear for stop in found.stops if stop.issue.pk == unclear.pk] == [True]


def test_an_archived_one_stays_on_it_while_its_author_may_return_it(town):
    issue = town.archive(town.issue())
    assert to_check(town.ngo, NOON + 35 * DAY).get().pk == issue.pk
    assert not to_check(town.ngo, NOON + 45 * DAY).exists()


def test_closed_again_it_is_looked_at_again(town):
    issue = closed_at(town, 0)
    check(town, issue, "not_solved", NOON + DAY)
    assert not to_check(town.ngo, NOON + DAY).exists()
    issue = town.accept(IssuePage.objects.get(pk=issue.pk), town.roads, NOON + 2 * DAY)
    town.move(issue, "T7", town.moderator, town.ngo, NOON + 3 * DAY) if not issue.again else None
    issue = town.move(issue, "T6", town.controller, town.control, NOON + 3 * DAY)
    assert to_check(town.ngo, NOON + 4 * DAY).get().pk == issue.pk


def test_one_walks_to_the_nearest_that_is_left_the_flagged_first(town):
    far, near, middle, flagged = (closed_at(town, metres) for metres in (900, 100, 400, 700))
    contribute.flag_unsolved(flagged, "Ні", actor=town.neighbour, now=NOON + DAY)
    found = walk(town.ngo, NOON + DAY, start=PLACE)
    assert numbers(found) == [one.number for one in (flagged, far, middle, near)]
    assert [stop.number for stop in found.stops] == [1, 2, 3, 4]
    assert [stop.metres for stop in found.stops] == [pytest.approx(m, abs=2) for m in (700, 200, 500, 300)]
    assert found.metres == pytest.approx(1700, abs=5)


def test_without_a_place_it_stands_apart(town):
    issue = town.close(town.issue(location=None, address="Десь біля школи"))
    found = walk(town.ngo, NOON + DAY, start=PLACE)
    assert found.stops == []
    assert [stop.issue.pk for stop in found.placeless] == [issue.pk]


def test_a_stop_shows_the_last_answer(town):
    issue = closed_at(town, 0)
    stop = walk(town.ngo, NOON + DAY, start=PLACE).stops[0]
    assert (stop.issue.pk, stop.answer.text, stop.answer.organisation) == (issue.pk, "Зроблено.", town.roads)


def test_a_district_has_a_walk_of_its_own(town):
    west, east = PLACE[0] - 0.01, PLACE[0] + 0.01
    south, north = PLACE[1] - 0.01, PLACE[1] + 0.002
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    district = District.objects.create(
        city=town.city, name_uk="Південний", outline={"type": "Polygon", "coordinates": [ring]}
    )
    inside, outside = closed_at(town, 100), closed_at(town, 900)
    found = walk(town.ngo, NOON + DAY, start=PLACE, district=district)
    assert numbers(found) == [inside.number]
    assert set(numbers(walk(town.ngo, NOON + DAY, start=PLACE))) == {inside.number, outside.number}


# --- the room ----------------------------------------------------------------------------------------------------------


def room(organisation):
    return reverse("opencity_issues:visits", args=[organisation.slug])


def test_the_room_begins_where_one_stands(town, client):
    now = timezone.now()
    near, far = closed_at(town, 0, now), closed_at(town, 800, now)
    client.force_login(town.moderator)
    page = client.get(room(town.ngo), {"lng": at(850)[0], "lat": at(850)[1]}).content.decode()
    assert page.index(f"№ {far.number}") < page.index(f"№ {near.number}")
    page = client.get(room(town.ngo), {"lng": "nan", "lat": "x", "district": "77"}).content.decode()
    assert f"№ {near.number}" in page
    assert client.get(room(town.ngo), {"lng": "2.35", "lat": "48.85"}).status_code == 200


def test_the_room_is_the_moderators_alone(town, client):
    assert client.get(room(town.ngo)).status_code == 302
    for member, organisation in (
        (town.author, town.ngo),
        (town.roads_worker, town.roads),
        (town.controller, town.control),
    ):
        client.force_login(member)
        assert client.get(room(organisation)).status_code == 403
    client.force_login(town.moderator)
    assert client.post(room(town.ngo)).status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_the_room_costs_the_same_however_many_wait(town, client, rows, settings, django_assert_max_num_queries):
    settings.OPENCITY_FLOOD_PER_HOUR = settings.OPENCITY_FLOOD_PER_DAY = 100
    now = timezone.now()
    for step in range(rows):
        closed_at(town, step * 20, now)
    client.force_login(town.moderator)
    with django_assert_max_num_queries(20):
        page = client.get(room(town.ngo)).content.decode()
    assert page.count('<article class="visit') == min(rows, AT_ONCE)


# --- why an issue is held ----------------------------------------------------------------------------------------------


def opened(issue):
    issue = IssuePage.objects.select_related("city__city_settings").get(pk=issue.pk)
    return why_held(issue, list(issue.events.order_by("sequence")))


def test_a_published_issue_is_not_held(town):
    assert opened(town.issue()) is None


def test_a_stop_word_is_named_and_marked_where_it_stands(town):
    issue = town.issue(description="Цей ідіот знову все розкопав")
    assert issue.publication == Publication.HELD
    why = opened(issue)
    assert why.words == ["ідіот*"]
    assert [piece.text for piece in why.description if piece.marked] == ["ідіот"]
    assert "".join(piece.text for piece in why.description) == issue.description
    assert not any(piece.marked for piece in why.title)


def test_each_reason_has_its_words(town, settings):
    config = town.city.config
    config.hold_everything = True
    config.save()
    everything = opened(town.issue())
    config.hold_everything = False
    config.save()
    settings.OPENCITY_FLOOD_PER_HOUR = 1
    flood = opened(town.issue())
    assert len({everything.sentence, flood.sentence, ""}) == 3
    assert everything.words == flood.words == []


def test_what_is_sent_again_names_the_ground_it_was_refused_for(town):
    issue = town.issue(description="Цей ідіот знову все розкопав")
    issue = refuse(issue, ground="obscene", reason="Без образ.", actor=town.moderator, organisation=town.ngo, now=NOON)
    present = Changes.of(issue)
    changes = Changes(present.title, "Знову все розкопано", present.categories, present.location, present.address)
    why = opened(correct_own(issue, changes, actor=town.author, now=NOON + DAY))
    assert why.ground
    assert why.ground in why.sentence
    assert why.words == []


def test_marking_keeps_every_sign_of_the_text():
    text = "  Перший\n\nрядок, і другий  "
    assert "".join(piece.text for piece in marked(text, ["другий"])) == text
    assert [piece.text for piece in marked(text, ["другий"]) if piece.marked] == ["другий"]


def test_the_next_held_one_opens_by_itself(town, client):
    now = timezone.now()
    first, second, third = (town.issue(description=f"Цей ідіот № {n}", now=now) for n in range(3))
    client.force_login(town.moderator)
    desk = reverse("opencity_issues:cabinet", args=["ngo"])
    answer = client.post(f"{desk}?queue=held&issue={second.number}&do=publish")
    assert f"issue={third.number}" in answer["Location"]
    answer = client.post(f"{desk}?queue=held&issue={third.number}&do=refuse", {"ground": "obscene", "reason": ""})
    assert f"issue={first.number}" in answer["Location"]
    third = IssuePage.objects.get(pk=third.pk)
    assert third.refusal_reason.startswith("The message has") or third.refusal_reason
    answer = client.post(f"{desk}?queue=held&issue={first.number}&do=publish")
    assert "issue=" not in answer["Location"]
    page = client.get(answer["Location"])
    assert page.status_code == 200


def test_the_desk_says_why_and_offers_ready_words(town, client):
    issue = town.issue(description="Цей ідіот знову все розкопав", now=timezone.now())
    client.force_login(town.moderator)
    desk = reverse("opencity_issues:cabinet", args=["ngo"])
    page = client.get(desk, {"issue": issue.number, "do": "refuse"}).content.decode()
    assert "<mark>ідіот</mark>" in page
    assert "data-ready=" in page
    assert Contribution.objects.count() == 0
