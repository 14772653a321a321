"""Acting from a cabinet: what each role may and may not do over HTTP, and what a refusal shows."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute
from opencity_issues.enums import AssignmentState, EventKind, Publication, Status
from opencity_issues.models import Citizen, IssuePage, Media, Membership
from opencity_issues.views.desk.deeds import DEEDS, MOVING, letters
from tests.issues.media_samples import photo as photo_bytes

pytestmark = pytest.mark.django_db

FILLED = {
    "executor": "Майстер дільниці",
    "kind": "solve",
    "text": "Зробимо до п’ятниці.",
    "answer": "Зроблено.",
    "reason": "Є підстави.",
    "ground": "terms",
    "planned_date": "",
}


def desk_of(organisation, **query):
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query or None)


@pytest.fixture
def act(client):
    """Does a deed over HTTP: `act(member, organisation, issue, "T2", executor="…")`."""

    def do(member, organisation, issue, deed, /, *, part="", **given):
        client.force_login(member)
        query = {"issue": issue.number, "do": deed, **({"part": part} if part else {})}
        return client.post(desk_of(organisation, **query), given)

    return do


@pytest.fixture
def now():
    return timezone.now()


def events(issue):
    return list(issue.events.values_list("kind", "transition"))


# Whose deed it is.

WORKERS = {
    "T2",
    "T5",
    "T11",
    "rework-done",
    "inform-head",
    "answer",
    "ask",
    "name-executor",
    "end-link",
    "send-back",
    "complain",
    "return",
    "seen",
}
EVERYBODYS = {"note"}
"""Deeds of every function's organisations, told of in test_notes.py."""
CONTROLS = {"T4", "T6", "T12", "assign", "warn", "caller-told", "caller-reply", "bounce-handled", "send-again"}
MODERATORS = {
    "T3",
    "T7",
    "T10",
    "T13",
    "T14",
    "publish",
    "put-back",
    "refuse",
    "repeat",
    "take-down",
    "hide",
    "show",
    "handle-flag",
    "block",
    "split",
    "handle-complaint",
}


def test_the_table_of_deeds_is_whole():
    assert set(DEEDS) == WORKERS | CONTROLS | MODERATORS | EVERYBODYS


@pytest.mark.parametrize("deed", sorted(WORKERS | CONTROLS | MODERATORS))
def test_a_deed_of_another_role_is_refused_and_leaves_no_trace(town, act, now, deed):
    issue = town.close(town.issue(now=now), now) if deed in {"T9", "T10", "T14", "handle-flag"} else town.issue(now=now)
    said = contribute.comment(issue, "Так", actor=town.neighbour)
    before = events(issue), issue.status
    roles = {"roads": WORKERS, "control": CONTROLS, "ngo": MODERATORS}
    for name, own in roles.items():
        if deed in own:
            continue
        organisation = getattr(town, name)
        target = town.roads if deed in {"warn", "repeat"} else town.housing
        answer = act(
            town.worker_of(organisation),
            organisation,
            issue,
            deed,
            part=f"words-{said.pk}",
            organisation=target.pk,
            **FILLED,
        )
        assert answer.status_code == 403, name
        assert "no-store" in answer["Cache-Control"]
    issue = IssuePage.objects.get(pk=issue.pk)
    assert (events(issue), issue.status) == before
    assert not Citizen.objects.exclude(blocked_at=None).exists()


@pytest.mark.parametrize("deed", sorted(WORKERS))
def test_a_worker_cannot_touch_another_organisations_part(town, act, now, deed):
    """A worker of A on an issue of B, and acting in B's cabinet (trust, 3)."""
    issue = town.issue(now=now)
    before = events(issue)
    assert act(town.lighting_worker, town.lighting, issue, deed, **FILLED).status_code == 404
    assert act(town.lighting_worker, town.roads, issue, deed, **FILLED).status_code == 403
    assert events(issue) == before


@pytest.mark.parametrize("deed", ["T2", "assign", "take-down", "seen", "unblock"])
def test_membership_that_ended_meanwhile_ends_the_deed(town, client, act, now, deed):
    organisation = {"assign": town.control, "take-down": town.ngo, "unblock": town.ngo}.get(deed, town.roads)
    member = town.worker_of(organisation)
    issue = town.issue(now=now)
    client.force_login(member)
    assert client.get(desk_of(organisation, issue=issue.number, do=deed)).status_code == 200
    before = events(issue)
    Membership.objects.filter(user=member).update(left_at=timezone.now())
    assert act(member, organisation, issue, deed, organisation=town.housing.pk, **FILLED).status_code == 403
    assert events(issue) == before


