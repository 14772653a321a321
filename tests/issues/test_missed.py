"""A deadline that passes is recorded once, and what follows from it goes once: letters, messages, T4, the card's words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from opencity_issues import tasks
from opencity_issues.actions import moderate_issue
from opencity_issues.actions.change_status import offers
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.message_organisation import repeat_message, send_warning
from opencity_issues.actions.work_on_assignment import Answer, give_answer, inform_head
from opencity_issues.enums import ContributionKind, EventKind, Party, Status, Way
from opencity_issues.models import Deadline, Event, IssuePage, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.card.what_now import what_now
from opencity_issues.queries.verification import issue_differences
from opencity_issues.rules import Roles
from tests.factories import NOON

HEAD_BY = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)
"""The end of Tuesday in Kyiv: one working day after a Monday."""
ACCEPT_BY = datetime(2026, 3, 5, 22, 0, tzinfo=UTC)
"""The end of Thursday: three working days after a Monday."""
ANSWER_BY = datetime(2026, 4, 1, 21, 0, tzinfo=UTC)
"""The end of 1 April, in summer time: thirty days after 2 March."""
SECOND = timedelta(seconds=1)


def events(issue, *kinds):
    return list(issue.events.filter(kind__in=kinds).order_by("sequence"))


def templates(issue, *wanted):
    return sorted(Notice.objects.filter(issue=issue, template__in=wanted).values_list("template", flat=True))


def by_hand_alone(town, *, automatic=False):
    config = town.city.config
    config.automatic_messages = automatic
    config.save()


def test_nothing_is_missed_before_its_moment(town):
    issue = town.issue()
    assert record_missed(HEAD_BY - SECOND) == 0
    assert not events(issue, EventKind.MISSED)


def test_head_not_informed_in_time_reaches_control(town):
    issue = town.issue()
    assert record_missed(HEAD_BY) == 1
    (missed,) = events(issue, EventKind.MISSED)
    assert (missed.at, missed.organisation, missed.party, missed.actor_id) == (HEAD_BY, town.roads, Party.SYSTEM, None)
    assert missed.data["clause"] == "4.2"
    assert issue.deadlines.get(clause="4.2").missed_at == HEAD_BY
    (letter,) = Notice.objects.filter(event=missed)
    assert (letter.template, letter.recipient) == ("missed_head", f"control:{town.city.pk}")
    assert not events(issue, EventKind.WARNING, EventKind.REPEATED)


def test_acceptance_missed_sends_the_warning_and_the_repeated_message(town):
    issue = town.issue()
    assert record_missed(ACCEPT_BY + timedelta(hours=5)) == 2
    missed, warning, repeated = events(issue, EventKind.MISSED, EventKind.WARNING, EventKind.REPEATED)[1:]
    assert {(one.at, one.organisation_id, one.party) for one in (missed, warning, repeated)} == {
        (ACCEPT_BY, town.roads.pk, Party.SYSTEM)
    }
    assert warning.contribution.kind == ContributionKind.WARNING
    assert warning.contribution.author_id is None
    assert warning.contribution.created_at == repeated.contribution.created_at == ACCEPT_BY
    for words in (warning.contribution.text, repeated.contribution.text):
        assert str(issue.number) in words
        assert "4.3" in words
        assert town.roads.name in words
        assert "{" not in words
    deadline = issue.deadlines.get(clause="4.3")
    assert (deadline.missed_at, deadline.warned_at, deadline.repeated_at) == (ACCEPT_BY,) * 3
    assert templates(issue, "warning_worker", "repeated", "repeated_control") == [
        "repeated",
        "repeated_control",
        "warning_worker",
    ]
    assert not list(issue_differences())


def test_the_repeated_message_of_the_system_opens_t4(town):
    issue = town.issue()
    roles = Roles.of(town.controller)
    assert "T4" not in [one.transition.id for one in offers(issue, roles, ACCEPT_BY)]
    record_missed(ACCEPT_BY)
    issue = IssuePage.objects.get(pk=issue.pk)
    assert issue.repeated_at == ACCEPT_BY
    assert "T4" in [one.transition.id for one in offers(issue, roles, ACCEPT_BY)]
    issue = town.move(issue, "T4", town.controller, town.control, ACCEPT_BY + timedelta(hours=12))
    assert issue.status == Status.ACCEPTED


def test_an_answer_missed_has_messages_of_its_own(town):
    issue = town.accept(town.issue(), town.roads)
    record_missed(ANSWER_BY)
    assert [one.data["clause"] for one in events(issue, EventKind.MISSED)] == ["4.4"]
    (warning,) = events(issue, EventKind.WARNING)
    assert "4.4" in warning.contribution.text
    assert warning.at == ANSWER_BY


def test_where_messages_are_sent_by_hand_they_wait(town):
    by_hand_alone(town)
    issue = town.issue()
    assert record_missed(ACCEPT_BY) == 2
    assert not events(issue, EventKind.WARNING, EventKind.REPEATED)
    deadline = issue.deadlines.get(clause="4.3")
    assert (deadline.missed_at, deadline.warned_at, deadline.repeated_at) == (ACCEPT_BY, None, None)
    by_hand_alone(town, automatic=True)
    assert record_missed(ACCEPT_BY + timedelta(days=1)) == 0
    assert not events(issue, EventKind.WARNING, EventKind.REPEATED)


def test_a_warning_by_hand_takes_the_place_of_the_systems(town):
    issue = town.issue()
    later = ACCEPT_BY + timedelta(seconds=20)
    send_warning(issue, town.roads, "Прийміть.", actor=town.controller, organisation=town.control, now=later)
    deadline = issue.deadlines.get(clause="4.3")
    assert (deadline.missed_at, deadline.warned_at) == (ACCEPT_BY, later)
    assert [one.kind for one in events(issue, EventKind.MISSED, EventKind.WARNING)] == ["missed", "missed", "warning"]
    assert record_missed(later + timedelta(minutes=1)) == 0
    assert len(events(issue, EventKind.WARNING)) == 1


def test_a_message_before_anything_is_missed_leaves_the_deadline_its_own(town):
    issue = town.issue()
    send_warning(issue, town.roads, "Не забудьте.", actor=town.controller, organisation=town.control, now=NOON)
    record_missed(ACCEPT_BY)
    assert [one.at for one in events(issue, EventKind.WARNING)] == [NOON, ACCEPT_BY]


@pytest.mark.parametrize(("way", "letters"), [(Way.SYSTEM, True), (Way.PHONE, False)])
def test_a_warning_by_telephone_counts_and_sends_no_letter(town, way, letters):
    by_hand_alone(town)
    issue = town.issue()
    record_missed(ACCEPT_BY)
    words = send_warning(
        issue, town.roads, "Подзвонили.", actor=town.controller, organisation=town.control, way=way, now=ACCEPT_BY
    )
    assert words.way == way
    assert issue.deadlines.get(clause="4.3").warned_at == ACCEPT_BY
    assert bool(templates(issue, "warning", "warning_worker")) is letters


def test_a_repeated_message_by_telephone_is_recorded_and_opens_no_t4(town):
    by_hand_alone(town)
    issue = town.issue()
    record_missed(ACCEPT_BY)
    by_phone = {"actor": town.moderator, "organisation": town.ngo, "way": Way.PHONE, "now": ACCEPT_BY}
    repeat_message(issue, town.roads, "Подзвонили.", **by_phone)
    (repeated,) = events(issue, EventKind.REPEATED)
    assert repeated.data == {"way": "phone"}
    assert not templates(issue, "repeated", "repeated_control")
    assert IssuePage.objects.get(pk=issue.pk).repeated_at is None
    assert issue.deadlines.get(clause="4.3").repeated_at is None
    with pytest.raises(NotPossible):
        town.move(issue, "T4", town.controller, town.control, ACCEPT_BY)
    repeat_message(issue, town.roads, "Прийміть.", **{**by_phone, "way": Way.SYSTEM})
    assert town.move(issue, "T4", town.controller, town.control, ACCEPT_BY).status == Status.ACCEPTED


@pytest.mark.parametrize(
    ("deed", "who", "fine"),
    [
        (send_warning, "controller", True),
        (send_warning, "moderator", False),
        (send_warning, "roads_worker", False),
        (send_warning, "lighting_worker", False),
        (send_warning, "author", False),
        (send_warning, "neighbour", False),
        (repeat_message, "moderator", True),
        (repeat_message, "controller", False),
        (repeat_message, "roads_worker", False),
        (repeat_message, "lighting_worker", False),
        (repeat_message, "author", False),
        (repeat_message, "neighbour", False),
    ],
)
@pytest.mark.parametrize("way", [Way.SYSTEM, Way.PHONE])
def test_who_may_warn_and_repeat(town, deed, who, fine, way):
    issue = town.issue()
    actor = getattr(town, who)
    own = {"controller": town.control, "moderator": town.ngo, "lighting_worker": town.lighting}.get(who, town.roads)
    before = Event.objects.count()
    if fine:
        deed(issue, town.roads, "Слова.", actor=actor, organisation=own, way=way, now=NOON)
        assert Event.objects.count() == before + 1
    else:
        with pytest.raises(NotPermitted):
            deed(issue, town.roads, "Слова.", actor=actor, organisation=own, way=way, now=NOON)
        assert Event.objects.count() == before


def test_a_message_without_words_is_refused(town):
    with pytest.raises(Missing):
        send_warning(town.issue(), town.roads, "  ", actor=town.controller, organisation=town.control, way=Way.PHONE)


def test_the_citys_own_text_is_filled_in(town):
    config = town.city.config
    config.warning_text = "{organisation}! № {number} «{title}», п. {clause}, до {day}: {what}."
    config.save()
    issue = town.issue(title="Яма {number} та {дужки}")
    record_missed(ACCEPT_BY)
    (warning,) = events(issue, EventKind.WARNING)
    assert warning.contribution.text.startswith(
        f"Дорожня служба! № {issue.number} «Яма {{number}} та {{дужки}}», п. 4.3, до 5 березня 2026:"
    )


def test_each_organisation_is_written_to_in_the_language_of_its_mailbox(town):
    town.roads.language = "en"
    town.roads.save()
    issue = town.issue(categories=["3.8", "2.2.1"])
    record_missed(ACCEPT_BY)
    texts = {one.organisation_id: one.contribution.text for one in events(issue, EventKind.WARNING)}
    assert "by 5 March 2026" in texts[town.roads.pk]
    assert "5 березня 2026" in texts[town.lighting.pk]


def test_what_is_done_in_time_is_never_missed(town):
    issue = town.close(town.issue())
    assert record_missed(NOON + timedelta(days=60)) == 0
    assert not events(issue, EventKind.MISSED)


def test_taken_down_issues_miss_nothing_and_begin_anew(town):
    issue = town.issue()
    by = {"actor": town.moderator, "organisation": town.ngo}
    moderate_issue.take_down(issue, ground="obscene", reason="Образа", now=NOON, **by)
    assert record_missed(ACCEPT_BY) == 0
    moderate_issue.publish_held(issue, now=ACCEPT_BY, **by)
    assert record_missed(ACCEPT_BY) == 0
    assert record_missed(ACCEPT_BY + timedelta(days=4)) == 1


def test_a_late_acceptance_keeps_what_was_missed(town):
    issue = town.issue()
    record_missed(ACCEPT_BY)
    town.accept(issue, town.roads, ACCEPT_BY + timedelta(days=1))
    deadline = issue.deadlines.get(clause="4.3")
    assert (deadline.missed_at, deadline.met_at) == (ACCEPT_BY, ACCEPT_BY + timedelta(days=1))


def test_who_acts_while_the_worker_is_away_has_missed_all_the_same(town):
    issue = town.issue()
    late = ACCEPT_BY + timedelta(days=3)
    town.accept(issue, town.roads, late)
    kinds = [one.kind for one in issue.events.order_by("sequence")]
    assert kinds[-4:] == ["missed", "missed", "accepted", "status"]
    assert [one.at for one in events(issue, EventKind.MISSED)] == [HEAD_BY, ACCEPT_BY]
    assert {one.missed_at for one in issue.deadlines.filter(clause__in=("4.2", "4.3"))} == {HEAD_BY, ACCEPT_BY}
    assert record_missed(late) == 0
    assert not events(issue, EventKind.WARNING, EventKind.REPEATED)
    assert not list(issue_differences())


def test_informing_the_head_late_is_missed_once(town):
    issue = town.issue()
    record_missed(HEAD_BY)
    inform_head(issue, actor=town.roads_worker, organisation=town.roads, now=HEAD_BY + timedelta(hours=10))
    assert len(events(issue, EventKind.MISSED)) == 1


def test_reasons_given_late_are_recorded_as_late(town):
    issue = town.accept(town.issue(), town.roads)
    answer = Answer("Немає коштів.", explains=True)
    give_answer(issue, answer, actor=town.roads_worker, organisation=town.roads, now=ANSWER_BY + timedelta(days=2))
    (missed,) = events(issue, EventKind.MISSED)
    assert (missed.at, missed.data["clause"]) == (ANSWER_BY, "4.4")


def test_a_reopened_issue_has_new_deadlines_to_miss(town):
    issue = town.issue()
    record_missed(ACCEPT_BY)
    issue = town.close(issue, ACCEPT_BY + timedelta(hours=12))
    issue = town.move(issue, "T14", town.author, now=ACCEPT_BY + timedelta(days=1))
    record_missed(ACCEPT_BY + timedelta(days=12))
    moments = [one.at for one in events(issue, EventKind.MISSED) if one.data["clause"] == "4.3"]
    assert moments == [ACCEPT_BY, datetime(2026, 3, 11, 22, 0, tzinfo=UTC)]
    assert len(events(issue, EventKind.WARNING)) == 2
    assert Deadline.objects.filter(clause="4.3", missed_at__isnull=False).count() == 2


def test_a_row_that_fails_holds_up_no_other(town, caplog):
    poison, fine, other = town.issue(), town.issue(now=NOON + timedelta(minutes=5)), town.issue(now=ACCEPT_BY)
    Deadline.objects.filter(issue=poison, clause="4.3").update(assignment=other.assignments.get())
    assert record_missed(ACCEPT_BY) == 2
    assert len(events(fine, EventKind.MISSED)) == 2
    assert not events(poison, EventKind.MISSED)
    assert f"key {poison.pk}" in caplog.text


def test_a_part_of_the_sweep_that_fails_holds_up_no_other(town, monkeypatch, caplog):
    def broken():
        raise OSError("no more disk")

    monkeypatch.setitem(tasks.SWEEPS, "archived", broken)
    issue = town.issue()
    done = tasks.sweep()
    assert done["archived"] == tasks.FAILED
    assert done["missed"] == 3
    assert done["sent"] > 0
    assert "'archived'" in caplog.text
    assert events(issue, EventKind.MISSED)


@override_settings(LANGUAGE_CODE="en")
def test_the_card_says_it_plainly(town):
    issue = town.issue()
    record_missed(ACCEPT_BY)
    issue = IssuePage.objects.prefetch_related("assignments__organisation", "deadlines").get(pk=issue.pk)
    with translation.override("en"):
        told = what_now(issue, town.city.config.calendar(), ACCEPT_BY + timedelta(days=1))
    assert told.late
    assert "by 5 March" in told.sentence
    assert "The control body warned about it on 6 March." in told.sentence
    assert "The moderator sent the message again on 6 March." in told.sentence


def test_the_public_card_shows_what_was_missed(town, client):
    issue = town.issue()
    record_missed(ACCEPT_BY)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "an executor named by 5 March (cl. 4.3). The deadline is missed." in page
    assert "The control body warned about a missed deadline" in page
    words = events(issue, EventKind.WARNING)[0].contribution.text
    assert words not in page


def test_archiving_and_missing_do_not_meet(town):
    """What is closed has nothing left to miss; what is archived late is archived as of its moment."""
    issue = town.close(town.issue())
    assert archive_due(NOON + timedelta(days=23)) == 1
    assert archive_due(NOON + timedelta(days=23)) == 0
    assert IssuePage.objects.get(pk=issue.pk).archived_at == issue.deadlines.get(clause="4.6").due_at
    assert record_missed(NOON + timedelta(days=60)) == 0
