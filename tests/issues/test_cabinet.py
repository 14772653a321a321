"""The cabinet as its members meet it: who comes in, what waits, what is shown, at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute, message_organisation, moderate_issue, route_issue, work_on_assignment
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.enums import EventKind, Publication
from opencity_issues.models import Category, Event, IssuePage, Membership, Notice, Responsibility
from opencity_issues.queries.desk.queues import counts, queues_of, sorted_by
from tests.factories import person

pytestmark = pytest.mark.django_db


def desk_of(organisation, **query):
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query or None)


def in_queue(organisation, name, now=None):
    now = now or timezone.now()
    queue = next(one for one in queues_of(organisation) if one.name == name)
    issues = sorted_by(queue.found(organisation, now), queue, organisation)
    assert counts(organisation, [queue], now) == {name: len(issues)}
    return [issue.number for issue in issues]


# Who comes in.


def test_anonymous_is_sent_to_sign_in_and_back(town, client):
    answer = client.get(desk_of(town.roads, queue="new"))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/organisations/roads/cabinet/%3Fqueue%3Dnew")


@pytest.mark.parametrize("who", ["author", "lighting_worker", "controller", "moderator"])
def test_who_is_not_a_member_is_told_kindly(town, client, who):
    client.force_login(getattr(town, who))
    answer = client.get(desk_of(town.roads))
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "no-store, private"
    assert reverse("opencity_issues:organisation", args=["roads"]) in answer.content.decode()


def test_the_operator_is_no_member(town, client):
    client.force_login(person("operator@city.example", is_superuser=True))
    assert client.get(desk_of(town.control)).status_code == 403


def test_a_former_member_is_out(town, client):
    Membership.objects.filter(user=town.roads_worker).update(left_at=timezone.now())
    client.force_login(town.roads_worker)
    assert client.get(desk_of(town.roads)).status_code == 403


def test_an_unknown_organisation_is_not_found(town, client):
    client.force_login(town.roads_worker)
    assert client.get(reverse("opencity_issues:cabinet", args=["nowhere"])).status_code == 404


def test_no_cache_keeps_the_cabinet(town, client):
    client.force_login(town.roads_worker)
    assert client.get(desk_of(town.roads))["Cache-Control"] == "no-store, private"


def test_a_person_of_two_organisations_can_switch(town, client):
    town.join(town.lighting, town.roads_worker)
    client.force_login(town.roads_worker)
    assert desk_of(town.lighting) in client.get(desk_of(town.roads)).content.decode()
    assert client.get(desk_of(town.lighting)).status_code == 200


def test_one_cabinet_shows_all_functions(town, client):
    town.roads.is_control_body = town.roads.is_moderator = True
    town.roads.save()
    names = [queue.name for queue in queues_of(town.roads)]
    assert {"new", "unrouted", "held"} <= set(names)
    assert len(names) == len(set(names))
    client.force_login(town.roads_worker)
    issue = town.issue(now=timezone.now())
    assert client.get(desk_of(town.roads, queue="all", issue=issue.number)).status_code == 200


# What waits.


def test_the_queues_of_a_responsible_worker(town):
    now = timezone.now()
    new, accepted, late = (town.issue(now=moment) for moment in (now, now, now - timedelta(days=20)))
    assert set(in_queue(town.roads, "new")) == {new.number, accepted.number, late.number}
    town.accept(accepted, town.roads, now)
    assert in_queue(town.roads, "in-work") == [accepted.number]
    assert in_queue(town.roads, "overdue") == [late.number]
    assert in_queue(town.roads, "to-accept") == [late.number, new.number]
    work_on_assignment.mark_seen(new, actor=town.roads_worker, organisation=town.roads)
    assert in_queue(town.roads, "new") == [late.number]
    work_on_assignment.ask_author(accepted, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    assert in_queue(town.roads, "asked") == [accepted.number]
    contribute.reply(accepted, "Біля школи", actor=town.author)
    assert in_queue(town.roads, "asked") == []
    town.finish(accepted, town.roads, now)
    assert in_queue(town.roads, "done") == [accepted.number]
    town.move(accepted, "T14", town.author, now=now)
    assert in_queue(town.roads, "reopened") == [accepted.number]
    assert in_queue(town.lighting, "new") == []


def test_the_queues_of_the_control_body(town):
    now = timezone.now()
    lost = town.issue(categories=["8"], now=now)
    returned = town.issue(now=now)
    late = town.issue(now=now - timedelta(days=20))
    work_on_assignment.return_assignment(returned, "Не наше", actor=town.roads_worker, organisation=town.roads)
    message_organisation.repeat_message(late, town.roads, "Прийміть", actor=town.moderator, organisation=town.ngo)
    assert in_queue(town.control, "unrouted") == [lost.number]
    assert in_queue(town.control, "returned") == [returned.number]
    assert in_queue(town.control, "overdue-anywhere") == [late.number]
    assert in_queue(town.control, "repeated") == [late.number]
    route_issue.assign(returned, town.housing, actor=town.controller, organisation=town.control)
    assert in_queue(town.control, "returned") == []
    Notice.objects.filter(issue=late).update(failed_at=now)
    assert in_queue(town.control, "bounced") == [late.number]
    assert set(in_queue(town.control, "all")) == {lost.number, returned.number, late.number}


def test_rework_reported_done_waits_for_control_and_moderator_not_for_an_addressee(town):
    now = timezone.now()
    issue = town.close(town.issue(now=now), now)
    town.move(issue, "T14", town.author, now=now)
    work_on_assignment.report_rework_done(issue, "Перероблено", actor=town.roads_worker, organisation=town.roads)
    assert in_queue(town.control, "reworked") == in_queue(town.ngo, "reworked") == [issue.number]
    assert in_queue(town.control, "unrouted") == in_queue(town.control, "returned") == []


def test_the_queues_of_the_moderator(town):
    now = timezone.now()
    closed, down = town.close(town.issue(now=now), now), town.issue(now=now)
    moderate_issue.take_down(down, ground="terms", reason="", actor=town.moderator, organisation=town.ngo)
    flag = contribute.flag_unsolved(closed, "Яма на місці", actor=town.neighbour)
    said = contribute.comment(closed, "Грубі слова", actor=town.neighbour)
    moderate_issue.hide(said, reason="образа", actor=town.moderator, organisation=town.ngo)
    config = town.city.config
    config.hold_everything = True
    config.save()
    held = town.issue(now=now)
    assert in_queue(town.ngo, "held") == [held.number]
    assert (
        in_queue(town.ngo, "flagged") == in_queue(town.ngo, "closed") == in_queue(town.ngo, "hidden") == [closed.number]
    )
    assert in_queue(town.ngo, "taken-down") == [down.number]
    moderate_issue.handle_flag(flag, actor=town.moderator, organisation=town.ngo)
    assert in_queue(town.ngo, "flagged") == []


def test_an_empty_queue_says_that_all_is_done(town, client):
    client.force_login(town.roads_worker)
    answer = client.get(desk_of(town.roads, queue="new"), headers={"accept-language": "en"})
    assert "state--good" in answer.content.decode()


# What is shown.


def test_the_issue_with_its_author_terms_and_lawful_deeds(town, client):
    issue = town.issue(now=timezone.now())
    client.force_login(town.roads_worker)
    page = client.get(desk_of(town.roads, queue="new", issue=issue.number)).content.decode()
    assert issue.title in page
    assert "Ганна Авторка" in page
    assert town.author.email not in page
    assert "do=T2#deed" in page
    assert "4.3" in page
    for other in ("T5", "T6", "assign", "take-down", "hide"):
        assert f"do={other}" not in page


def test_the_control_body_is_shown_what_did_not_arrive(town, client):
    issue = town.issue(now=timezone.now())
    Notice.objects.filter(issue=issue, organisation=town.roads).update(
        failed_at=timezone.now(), last_error="SMTPRecipientsRefused: 550"
    )
    client.force_login(town.controller)
    page = client.get(desk_of(town.control, queue="bounced", issue=issue.number)).content.decode()
    assert "SMTPRecipientsRefused: 550" in page


@pytest.mark.parametrize("number", [0, 999_999, "x", "9" * 30])
def test_an_issue_that_is_not_there_is_told_so(town, client, number):
    client.force_login(town.roads_worker)
    assert client.get(desk_of(town.roads, issue=number)).status_code in (200, 404)


def test_others_issues_are_not_on_the_desk(town, client):
    issue = town.issue(categories=["2.2"], now=timezone.now())
    client.force_login(town.roads_worker)
    answer = client.get(desk_of(town.roads, queue="new", issue=issue.number))
    assert answer.status_code == 404
    assert "Ганна Авторка" not in answer.content.decode()


def test_only_the_moderator_sees_what_is_not_published(town, client):
    issue = town.issue(now=timezone.now())
    moderate_issue.take_down(issue, ground="terms", reason="", actor=town.moderator, organisation=town.ngo)
    for organisation, member, status in (
        (town.roads, town.roads_worker, 404),
        (town.control, town.controller, 404),
        (town.ngo, town.moderator, 200),
    ):
        client.force_login(member)
        assert client.get(desk_of(organisation, issue=issue.number)).status_code == status


def test_filters_narrow_and_keep_their_values(town, client):
    now = timezone.now()
    pit, lamp = town.issue(now=now, title="Яма"), town.issue(now=now, title="Розбитий бордюр", address="вул. Садова")
    client.force_login(town.roads_worker)

    def found(**query):
        answer = client.get(desk_of(town.roads, queue="new", **query))
        return [row.number for row, _url in answer.context["rows"]]

    assert found(text="садова") == [lamp.number]
    assert found(text=f"№{pit.number}") == [pit.number]
    assert found(text="%") == []
    assert found(status="closed") == []
    assert found(category="3") == [pit.number, lamp.number]
    assert found(category="2") == []
    assert found(category="nonsense", status="nonsense", page="-7") == [pit.number, lamp.number]


def test_rows_come_in_pages(town, client):
    now = timezone.now()
    for _number in range(27):
        town.issue(now=now, author=person(f"p{_number}@people.example"))
    client.force_login(town.roads_worker)
    assert len(client.get(desk_of(town.roads, queue="new")).context["rows"]) == 25
    assert len(client.get(desk_of(town.roads, queue="new", page=2)).context["rows"]) == 2


def test_what_people_wrote_is_escaped(town, client):
    hostile = "<script>alert(1)</script>"
    issue = town.issue(now=timezone.now(), title=hostile, description=hostile, address=hostile)
    contribute.comment(issue, hostile, actor=town.neighbour)
    client.force_login(town.roads_worker)
    assert hostile not in client.get(desk_of(town.roads, queue="new", issue=issue.number)).content.decode()


# What it costs.


@pytest.mark.parametrize("who", ["roads", "control", "ngo"])
def test_a_cabinet_costs_the_same_with_1_and_30_rows(town, client, who):
    now = timezone.now()
    organisation = getattr(town, who)
    Responsibility.objects.get_or_create(category=Category.objects.get(code="3"), organisation=town.lighting)
    client.force_login(town.worker_of(organisation))
    queue = "new" if who == "roads" else "all"

    def cost(number):
        address = desk_of(organisation, queue=queue, issue=number)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    first = town.issue(now=now)
    contribute.comment(first, "Так", actor=town.neighbour)
    with_one = cost(first.number)
    for number in range(29):
        issue = town.issue(now=now, author=person(f"p{number}@people.example"))
        contribute.comment(first, "І в нас", actor=town.neighbour)
        if number % 3:
            town.accept(issue, town.lighting, now)
    assert cost(first.number) == with_one
    assert with_one <= 20


def test_looking_changes_nothing(town, client):
    now = timezone.now()
    issue = town.issue(now=now)
    before = list(IssuePage.objects.values()), list(Event.objects.values_list("pk"))
    for organisation in (town.roads, town.control, town.ngo):
        client.force_login(town.worker_of(organisation))
        for queue in queues_of(organisation):
            client.get(desk_of(organisation, queue=queue.name, issue=issue.number))
        for deed in ("seen", "T2", "inform-head", "assign", "take-down", "publish", "hide", "unblock"):
            client.get(desk_of(organisation, issue=issue.number, do=deed, part="words-1"))
    assert (list(IssuePage.objects.values()), list(Event.objects.values_list("pk"))) == before
    assert not issue.assignments.exclude(seen_at=None).exists()


def test_publication_of_a_held_issue_shows_it_to_its_organisations(town, client):
    config = town.city.config
    config.hold_everything = True
    config.save()
    issue = town.issue(now=timezone.now())
    client.force_login(town.moderator)
    client.post(desk_of(town.ngo, queue="held", issue=issue.number, do="publish"))
    issue.refresh_from_db()
    assert issue.publication == Publication.PUBLISHED
    assert in_queue(town.roads, "new") == [issue.number]
    assert issue.events.filter(kind=EventKind.ROUTED).exists()


# What to do first.


def main_deed(client, user, organisation, issue):
    client.force_login(user)
    deeds = client.get(desk_of(organisation, issue=issue.number)).context["deeds"]
    return next((one["deed"].name for one in deeds if one["is_main"]), "")


def test_the_main_button_is_what_the_issue_waits_for(town, client):
    now = timezone.now()
    town.city.config.automatic_messages = False
    town.city.config.save()
    nobodys = town.issue(categories=["8"], now=now)
    late = town.issue(now=now - timedelta(days=9))
    fresh = town.issue(now=now)
    record_missed(now)
    assert main_deed(client, town.controller, town.control, nobodys) == "assign"
    assert main_deed(client, town.controller, town.control, late) == "warn"
    assert main_deed(client, town.controller, town.control, fresh) == ""
    assert main_deed(client, town.moderator, town.ngo, late) == "repeat"
    message_organisation.send_warning(
        late, town.roads, "Прийміть.", actor=town.controller, organisation=town.control, now=now
    )
    message_organisation.repeat_message(
        late, town.roads, "Прийміть.", actor=town.moderator, organisation=town.ngo, now=now
    )
    assert main_deed(client, town.controller, town.control, late) == "T4"
    assert main_deed(client, town.moderator, town.ngo, late) == ""


def test_why_it_came_back_is_read_before_the_next_addressee_is_chosen(town, client):
    issue = town.issue()
    work_on_assignment.return_assignment(
        issue, "Сходи на балансі ОСББ.", actor=town.roads_worker, organisation=town.roads
    )
    assert main_deed(client, town.controller, town.control, issue) == "assign"
    page = client.get(desk_of(town.control, issue=issue.number)).content.decode()
    assert "Сходи на балансі ОСББ." in page.partition("cabinet-parts")[2].partition("</ul>")[0]
