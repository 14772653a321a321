"""What needs somebody now, in order of urgency, and the reason that each row gives."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from opencity_issues.actions import contribute, moderate_issue, work_on_assignment
from opencity_issues.enums import Publication
from opencity_issues.models import Assignment, Category, Deadline, IssuePage, Notice, Responsibility
from opencity_issues.queries.desk import calls as desk_calls
from opencity_issues.queries.desk.calls import called
from opencity_issues.queries.desk.desk import desk
from opencity_issues.queries.desk.narrowing import DeskFilter
from opencity_issues.queries.desk.queues import QUEUES, Function, calling, queues_of
from opencity_issues.queries.desk.reasons import RULES
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def rows(own, queue, now, **narrowed):
    return desk(own, queue, DeskFilter(**narrowed), 1, None, now).rows


def why(organisation, queue, now):
    """The reasons of each row by its number."""
    return {row.number: [reason.text for reason in row.reasons] for row in rows(organisation, queue, now)}


def test_the_desk_of_the_control_body_opens_with_what_needs_it_now(town, now):
    assert queues_of(town.control)[0].name == "now"
    late = town.issue(now=now - timedelta(days=20))
    assert desk(town.control, "", DeskFilter(), 1, None, now).queue.name == "now"
    assert desk(town.control, "nonsense", DeskFilter(), 1, None, now).queue.name == "now"
    assert [row.number for row in rows(town.control, "", now)] == [late.number]


def test_the_most_urgent_kind_stands_first_and_in_it_the_oldest(town, now):
    lost = town.issue(categories=["8"], now=now)
    returned = town.issue(now=now)
    work_on_assignment.return_assignment(returned, "Не наше", actor=town.roads_worker, organisation=town.roads)
    bounced = town.issue(now=now)
    Notice.objects.filter(issue=bounced).update(failed_at=now)
    older, newer = town.issue(now=now - timedelta(days=30)), town.issue(now=now - timedelta(days=20))
    calm = town.issue(now=now)
    found = [row.number for row in rows(town.control, "now", now)]
    assert found == [older.number, newer.number, lost.number, returned.number, bounced.number]
    assert calm.number not in found


def test_an_issue_stands_once_where_it_is_most_urgent(town, now):
    late = town.issue(now=now - timedelta(days=20))
    Notice.objects.filter(issue=late).update(failed_at=now)
    shown = desk(town.control, "now", DeskFilter(), 1, None, now)
    assert [row.number for row in shown.rows] == [late.number]
    assert shown.counts["now"] == shown.counts["to-warn"] == shown.counts["bounced"] == 1
    assert [reason.name for reason in shown.rows[0].reasons] == ["to-warn", "bounced"]


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        ("to-warn", "not accepted, the term of cl. 4.3 ran out 1"),
        ("to-warn", "no warning sent yet"),
        ("unrouted", "sent to nobody"),
        ("returned", "returned as not theirs: Дорожня служба, today"),
        ("bounced", "a letter was not delivered"),
        ("repeated", "can be accepted on the repeated message (T4)"),
        ("reworked", "rework done today, time to close"),
        ("silent", "warned 4 days ago"),
        ("promises", "promised by"),
    ],
)
def test_each_queue_of_the_control_body_says_why(town, now, queue, words):
    late = town.issue(now=now - timedelta(days=20))
    if queue == "unrouted":
        town.issue(categories=["8"], now=now)
    if queue == "returned":
        work_on_assignment.return_assignment(late, "Не наше", actor=town.roads_worker, organisation=town.roads)
    if queue == "bounced":
        Notice.objects.filter(issue=late).update(failed_at=now)
    if queue == "repeated":
        IssuePage.objects.filter(pk=late.pk).update(repeated_at=now)
    if queue == "reworked":
        town.move(town.close(late, now), "T14", town.author, now=now)
        work_on_assignment.report_rework_done(late, "Перероблено", actor=town.roads_worker, organisation=town.roads)
    if queue == "silent":
        Deadline.objects.filter(issue=late).update(warned_at=now - timedelta(days=4))
    if queue == "promises":
        town.accept(late, town.roads, now)
        Assignment.objects.filter(issue=late).update(planned_date=(now - timedelta(days=2)).date())
    told = [text for texts in why(town.control, queue, now).values() for text in texts]
    assert any(words in text for text in told), told


def test_a_missed_term_says_whose_it_is_where_several_work(town, now):
    Responsibility.objects.create(category=Category.objects.get(code="3"), organisation=town.lighting)
    issue = town.issue(now=now - timedelta(days=20))
    town.accept(issue, town.roads, now - timedelta(days=19))
    Deadline.objects.filter(issue=issue, clause="4.2").delete()
    assert why(town.control, "to-warn", now)[issue.number][0].startswith("Міськсвітло: not accepted")


def test_the_reason_of_the_queue_one_stands_in_comes_first(town, now):
    late = town.issue(now=now - timedelta(days=20))
    Notice.objects.filter(issue=late).update(failed_at=now)
    first = rows(town.control, "bounced", now)[0].reasons[0]
    assert first.name == "bounced"
    assert not first.late
    assert rows(town.control, "to-warn", now)[0].reasons[0].late


def test_every_queue_of_every_function_gives_each_row_a_reason(town, now):
    new, accepted = town.issue(now=now), town.accept(town.issue(now=now), town.roads, now)
    late = town.issue(now=now - timedelta(days=40))
    closed = town.close(town.issue(now=now), now)
    contribute.flag_unsolved(closed, "Не зроблено", actor=town.neighbour)
    down = town.issue(now=now)
    moderate_issue.take_down(down, ground="terms", reason="", actor=town.moderator, organisation=town.ngo)
    town.archive(town.issue(now=now - timedelta(days=30)), now - timedelta(days=29))
    for organisation in (town.roads, town.control, town.ngo):
        for queue in queues_of(organisation):
            for row in rows(organisation, queue.name, now):
                assert row.reasons
                assert all(reason.text for reason in row.reasons), (queue.name, row.number)
    assert why(town.roads, "new", now)[new.number][0] == "new: nobody has looked yet"
    assert why(town.roads, "in-work", now)[accepted.number][0].startswith("to be answered by")
    assert why(town.ngo, "to-repeat", now)[late.number][0].endswith("no repeated message sent yet")
    assert why(town.ngo, "flagged", now)[closed.number][0] == "residents say: not solved"
    assert why(town.ngo, "taken-down", now)[down.number][0].startswith("taken down")


def test_reasons_of_the_organisation_speak_of_its_own_part(town, now):
    Responsibility.objects.create(category=Category.objects.get(code="3"), organisation=town.lighting)
    issue = town.issue(now=now - timedelta(days=8))
    town.accept(issue, town.roads, now - timedelta(days=8))
    Deadline.objects.filter(issue=issue, clause="4.2").delete()
    assert why(town.roads, "in-work", now)[issue.number][0].startswith("to be answered by")
    assert why(town.lighting, "overdue", now)[issue.number][0].startswith("not accepted")


def test_an_author_who_has_not_replied_is_waited_for(town, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    work_on_assignment.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    assert why(town.roads, "asked", now)[issue.number][0] == "a question waits for the author's reply"


def test_what_is_due_in_two_days_calls_for_its_organisation(town, now):
    issue = town.issue(now=now)
    Deadline.objects.filter(issue=issue, clause="4.3").update(due_at=now + timedelta(days=1))
    assert issue.number in why(town.roads, "due-soon", now)
    assert issue.number in why(town.roads, "now-work", now)


def test_a_warning_takes_an_issue_from_the_queue_of_those_to_warn(town, now):
    late = town.issue(now=now - timedelta(days=20))
    Deadline.objects.filter(issue=late).update(warned_at=now, repeated_at=now)
    assert rows(town.control, "to-warn", now) == rows(town.control, "silent", now) == []
    assert rows(town.ngo, "to-repeat", now) == []
    assert [row.number for row in rows(town.control, "overdue-anywhere", now)] == [late.number]


def test_what_needs_somebody_now_is_narrowed_like_any_queue(town, now):
    roads, lamps = (
        town.issue(now=now - timedelta(days=20)),
        town.issue(categories=["2.2"], now=now - timedelta(days=20)),
    )
    assert {row.number for row in rows(town.control, "now", now)} == {roads.number, lamps.number}
    assert [row.number for row in rows(town.control, "now", now, organisation=town.lighting)] == [lamps.number]


def test_beyond_the_bound_a_desk_counts_no_more(town, now, monkeypatch):
    monkeypatch.setattr(desk_calls, "OF_A_KIND", 2)
    for number in range(3):
        town.issue(now=now - timedelta(days=20), author=person(f"p{number}@people.example"))
    found = called(town.control, Function.CONTROL, DeskFilter(), now)
    assert len(found.keys) == 2
    assert not found.is_whole
    assert found.count([3, 1]) == 4
    assert found.count([1000, 1]) == 1000
    assert desk(town.control, "now", DeskFilter(), 1, None, now).counts["now"] == 3


def test_urgencies_and_reasons_fit_the_table_of_queues():
    for function in Function:
        urgencies = [queue.urgency for queue in calling(function)]
        assert len(urgencies) == len(set(urgencies)), f"two queues of {function} are equally urgent"
        named = {rule.name for rule in RULES if function in rule.functions}
        silent = [queue.name for queue in calling(function) if queue.name not in named]
        assert not silent, f"queues that call for somebody without saying why: {silent}"
    assert {queue.function for queue in QUEUES if queue.set_of is None} == set(Function)


def test_the_unpublished_are_on_the_moderators_desk_alone(town, now):
    config = town.city.config
    config.hold_everything = True
    config.save()
    held = town.issue(now=now)
    assert held.publication == Publication.HELD
    assert why(town.ngo, "now-moderation", now)[held.number][0] == "waits to be published since today"
    assert rows(town.control, "now", now) == rows(town.roads, "now-work", now) == []


@pytest.mark.parametrize("who", ["roads", "control", "ngo"])
def test_what_needs_somebody_now_costs_the_same_at_1_and_40_rows(town, client, now, who):
    organisation = getattr(town, who)
    client.force_login(town.worker_of(organisation))
    address = reverse("opencity_issues:cabinet", args=[organisation.slug])

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    town.issue(now=now - timedelta(days=20))
    one = cost()
    for number in range(39):
        issue = town.issue(now=now - timedelta(days=20), author=person(f"p{number}@people.example"))
        if number % 4 == 0:
            town.accept(issue, town.roads, now - timedelta(days=19))
    assert cost() == one
    assert one <= 17
