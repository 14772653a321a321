"""Letters to followers: once a person and event, at the time each has chosen, nothing that is not public, and the way out."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opencity_issues.actions import contribute
from opencity_issues.actions.follow import Place, change_following, follow, stop_following
from opencity_issues.actions.letters import tell_followers as telling
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.letters.stop_link import read_stop_token, stop_token
from opencity_issues.actions.letters.tell_followers import tell_followers
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.actions.work_on_assignment import Answer, give_answer
from opencity_issues.enums import EventKind, LetterChoice
from opencity_issues.models import Category, Follow, Notice, Untold
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.procedure.letters.letters_to_followers import TO_FOLLOWERS
from opencity_issues.queries.card.timeline import NOT_PUBLIC_EVENTS
from opencity_issues.queries.circle import Circle
from tests.factories import NOON, PLACE, Town, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAILY, WEEKLY = LetterChoice.DAILY, LetterChoice.WEEKLY
NEIGHBOUR = "neighbour@people.example"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def told(town: Town, user: Any = None) -> list[str]:
    tell_followers()
    found = Notice.objects.filter(user=user or town.neighbour, follow__isnull=False)
    return list(found.order_by("pk").values_list("template", flat=True))


def letters(address: str = NEIGHBOUR) -> list[Any]:
    tell_followers()
    send_waiting()
    return [one for one in mail.outbox if one.to == [address]]


def test_the_table_tells_nothing_that_is_not_public() -> None:
    assert {letter.kind for letter in TO_FOLLOWERS} & set(NOT_PUBLIC_EVENTS) == set()
    private = {
        EventKind.NOTE,
        EventKind.WARNING,
        EventKind.REPEATED,
        EventKind.COMPLAINT,
        EventKind.FLAG,
        EventKind.HELD,
    }
    assert {letter.kind for letter in TO_FOLLOWERS} & private == set()
    assert "note" not in PUBLIC_KINDS


def test_the_life_of_an_issue_is_told_to_who_follows_it(town: Town, clock: Any) -> None:
    issue = town.issue()
    tell_followers()
    follow(town.city, issue, actor=town.neighbour)
    issue = town.accept(issue, town.roads)
    give_answer(issue, Answer("Буде в четвер."), actor=town.roads_worker, organisation=town.roads, now=NOON)
    contribute.comment(issue, "Чекаємо.", actor=town.author, now=NOON)
    issue = town.finish(issue, town.roads)
    town.move(issue, "T14", town.author)
    assert told(town) == ["f_accepted", "f_answer", "f_closed", "f_reopened"]
    assert not Untold.objects.exists()


@pytest.mark.parametrize("what", ["category", "branch", "organisation", "place"])
def test_a_new_issue_and_its_end_are_told_to_who_follows_more(town: Town, clock: Any, what: str) -> None:
    thing = {
        "category": lambda: Category.objects.get(code="3.8"),
        "branch": lambda: Category.objects.get(code="3"),
        "organisation": lambda: town.roads,
        "place": lambda: Place("Дім", Circle(PLACE[0] + 0.003, PLACE[1], 300)),
    }[what]()
    follow(town.city, thing, actor=town.neighbour)
    town.close(town.issue())
    town.issue(categories=["2.2"], location=(PLACE[0] + 0.02, PLACE[1]))
    assert told(town) == ["f_published", "f_closed"]


def test_a_place_a_step_beyond_the_circle_is_not_told(town: Town, clock: Any) -> None:
    # 0.003° of longitude are about 209 m here.
    follow(town.city, Place("Дім", Circle(PLACE[0] + 0.003, PLACE[1], 205)), actor=town.neighbour)
    town.issue()
    town.issue(location=None)
    assert told(town) == []


def test_one_letter_a_person_and_event_however_many_ways_it_is_followed(town: Town, clock: Any) -> None:
    for thing in (Category.objects.get(code="3"), Category.objects.get(code="3.8"), town.roads):
        follow(town.city, thing, WEEKLY, actor=town.neighbour)
    soonest = follow(town.city, Place("Дім", Circle(*PLACE, 500)), DAILY, actor=town.neighbour)
    town.issue()
    assert told(town) == ["f_published"]
    assert Notice.objects.get(user=town.neighbour).follow == soonest
    assert told(town) == ["f_published"]


def test_who_did_it_and_who_is_told_anyway_gets_no_second_letter(town: Town, clock: Any) -> None:
    for who in (town.author, town.roads_worker):
        follow(town.city, town.roads, actor=who)
    town.close(town.issue())
    assert told(town, town.author) == []
    assert told(town, town.roads_worker) == ["f_published"]


def test_who_follows_later_is_not_told_of_before(town: Town, clock: Any) -> None:
    town.issue()
    clock.shift(60)
    follow(town.city, town.roads, actor=town.neighbour)
    assert told(town) == []


def test_what_was_taken_down_tells_nothing(town: Town, clock: Any) -> None:
    follow(town.city, town.roads, DAILY, actor=town.neighbour)
    first, second = town.issue(), town.issue(author=person("other@people.example"))
    tell_followers()
    for issue in (first, second):
        take_down(issue, ground="terms", reason="Умови", actor=town.moderator, organisation=town.ngo)
    town.issue(title="Бордюр", author=person("third@people.example"))
    clock.shift(DAY)
    (letter,) = letters()
    assert "Бордюр" in letter.body
    assert first.title not in letter.body


def test_daily_readers_get_one_letter_with_all_they_follow_and_their_own(town: Town, clock: Any) -> None:
    own = town.issue(author=town.neighbour, title="Моя яма")
    town.neighbour.opencity_citizen.letters = DAILY
    town.neighbour.opencity_citizen.save()
    follow(town.city, town.roads, DAILY, actor=town.neighbour)
    town.issue(title="Чужа яма")
    town.accept(own, town.roads)
    assert [one for one in letters() if "Чужа" in one.body] == []
    mail.outbox.clear()
    clock.shift(DAY)
    (letter,) = letters()
    assert letter.body.index("Моя яма") < letter.body.index("Чужа яма")
    assert "Дорожня служба" in letter.body.split("-- ")[1]


def test_another_timing_moves_what_waits(town: Town, clock: Any) -> None:
    own = follow(town.city, town.roads, WEEKLY, actor=town.neighbour)
    town.issue()
    assert letters() == []
    change_following(own, LetterChoice.AT_ONCE, actor=town.neighbour)
    assert len(letters()) == 1


def test_what_is_ended_is_not_sent_any_more(town: Town, clock: Any) -> None:
    own = follow(town.city, town.roads, DAILY, actor=town.neighbour)
    town.issue()
    tell_followers()
    stop_following(own, actor=town.neighbour)
    clock.shift(DAY)
    assert letters() == []
    assert not Notice.objects.bounced().exists()


def test_in_a_storm_the_rest_waits_for_the_day(town: Town, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(telling, "LETTERS_AN_HOUR", 2)
    follow(town.city, town.roads, actor=town.neighbour)
    for number in range(5):
        town.issue(author=person(f"{number}@people.example"))
    assert len(letters()) == 2
    clock.shift(DAY)
    assert len(letters()) == 3


@pytest.mark.parametrize("events", [1, 6])
def test_many_followers_cost_no_more_statements_than_one(town: Town, clock: Any, events: int) -> None:
    def cost(followers: int) -> int:
        for number in range(followers):
            user = person(f"{followers}-{number}@people.example", terms=False)
            Follow.objects.create(city=town.city, user=user, category=Category.objects.get(code="3"), created_at=NOON)
        for _number in range(events):
            town.issue(author=person(f"a{Notice.objects.count()}@people.example"))
        with CaptureQueriesContext(connection) as captured:
            assert tell_followers() >= followers * events
        return len(captured)

    few = cost(1)
    # The rows themselves go in packets of some dozens, as many as the database takes in one statement.
    assert cost(40) - few <= 40 * events / 20
    assert few <= 25


def test_a_deed_writes_one_row_however_many_follow(town: Town, clock: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            town.issue()
        return len(captured)

    alone = cost()
    for number in range(30):
        follow(town.city, town.roads, actor=person(f"{number}@people.example"))
    assert cost() == alone


def test_followers_of_a_duplicate_are_told_where_it_went_on(town: Town, clock: Any) -> None:
    main, duplicate = town.issue(), town.issue(author=person("other@people.example"))
    tell_followers()
    follow(town.city, duplicate, actor=town.neighbour)
    merge(duplicate, main, actor=town.moderator, organisation=town.ngo, now=NOON)
    (letter,) = letters()
    assert main.title in letter.subject
    assert f"/issues/{main.number}/" in letter.body


def test_a_followers_letter_names_no_author_and_no_private_word(town: Town, clock: Any) -> None:
    follow(town.city, town.roads, actor=town.neighbour)
    town.issue()
    (letter,) = letters()
    whole = letter.body + str(letter.alternatives[0])
    assert town.author.last_name not in whole
    assert town.author.email not in whole


# --- the way out ------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(town: Town, clock: Any) -> str:
    """The address in a letter about two things that the neighbour follows."""
    follow(town.city, town.roads, DAILY, actor=town.neighbour)
    follow(town.city, Category.objects.get(code="2.2"), DAILY, actor=town.neighbour)
    town.issue()
    town.issue(categories=["2.2"], author=person("other@people.example"))
    clock.shift(DAY)
    headers = letters()[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost(/follows/[^>]+/)>", headers["List-Unsubscribe"])
    assert found is not None
    return found[1]


def test_a_visit_only_asks(town: Town, link: str, client: Client) -> None:
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert NEIGHBOUR not in answer.content.decode()
    assert Follow.objects.count() == 2


def test_one_click_ends_what_the_letter_told_of(town: Town, link: str) -> None:
    other = follow(town.city, town.housing, actor=town.neighbour)
    strict = Client(enforce_csrf_checks=True)
    for _again in range(2):
        assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert list(Follow.objects.all()) == [other]
    assert strict.get(link).status_code == 200


def test_the_page_stops_or_changes(town: Town, link: str, client: Client) -> None:
    roads, light = Follow.objects.order_by("pk")
    client.post(link, {"do": "change", f"follow-{roads.pk}": "weekly", f"follow-{light.pk}": "none"})
    roads.refresh_from_db()
    assert (roads.how, Follow.objects.count()) == (WEEKLY, 1)
    assert client.post(link, {"do": "change", f"follow-{roads.pk}": "hourly"}).status_code == 400
    assert client.post(link, {"do": "nonsense"}).status_code == 200
    assert Follow.objects.count() == 1
    client.post(link, {"do": "stop"})
    assert not Follow.objects.exists()


def test_a_link_is_its_readers_alone_and_cannot_be_made_up(town: Town, link: str, client: Client) -> None:
    own = Follow.objects.first()
    assert own is not None
    client.post(f"/follows/{stop_token(town.author.pk, [own.pk])}/", {"do": "stop"})
    assert Follow.objects.count() == 2
    good = stop_token(town.neighbour.pk, [own.pk])
    payload, _dot, signature = good.rpartition(".")
    for made_up in (f"{payload}.", f"{payload}1.{signature}", "1-0-2", "x"):
        assert read_stop_token(made_up) is None
        assert client.get(f"/follows/{made_up}/").status_code == 404