def test_anonymous_posts_go_to_sign_in(town, client, now):
    issue = town.issue(now=now)
    assert client.post(desk_of(town.roads, issue=issue.number, do="T2"), FILLED).status_code == 302
    assert issue.assignments.get().state == AssignmentState.SENT


def test_posts_without_a_token_are_refused(town, now, settings):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.roads_worker)
    issue = town.issue(now=now)
    assert strict.post(desk_of(town.roads, issue=issue.number, do="T2"), FILLED).status_code == 403
    assert issue.assignments.get().state == AssignmentState.SENT


@pytest.mark.parametrize("deed", ["T1", "T8", "T9", "T99", "", "delete"])
def test_there_are_no_other_deeds(town, act, now, deed):
    assert act(town.roads_worker, town.roads, town.issue(now=now), deed, **FILLED).status_code in (403, 404)


# The responsible worker.


def test_the_path_of_a_responsible_worker(town, act, now):
    issue = town.issue(now=now)
    own = (town.roads_worker, town.roads, issue)
    assert act(*own, "seen").status_code == 302
    assert act(*own, "inform-head").status_code == 302
    accepted = act(*own, "T2", executor="Майстер Іван", kind="solve")
    assert accepted.status_code == 302
    assert f"issue={issue.number}" in accepted["Location"]
    assert "do=" not in accepted["Location"]
    assert act(*own, "name-executor", executor="Майстер Петро").status_code == 302
    assert act(*own, "ask", text="Де саме?").status_code == 302
    day = (now + timedelta(days=9)).date().isoformat()
    assert act(*own, "answer", text="Заплановано", planned_date=day).status_code == 302
    assert act(*own, "T5", answer="Засипали").status_code == 302
    issue.refresh_from_db()
    assignment = issue.assignments.get()
    assert issue.status == Status.CLOSED
    assert (assignment.executor, assignment.planned_date.isoformat()) == ("Майстер Петро", day)
    kinds = [kind for kind, _transition in events(issue)]
    assert (
        kinds[-8:]
        == [
            EventKind.SEEN,
            EventKind.HEAD_INFORMED,
            EventKind.ACCEPTED,
            EventKind.STATUS,
            EventKind.EXECUTOR_NAMED,
            EventKind.QUESTION,
            EventKind.ANSWER,
            EventKind.DONE,
            EventKind.STATUS,
        ][-8:]
    )


