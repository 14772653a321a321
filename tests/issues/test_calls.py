"""Issues recorded from a telephone call: who may, that nothing of the caller leaves the control body, and calling back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opencity_issues import conf
from opencity_issues.actions import moderate_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.keep_retention import keep_retention
from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.actions.offer_deeds import offered_deeds
from opencity_issues.actions.record_call import (
    CallerWords,
    record_call,
    remove_caller,
    reply_for_caller,
    tell_caller,
)
from opencity_issues.actions.submit_issue import Report
from opencity_issues.enums import EventKind, Party, Publication, Status, Way
from opencity_issues.models import Caller, Category, Event, IssuePage, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.desk.queues import QUEUES
from opencity_issues.queries.near_issues import near_issues
from opencity_issues.queries.verification import issue_differences
from opencity_issues.rules import Roles
from tests.factories import NOON, PLACE, person

pytestmark = pytest.mark.django_db

NAME, PHONE = "Канарія Телефонна", "+38 (050) 765-43-21"
CANARIES = ("Канарія", "Телефонна", "765-43-21", "380507654321")
CALLER = CallerWords(NAME, PHONE, consents=True)
NOBODY_ELSE = ["author", "neighbour", "anonymous", "operator", "roads_worker", "lighting_worker", "moderator"]


def who(town, name):
    special = {"anonymous": AnonymousUser, "operator": lambda: person("op@people.example", is_superuser=True)}
    return special[name]() if name in special else getattr(town, name)


def calls_of(organisation, name="calls", **query):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug], query=query or None)


def desk_of(organisation, **query):
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query or None)


@pytest.fixture
def by(town):
    return {"actor": town.controller, "organisation": town.control}


@pytest.fixture
def report(town):
    return Report("Яма біля аптеки", "Велика яма.", [Category.objects.get(code="3.8")], PLACE, "вул. Центральна, 3")


@pytest.fixture
def record(town, report, by):
    def do(caller=CALLER, now=NOON, **changes):
        return record_call(town.city, replace(report, **changes), caller, now=now, **by)

    return do


@pytest.mark.parametrize("name", NOBODY_ELSE)
def test_the_control_body_alone_records_tells_and_removes(town, record, report, name):
    actor, organisations = who(town, name), (town.control, town.roads, town.ngo)
    issue = town.close(record())
    for organisation in organisations:
        by = {"actor": actor, "organisation": organisation}
        for deed in (
            lambda by=by: record_call(town.city, report, CALLER, **by),
            lambda by=by: tell_caller(issue, **by),
            lambda by=by: remove_caller(issue, **by),
        ):
            with pytest.raises(NotPermitted):
                deed()
    assert IssuePage.objects.count() == 1
    assert Caller.objects.get().told_at is None


def test_a_call_becomes_an_issue_like_any_other_but_nobodys(town, record):
    issue = record()
    assert issue.author is None
    assert issue.by_phone
    assert issue.is_published
    assert [one.organisation for one in issue.assignments.all()] == [town.roads]
    caller = Caller.objects.get()
    assert (caller.name, caller.phone, caller.consent_at, caller.recorded_by) == (NAME, PHONE, NOON, town.controller)
    assert caller.dialled == "+380507654321"
    submitted = issue.events.first()
    assert (submitted.kind, submitted.party, submitted.organisation) == (
        EventKind.SUBMITTED,
        Party.CONTROL_BODY,
        town.control,
    )
    assert not list(issue_differences())
    assert {one.template for one in Notice.objects.all()} >= {"routed", "new_issue"}
    assert not Notice.objects.filter(user__isnull=False).exists()


def test_the_same_key_records_once(record):
    assert record(key="k1").pk == record(key="k1").pk
    assert IssuePage.objects.count() == 1
    assert Caller.objects.count() == 1


@pytest.mark.parametrize(
    ("caller", "field"),
    [
        (CallerWords("", PHONE, consents=True), "name"),
        (CallerWords("x" * 151, PHONE, consents=True), "name"),
        (CallerWords(NAME, " ", consents=True), "phone"),
        (CallerWords(NAME, "не скажу", consents=True), "phone"),
        (CallerWords(NAME, "1" * 61, consents=True), "phone"),
        (CallerWords(NAME, PHONE, consents=False), "consent"),
    ],
)
def test_without_name_number_and_consent_nothing_is_recorded(record, caller, field):
    with pytest.raises(Missing) as refusal:
        record(caller)
    assert field in refusal.value.fields
    assert not IssuePage.objects.exists()


def test_what_is_reported_is_checked_as_a_citizens_report(record):
    with pytest.raises(Missing) as refusal:
        record(title=" ", categories=[], location=(0.0, 0.0))
    assert set(refusal.value.fields) == {"title", "categories", "location"}
    assert not Caller.objects.exists()


def test_stop_words_hold_a_call_and_many_calls_do_not(town, record):
    town.city.config.stop_words = "негідник*"
    town.city.config.save()
    held = record(description="Якийсь негідник вирив яму")
    assert held.publication == Publication.HELD
    for number in range(conf.get("OPENCITY_FLOOD_PER_HOUR") + 1):
        assert record(title=f"Дзвінок {number}").is_published


# --- nothing of the caller leaves ----------------------------------------------------------------------------------------


def test_nothing_of_the_caller_is_read_anywhere_but_by_the_control_body(town, record, client):
    now = timezone.now()
    issue = town.close(record(now=now - timedelta(days=1)), now)
    tell_caller(issue, actor=town.controller, organisation=town.control, now=now)
    number = issue.number
    public = [
        f"/issues/{number}/",
        f"/issues/{number}/preview/",
        "/issues/",
        "/map/",
        "/map/rows/",
        "/map/data/?bbox=25.8,51.3,25.9,51.4&zoom=16",
        "/issues.geojson",
        "/issues.csv",
        "/issues.rss",
        "/statistics/",
        f"/api/v1/issues/{number}/",
        f"/api/v1/issues/{number}/events/",
        f"/api/v1/issues/{number}/comments/",
        "/api/v1/issues/",
        "/organisations/roads/",
        "/organisations/control/",
        "/",
    ]
    cabinets = {
        "roads_worker": [desk_of(town.roads, issue=number), desk_of(town.roads, queue="done"), calls_of(town.roads)],
        "moderator": [desk_of(town.ngo, issue=number), desk_of(town.ngo, queue="closed"), calls_of(town.ngo)],
        "lighting_worker": [desk_of(town.lighting, issue=number)],
        "author": ["/my/"],
    }
    read = 0
    for name in (None, "author", "neighbour", "roads_worker", "lighting_worker", "moderator"):
        visitor = Client()
        if name:
            visitor.force_login(getattr(town, name))
        for address in public + cabinets.get(name, []):
            answer = visitor.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            page = f"{answer.headers}{body.decode()}"
            assert not [canary for canary in CANARIES if canary in page], (name, address)
            read += answer.status_code == 200
    assert read > 60
    for notice in Notice.objects.all():
        letter = compose([notice])
        said = letter.subject + letter.body + letter.alternatives[0][0]
        assert not [canary for canary in CANARIES if canary in said]
    kept = str(list(Event.objects.values())) + str(list(IssuePage.objects.values()))
    assert not [canary for canary in CANARIES if canary in kept]


def test_no_search_finds_an_issue_by_its_caller(town, record, client):
    issue = record(now=timezone.now())
    for words in ("Канарія", "765-43-21"):
        assert f"/issues/{issue.number}/" not in client.get("/issues/", {"q": words}).content.decode()
        client.force_login(town.moderator)
        assert issue.title not in client.get(desk_of(town.ngo, queue="closed", text=words)).content.decode()


def test_the_card_says_publicly_that_it_was_telephoned_in(record, client):
    issue = record(now=timezone.now())
    client.cookies["django_language"] = "en"
    page = client.get(f"/issues/{issue.number}/").content.decode()
    assert "Recorded by the control body from a telephone call" in page
    assert "registered the issue in the System from a telephone call" in page


def test_the_control_body_reads_the_caller_on_its_desk(town, record, client):
    issue = record(now=timezone.now())
    client.force_login(town.controller)
    for address in (desk_of(town.control, issue=issue.number), calls_of(town.control)):
        page = client.get(address).content.decode()
        assert NAME in page
        assert "tel:+380507654321" in page


def test_a_member_of_two_organisations_reads_the_caller_on_the_control_desk_alone(town, record, client):
    issue = record(now=timezone.now())
    town.join(town.roads, town.controller)
    client.force_login(town.controller)
    assert NAME in client.get(desk_of(town.control, issue=issue.number)).content.decode()
    assert NAME not in client.get(desk_of(town.roads, issue=issue.number)).content.decode()


# --- calling back ----------------------------------------------------------------------------------------------------------


def to_answer(town, now):
    queue = next(one for one in QUEUES if one.name == "calls-to-answer")
    return list(queue.found(town.control, now).values_list("number", flat=True))


def test_a_solved_issue_asks_for_a_call_until_the_caller_is_told(town, record, by):
    issue = record()
    roles = Roles.of(town.controller)
    assert to_answer(town, NOON) == []
    with pytest.raises(NotPossible):
        tell_caller(issue, **by)
    issue = town.close(issue, NOON)
    assert to_answer(town, NOON) == [issue.number]
    assert "caller-told" in offered_deeds(issue, town.control, roles, NOON)
    told = NOON + timedelta(hours=1)
    tell_caller(issue, now=told, **by)
    assert to_answer(town, told) == []
    assert Caller.objects.get().told_at == told
    event = issue.events.last()
    assert (event.kind, event.party, event.organisation) == (EventKind.CALLER_TOLD, Party.CONTROL_BODY, town.control)
    with pytest.raises(NotPossible):
        tell_caller(issue, **by)
    again = town.move(issue, "T14", town.moderator, town.ngo, told)
    again = town.move(again, "T12", town.controller, town.control, told + timedelta(days=1))
    assert to_answer(town, told) == [again.number]


def test_an_issue_of_an_account_asks_for_no_call(town, by):
    issue = town.close(town.issue())
    assert to_answer(town, NOON) == []
    assert "caller-told" not in offered_deeds(issue, town.control, Roles.of(town.controller), NOON)
    with pytest.raises(NotPossible):
        tell_caller(issue, **by)


def test_a_question_about_a_call_is_answered_by_the_control_body(town, record, by):
    issue = record()
    roles = Roles.of(town.controller)
    with pytest.raises(NotPossible):
        reply_for_caller(issue, "Біля входу.", **by)
    work.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads, now=NOON)
    assert to_answer(town, NOON) == [issue.number]
    assert "caller-reply" in offered_deeds(issue, town.control, roles, NOON)
    with pytest.raises(Missing):
        reply_for_caller(issue, " ", **by)
    words = reply_for_caller(issue, "Біля входу, зліва.", now=NOON, **by)
    assert (words.way, words.answers.text, words.organisation) == (Way.PHONE, "Де саме?", town.control)
    assert to_answer(town, NOON) == []
    assert "caller-reply" not in offered_deeds(issue, town.control, roles, NOON)
    letter = compose([Notice.objects.get(template="reply")])
    assert letter.to == ["roads@city.example"]
    assert "Біля входу, зліва." in letter.body


@pytest.mark.parametrize("name", NOBODY_ELSE)
def test_nobody_else_answers_for_the_caller(town, record, name):
    issue, actor = record(), who(town, name)
    work.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads, now=NOON)
    for organisation in (town.control, town.roads, town.ngo):
        with pytest.raises(NotPermitted):
            reply_for_caller(issue, "Там.", actor=actor, organisation=organisation)


def test_the_control_body_answers_for_callers_alone(town, by):
    issue = town.issue()
    work.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads, now=NOON)
    with pytest.raises(NotPossible):
        reply_for_caller(issue, "Там.", **by)


def test_the_reply_of_a_caller_over_http(town, record, client):
    issue = record(now=timezone.now())
    work.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    client.force_login(town.controller)
    page = client.get(desk_of(town.control, queue="calls-to-answer", issue=issue.number)).content.decode()
    assert "do=caller-reply" in page
    address = desk_of(town.control, issue=issue.number, do="caller-reply")
    assert client.post(address, {"text": ""}).status_code == 400
    assert client.post(address, {"text": "Зліва."}).status_code == 302
    client.cookies["django_language"] = "en"
    card = client.get(f"/issues/{issue.number}/").content.decode()
    assert "passed on what the caller replied" in card
    assert "Зліва." in card
    assert "Працівник control" not in card


def test_a_refused_call_is_told_too(town, record, by):
    town.city.config.hold_everything = True
    town.city.config.save()
    issue = record()
    with pytest.raises(NotPossible):
        tell_caller(issue, **by)
    moderate_issue.refuse(issue, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)
    tell_caller(issue, **by)
    assert Caller.objects.get().told_at


def test_the_callers_data_are_removed_on_request(town, record, by):
    issue = record()
    remove_caller(issue, **by)
    assert not Caller.objects.exists()
    assert IssuePage.objects.get().is_published
    with pytest.raises(NotPossible):
        remove_caller(issue, **by)


def test_the_callers_data_go_by_themselves_when_nothing_is_left_to_tell(town, record):
    first, other = town.close(record()), record()
    archive_due(NOON + timedelta(days=21))
    archived = IssuePage.objects.get(pk=first.pk)
    assert archived.status == Status.ARCHIVED
    assert keep_retention(archived.archived_at + timedelta(days=20, seconds=-1))["callers"] == 0
    assert keep_retention(archived.archived_at + timedelta(days=20))["callers"] == 1
    assert Caller.objects.get().issue_id == other.pk


# --- the room -------------------------------------------------------------------------------------------------------------


FORM = {
    "do": "record",
    "title": "Не світить ліхтар",
    "description": "Третій день темно.",
    "categories": ["2.2"],
    "lng": str(PLACE[0]),
    "lat": str(PLACE[1]),
    "address": "вул. Шкільна",
    "name": NAME,
    "phone": PHONE,
    "consent": "on",
    "key": "abc",
}


def test_a_call_is_recorded_on_one_page(town, client):
    client.force_login(town.controller)
    assert client.get(calls_of(town.control)).status_code == 200
    answer = client.post(calls_of(town.control), FORM)
    issue = IssuePage.objects.get()
    assert answer["Location"] == calls_of(town.control)
    assert str(issue.number) in client.get(calls_of(town.control)).content.decode()
    assert [one.organisation for one in issue.assignments.all()] == [town.lighting]
    client.post(calls_of(town.control), FORM)
    assert IssuePage.objects.count() == 1


@pytest.mark.parametrize("missing", ["title", "description", "categories", "name", "phone", "consent"])
def test_what_is_missing_is_marked_and_what_was_typed_stays(town, client, missing):
    client.force_login(town.controller)
    page = client.post(calls_of(town.control), {key: value for key, value in FORM.items() if key != missing})
    assert page.status_code == 400
    assert missing in page.context["form"].errors
    kept = "вул. Шкільна" if missing == "name" else NAME
    assert kept in page.content.decode()
    assert 'value="abc"' in page.content.decode()
    assert not IssuePage.objects.exists()


def test_a_place_is_needed_unless_the_caller_names_none(town, client):
    client.force_login(town.controller)
    placeless = {**FORM, "lng": "", "lat": "", "address": ""}
    assert client.post(calls_of(town.control), placeless).status_code == 400
    assert client.post(calls_of(town.control), {**placeless, "no_place": "on"}).status_code == 302
    assert IssuePage.objects.get().location is None


def test_what_is_near_by_is_shown_before_it_is_recorded_twice(town, client):
    issue = town.issue(now=timezone.now())
    client.force_login(town.controller)
    near = client.get(calls_of(town.control, "calls_near", lng=PLACE[0], lat=PLACE[1]))
    assert issue.title in near.content.decode()
    assert near["Cache-Control"] == "no-store, private"
    page = client.post(calls_of(town.control), {**FORM, "do": "near"})
    assert page.status_code == 200
    assert issue.title in page.content.decode()
    assert NAME in page.content.decode()
    assert not page.context["form"].errors
    for strange in ({"lng": "x"}, {"lng": "nan", "lat": "1"}, {"address": "\x00"}, {}):
        assert client.get(calls_of(town.control, "calls_near", **strange)).status_code == 200


def test_near_means_unsolved_published_and_within_200_metres(town):
    near, far = town.issue(location=(PLACE[0] + 0.001, PLACE[1])), town.issue(location=(PLACE[0] + 0.004, PLACE[1]))
    town.close(town.issue())
    here = town.issue()
    found = near_issues(town.city, PLACE, "", [], NOON)
    assert [row["number"] for row in found] == [here.number, near.number]
    assert found[1]["metres"] == pytest.approx(70, abs=3)
    assert far.number not in [row["number"] for row in found]


def test_without_a_place_the_street_and_the_category_find_what_is_near(town):
    issue = town.issue(location=None, address="вул. Центральна, 3")
    category = [Category.objects.get(code="3.8")]
    assert [one["number"] for one in near_issues(town.city, None, "центральна", category, NOON)] == [issue.number]
    assert near_issues(town.city, None, "центральна", [], NOON) == []
    assert near_issues(town.city, None, "", category, NOON) == []


def test_from_the_desk_and_the_room_the_caller_is_told_and_removed(town, record, client):
    issue = town.close(record(now=timezone.now()), timezone.now())
    client.force_login(town.controller)
    assert client.post(desk_of(town.control, issue=issue.number, do="caller-told")).status_code == 302
    assert client.post(calls_of(town.control), {"do": "told", "issue": issue.number}).status_code == 409
    back = client.post(calls_of(town.control), {"do": "remove", "issue": issue.number, "back": "desk"})
    assert back["Location"] == desk_of(town.control, issue=issue.number)
    assert client.post(calls_of(town.control), {"do": "remove", "issue": issue.number}).status_code == 409
    assert client.post(calls_of(town.control), {"do": "told", "issue": "999999"}).status_code == 404
    assert client.post(calls_of(town.control), {"do": "dance"}).status_code == 400


@pytest.mark.parametrize("name", ["author", "roads_worker", "moderator"])
def test_the_room_is_closed_to_others(town, client, name):
    client.force_login(getattr(town, name))
    for organisation in (town.control, town.roads, town.ngo):
        assert client.get(calls_of(organisation)).status_code in (403, 404)
        assert client.get(calls_of(organisation, "calls_near")).status_code in (403, 404)
        assert client.post(calls_of(organisation), FORM).status_code == 403
    assert not IssuePage.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_room_asks_a_constant_number_of_queries(town, record, client, django_assert_max_num_queries, count):
    for number in range(count):
        record(title=f"Дзвінок {number}", now=timezone.now())
    client.force_login(town.controller)
    with django_assert_max_num_queries(20):
        assert client.get(calls_of(town.control)).status_code == 200