def test_looking_is_told_quietly_by_a_script(town, client, now):
    issue = town.issue(now=now)
    client.force_login(town.roads_worker)
    answer = client.post(desk_of(town.roads, issue=issue.number, do="seen"), headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    assert issue.assignments.get().seen_at


def test_an_explanation_meets_the_thirty_days(town, act, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    act(town.roads_worker, town.roads, issue, "answer", text="Немає коштів цього року", explains="on", planned_date="")
    issue.refresh_from_db()
    assert issue.explained
    assert not issue.deadlines.running().filter(clause="4.4").exists()


def test_not_ours_goes_back_to_the_control_body(town, act, now):
    issue = town.issue(now=now)
    assert act(town.roads_worker, town.roads, issue, "return", reason="Це двір ОСББ").status_code == 302
    assert issue.assignments.get().return_reason == "Це двір ОСББ"
    assert act(town.controller, town.control, issue, "assign", organisation=town.housing.pk).status_code == 302
    assert issue.assignments.get(organisation=town.housing).by_hand


def test_after_4_7_the_worker_reports_and_another_closes(town, client, act, now):
    issue = town.move(town.close(town.issue(now=now), now), "T14", town.author, now=now)
    client.force_login(town.roads_worker)
    page = client.get(desk_of(town.roads, issue=issue.number)).content.decode()
    assert "do=rework-done" in page
    assert "do=T11" not in page
    assert act(town.roads_worker, town.roads, issue, "T11", answer="Готово").status_code == 409
    assert act(town.roads_worker, town.roads, issue, "rework-done", text="Перероблено").status_code == 302
    assert act(town.controller, town.control, issue, "T12", answer="Перевірено").status_code == 302
    issue.refresh_from_db()
    assert issue.status == Status.CLOSED


def test_photos_of_an_answer_survive_an_error_in_the_text(town, act, now, settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path
    issue = town.accept(town.issue(now=now), town.roads, now)
    photo = SimpleUploadedFile("after.jpg", photo_bytes(), "image/jpeg")
    answer = act(town.roads_worker, town.roads, issue, "T5", answer="", files=[photo])
    assert answer.status_code == 400
    kept = Media.objects.get(issue=None)
    assert f'name="kept" value="{kept.token}"' in answer.content.decode()
    assert act(town.roads_worker, town.roads, issue, "T5", answer="Зроблено", kept=[kept.token]).status_code == 302
    kept.refresh_from_db()
    assert kept.issue_id == issue.pk
    assert kept.contribution.text == "Зроблено"


def test_another_persons_files_cannot_be_taken(town, act, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    foreign = Media.objects.create(uploader=town.neighbour)
    act(town.roads_worker, town.roads, issue, "T5", answer="Зроблено", kept=[foreign.token])
    foreign.refresh_from_db()
    assert foreign.issue_id is None


def test_what_is_no_photo_is_refused_with_the_text_kept(town, act, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    wrong = SimpleUploadedFile("after.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = act(town.roads_worker, town.roads, issue, "T5", answer="Зроблено як слід", files=[wrong])
    assert answer.status_code == 400
    assert "Зроблено як слід" in answer.content.decode()
    issue.refresh_from_db()
    assert issue.status == Status.ACCEPTED


# Refusals.


def test_a_missing_field_is_named_and_the_rest_kept(town, act, now):
    issue = town.issue(now=now)
    answer = act(town.roads_worker, town.roads, issue, "T2", executor=" ", kind="control")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "error-summary" in page
    assert re.search(r'value="control"[^>]*checked', page)
    assert issue.assignments.get().state == AssignmentState.SENT


def test_a_lost_race_shows_the_present_state_and_keeps_the_words(town, act, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    town.move(issue, "T6", town.controller, town.control, now)
    answer = act(town.roads_worker, town.roads, issue, "T5", answer="Наш довгий звіт про роботу")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Наш довгий звіт про роботу" in page
    assert "badge--closed" in page
    assert "data-refusal" in page


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("ask", {"text": "x" * 3001}),
        ("answer", {"text": "так", "planned_date": "2020-01-01"}),
        ("answer", {"text": "так", "planned_date": "завтра"}),
        ("return", {"reason": ""}),
        ("T2", {"executor": "x" * 300}),
        ("T2", {"executor": "М", "kind": "destroy"}),
        ("name-executor", {"executor": ""}),
    ],
)
def test_bad_input_changes_nothing(town, act, now, deed, given):
    issue = town.accept(town.issue(now=now), town.roads, now) if deed == "name-executor" else town.issue(now=now)
    before = events(issue)
    assert act(town.roads_worker, town.roads, issue, deed, **given).status_code == 400
    assert events(issue) == before


# Control body and moderator.


def test_the_control_body_warns_and_takes_over(town, act, now):
    issue = town.issue(now=now)
    assert (
        act(town.controller, town.control, issue, "warn", organisation=town.roads.pk, text="Строк минув").status_code
        == 302
    )
    assert act(town.controller, town.control, issue, "T4").status_code == 409
    assert act(town.moderator, town.ngo, issue, "repeat", organisation=town.roads.pk, text="Ще раз").status_code == 302
    assert act(town.controller, town.control, issue, "T4").status_code == 302
    assert act(town.controller, town.control, issue, "T6", answer="За відповіддю служби").status_code == 302
    issue.refresh_from_db()
    assert issue.status == Status.CLOSED


def test_a_message_goes_only_to_an_organisation_at_work(town, act, now):
    issue = town.issue(now=now)
    answer = act(town.controller, town.control, issue, "warn", organisation=town.housing.pk, text="Строк минув")
    assert answer.status_code == 400
    assert not issue.events.filter(kind=EventKind.WARNING).exists()


def test_held_issues_are_published_or_refused_with_a_ground(town, act, now):
    config = town.city.config
    config.hold_everything = True
    config.save()
    good, bad = town.issue(now=now), town.issue(now=now)
    assert act(town.moderator, town.ngo, good, "publish").status_code == 302
    assert act(town.moderator, town.ngo, bad, "refuse", ground="terms", reason="").status_code == 400
    assert act(town.moderator, town.ngo, bad, "refuse", ground="off_topic", reason="Не про місто").status_code == 302
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.publication, bad.publication) == (Publication.PUBLISHED, Publication.REFUSED)
    assert bad.refusal_ground == "off_topic"


def test_taking_down_and_putting_back(town, act, now):
    issue = town.issue(now=now)
    assert act(town.moderator, town.ngo, issue, "take-down", ground="terms", reason="Реклама").status_code == 302
    assert act(town.roads_worker, town.roads, issue, "T2", **FILLED).status_code == 404
    assert act(town.moderator, town.ngo, issue, "put-back").status_code == 302
    issue.refresh_from_db()
    assert issue.publication == Publication.PUBLISHED


def test_parts_are_hidden_and_shown(town, act, now):
    issue = town.issue(now=now)
    said = contribute.comment(issue, "Грубо", actor=town.neighbour)
    part = f"words-{said.pk}"
    assert act(town.moderator, town.ngo, issue, "hide", part=part, reason="").status_code == 400
    assert act(town.moderator, town.ngo, issue, "hide", part=part, reason="Образа").status_code == 302
    said.refresh_from_db()
    assert said.hidden_at
    assert act(town.moderator, town.ngo, issue, "hide", part=part, reason="Образа").status_code == 409
    assert act(town.moderator, town.ngo, issue, "show", part=part).status_code == 302


@pytest.mark.parametrize("part", ["", "words-0", "words-x", "media-1", "issue-1", "words-99999999999999999999"])
def test_a_part_that_is_not_there(town, act, now, part):
    issue = town.issue(now=now)
    assert act(town.moderator, town.ngo, issue, "hide", part=part, reason="Образа").status_code == 404


def test_a_part_of_another_issue_is_not_reached(town, act, now):
    issue, other = town.issue(now=now), town.issue(now=now)
    said = contribute.comment(other, "Так", actor=town.neighbour)
    assert act(town.moderator, town.ngo, issue, "hide", part=f"words-{said.pk}", reason="Образа").status_code == 404
    assert act(town.moderator, town.ngo, issue, "block", part=f"words-{said.pk}", reason="Образа").status_code == 404


def test_an_abusive_person_is_blocked_and_unblocked(town, client, act, now):
    issue = town.issue(now=now)
    said = contribute.comment(issue, "Грубо", actor=town.neighbour)
    assert act(town.moderator, town.ngo, issue, "block", part=f"words-{said.pk}", reason="Образи").status_code == 302
    citizen = Citizen.objects.get(user=town.neighbour)
    assert citizen.block_reason == "Образи"
    page = client.get(desk_of(town.ngo, queue="blocked")).content.decode()
    assert "Петро Сусід" in page
    assert town.neighbour.email not in page
    client.force_login(town.controller)
    assert client.post(desk_of(town.control, queue="blocked", do="unblock", part=citizen.pk)).status_code == 403
    client.force_login(town.moderator)
    assert client.post(desk_of(town.ngo, queue="blocked", do="unblock", part=citizen.pk)).status_code == 302
    citizen.refresh_from_db()
    assert citizen.blocked_at is None


def test_the_author_of_an_issue_can_be_blocked_but_no_worker(town, act, now):
    issue = town.issue(now=now)
    assert act(town.moderator, town.ngo, issue, "block", part="author", reason="Спам").status_code == 302
    mine = town.issue(now=now, author=town.roads_worker)
    assert act(town.moderator, town.ngo, mine, "block", part="author", reason="Спам").status_code == 403


def test_a_flag_is_looked_at_and_the_issue_reopened(town, act, now):
    issue = town.close(town.issue(now=now), now)
    flag = contribute.flag_unsolved(issue, "Яма на місці", actor=town.neighbour)
    assert act(town.moderator, town.ngo, issue, "T14", reason="Перевірено: яма є").status_code == 302
    issue.refresh_from_db()
    assert (issue.status, issue.again) == (Status.OPEN, True)
    closed = town.close(town.issue(now=now), now)
    flag = contribute.flag_unsolved(closed, "І тут", actor=town.neighbour)
    assert act(town.moderator, town.ngo, closed, "handle-flag", part=f"words-{flag.pk}").status_code == 302
    flag.refresh_from_db()
    assert flag.handled_at


# Keys.


def test_every_deed_has_a_letter_of_its_own_words():
    found = letters(DEEDS.values())
    words = {str(DEEDS[name].label): letter for name, letter in found.items() if letter}
    assert len(set(words.values())) == len(words)
    assert not set(words.values()) & MOVING
    assert all(letter in label.lower() for label, letter in words.items())
