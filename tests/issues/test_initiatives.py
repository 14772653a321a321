"""Residents solve an issue by self-organisation (1.1, T3, T7): gather, join, share tasks, tell the result; the moderator accepts and closes."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from opencity_issues.actions.cabinet.manage_members import leave as leave_organisation
from opencity_issues.actions.community import moderate_undertaking, organise_initiative, take_part, watch_initiatives
from opencity_issues.actions.community.organise_initiative import InitiativeWords
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.enums import EventKind, Status, UndertakingState
from opencity_issues.models import Event, Initiative, IssuePage, Media, Notice
from opencity_issues.procedure.refusals import Missing, NotPossible
from opencity_issues.queries.desk.queues import QUEUES
from tests.factories import NOON, person
from tests.issues.media_samples import photo

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MEETING = NOON + 3 * DAY
LATER = NOON + HOUR
CONTACT = "050 777 88 99"
WORDS = InitiativeWords(
    text="Пофарбуємо лавки й приберемо листя.",
    starts_at=MEETING,
    place="Біля першого під’їзду",
    needed="Рукавиці",
    tasks=["Принести фарбу", "Вивезти мішки"],
    contact=CONTACT,
)


@pytest.fixture
def started(town):
    """A meeting of the neighbour's on the author's issue, in three days."""
    return organise_initiative.start(town.issue(address="вул. Шкільна, 1"), WORDS, actor=town.neighbour, now=NOON)


@pytest.fixture
def helper(town):
    return person("helper@people.example", name="Ірина Помічна")


@pytest.fixture
def private_media(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(initiative, deed=""):
    return reverse(f"opencity_issues:initiative_{deed}" if deed else "opencity_issues:initiative", args=[initiative.pk])


def card(issue, client=None):
    return (client or Client()).get(reverse("opencity_issues:card", args=[issue.number])).content.decode()


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def letters():
    mail.outbox.clear()
    send_waiting()
    return {one.to[0]: one for one in mail.outbox}


def queue(name, town, now=NOON):
    return [one.number for row in QUEUES if row.name == name for one in row.found(town.ngo, now)]


# --- gathering --------------------------------------------------------------------------------------------------------


def test_who_gathers_others_takes_part_and_the_status_stays(town, started):
    issue = fresh(started.issue)
    assert issue.status == Status.OPEN
    assert [one.user for one in started.participants.all()] == [town.neighbour]
    event = issue.events.get(kind=EventKind.INITIATIVE_STARTED)
    assert (event.actor, event.party, event.data) == (
        town.neighbour,
        "citizen",
        {"initiative": started.pk, "day": "2026-03-05"},
    )


@pytest.mark.parametrize("situation", ["close", "archive"])
def test_what_is_solved_needs_nobody(town, situation):
    issue = getattr(town, situation)(town.issue())
    with pytest.raises(NotPossible):
        organise_initiative.start(issue, WORDS, actor=town.neighbour, now=LATER)


def test_what_is_not_published_gathers_nobody(town):
    issue = town.issue()
    take_down(issue, ground="terms", reason="Реклама", actor=town.moderator, organisation=town.ngo, now=NOON)
    with pytest.raises(NotPossible):
        organise_initiative.start(issue, WORDS, actor=town.neighbour, now=LATER)


def test_there_is_one_at_a_time_and_another_after_it(town, started, helper):
    issue = started.issue
    with pytest.raises(NotPossible):
        organise_initiative.start(issue, WORDS, actor=helper, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.create(issue=issue, text="Ще", starts_at=MEETING, place="Тут")
    organise_initiative.call_off(started, "Злива.", actor=town.neighbour, now=LATER)
    organise_initiative.start(issue, WORDS, actor=helper, now=LATER)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("starts_at", {"starts_at": NOON - HOUR}),
        ("starts_at", {"starts_at": NOON + 400 * DAY}),
        ("text", {"text": " "}),
        ("place", {"place": ""}),
        ("tasks", {"tasks": ["я" * 201]}),
        ("tasks", {"tasks": [str(number) for number in range(21)]}),
        ("needed", {"needed": "бляшана хуйня"}),
    ],
)
def test_what_cannot_be_announced_is_told_at_its_field(town, field, said):
    words = InitiativeWords(**{"text": "Приберемо", "starts_at": MEETING, "place": "Тут", **said})
    town.city.config.stop_words = "хуйня"
    town.city.config.save()
    with pytest.raises(Missing) as missing:
        organise_initiative.start(town.issue(), words, actor=town.neighbour, now=NOON)
    assert set(missing.value.fields) == {field}


def test_nobody_floods_the_city_with_meetings(town):
    for _number in range(organise_initiative.PLANNED_AT_MOST):
        organise_initiative.start(town.issue(), WORDS, actor=town.neighbour, now=NOON)
    with pytest.raises(NotPossible):
        organise_initiative.start(town.issue(), WORDS, actor=town.neighbour, now=NOON)


def test_nobody_floods_neighbours_with_changes(town, started):
    for number in range(organise_initiative.SAID_A_DAY - 1):
        organise_initiative.change(
            started, InitiativeWords(f"Так {number}", MEETING, "Тут"), actor=town.neighbour, now=LATER
        )
    with pytest.raises(NotPossible):
        organise_initiative.change(started, WORDS, actor=town.neighbour, now=LATER)
    organise_initiative.change(started, WORDS, actor=town.neighbour, now=LATER + DAY)


# --- taking part ------------------------------------------------------------------------------------------------------


def test_a_task_has_one_taker_who_joins_by_it_and_may_give_it_back(town, started, helper):
    task = started.tasks.first()
    take_part.take_task(task, actor=helper, now=LATER)
    assert started.participants.filter(user=helper).exists()
    with pytest.raises(NotPossible):
        take_part.take_task(task, actor=town.author, now=LATER)
    take_part.take_task(task, actor=helper, now=LATER)
    assert fresh(task).taken_by is None


def test_who_does_not_come_leaves_the_tasks_to_others(town, started, helper):
    take_part.join(started, actor=helper, now=LATER)
    take_part.join(started, actor=helper, now=LATER)
    take_part.take_task(started.tasks.first(), actor=helper, now=LATER)
    take_part.leave(started, actor=helper, now=LATER)
    assert not started.participants.filter(user=helper).exists()
    assert not started.tasks.filter(taken_by=helper).exists()


def test_nobody_joins_what_is_over(town, started, helper):
    with pytest.raises(NotPossible):
        take_part.join(started, actor=helper, now=MEETING + 3 * HOUR)
    organise_initiative.call_off(started, "Злива.", actor=town.neighbour, now=LATER)
    with pytest.raises(NotPossible):
        take_part.join(started, actor=helper, now=LATER)


def test_a_change_keeps_the_takers_of_tasks_that_stay(town, started, helper):
    take_part.take_task(started.tasks.get(text="Принести фарбу"), actor=helper, now=LATER)
    words = InitiativeWords("Тільки лавки", MEETING, "Біля арки", tasks=["Пензлі", "Принести фарбу"])
    organise_initiative.change(started, words, actor=town.neighbour, now=LATER)
    assert [(one.text, one.taken_by) for one in started.tasks.all()] == [("Пензлі", None), ("Принести фарбу", helper)]


# --- letters ----------------------------------------------------------------------------------------------------------


def test_the_author_and_the_moderator_hear_of_it(town, started):
    sent = letters()
    assert "5 березня 2026" in sent["author@people.example"].body
    assert "T3" in sent["ngo@city.example"].body
    assert "neighbour@people.example" not in sent


def test_those_who_joined_hear_of_a_change_with_the_contact_and_a_file_for_their_calendar(town, started, helper):
    take_part.join(started, actor=helper, now=LATER)
    letters()
    words = InitiativeWords("Пофарбуємо", MEETING + DAY, "Біля арки", contact=CONTACT)
    organise_initiative.change(started, words, actor=town.neighbour, now=LATER)
    sent = letters()
    assert set(sent) == {"helper@people.example"}
    letter = sent["helper@people.example"]
    assert "Біля арки" in letter.body
    assert CONTACT in letter.body
    [(name, content, kind)] = letter.attachments
    assert (name, kind) == ("meeting.ics", "text/calendar")
    assert "DTSTART:20260306T100000Z" in content


def test_who_left_hears_nothing_and_a_called_off_meeting_cancels_its_calendar_entry(town, started, helper):
    take_part.join(started, actor=helper, now=LATER)
    take_part.join(started, actor=town.author, now=LATER)
    letters()
    take_part.leave(started, actor=town.author, now=LATER)
    organise_initiative.call_off(started, "Злива.", actor=town.neighbour, now=LATER)
    sent = letters()
    assert set(sent) == {"helper@people.example"}
    assert "Злива." in sent["helper@people.example"].body
    assert "STATUS:CANCELLED" in sent["helper@people.example"].attachments[0][1]


def test_the_day_before_each_is_reminded_once_and_the_organiser_asked_once_after(town, started, helper):
    take_part.join(started, actor=helper, now=LATER)
    letters()
    assert watch_initiatives.watch_initiatives(MEETING - 2 * DAY) == 0
    for _again in range(2):
        watch_initiatives.watch_initiatives(MEETING - 12 * HOUR)
    assert set(letters()) == {"helper@people.example", "neighbour@people.example"}
    assert Notice.objects.filter(template="initiative_reminder").count() == 2
    for _again in range(2):
        watch_initiatives.watch_initiatives(MEETING + DAY)
    assert set(letters()) == {"neighbour@people.example"}
    assert Notice.objects.filter(template="initiative_ask_result").count() == 1


def test_a_meeting_put_off_is_reminded_of_anew(town, started):
    watch_initiatives.watch_initiatives(MEETING - 12 * HOUR)
    words = InitiativeWords("Пофарбуємо", MEETING + 7 * DAY, "Біля арки")
    organise_initiative.change(started, words, actor=town.neighbour, now=MEETING - 11 * HOUR)
    watch_initiatives.watch_initiatives(MEETING + 6 * DAY + HOUR)
    assert Notice.objects.filter(template="initiative_reminder").count() == 2


def test_the_forgotten_end_after_thirty_days_by_the_system_and_others_may_begin(town, started, helper):
    issue = started.issue
    assert watch_initiatives.watch_initiatives(MEETING + 29 * DAY) == 0
    assert watch_initiatives.watch_initiatives(MEETING + 31 * DAY) == 1
    assert watch_initiatives.watch_initiatives(MEETING + 31 * DAY) == 0
    assert fresh(started).state == UndertakingState.CANCELLED
    event = Event.objects.get(issue=issue, kind=EventKind.INITIATIVE_CANCELLED)
    assert (event.party, event.data["forgotten"]) == ("system", True)
    assert "За 30 днів" in card(issue)
    words = InitiativeWords("Знову", MEETING + 40 * DAY, "Там само")
    organise_initiative.start(issue, words, actor=helper, now=MEETING + 31 * DAY)


# --- the moderator: T3, T7, hiding ------------------------------------------------------------------------------------


def test_the_whole_way_from_the_card_to_closed_by_self_organisation(town, started, helper, private_media):
    with time_machine.travel(NOON + HOUR, tick=False):
        assert queue("gathered", town) == [started.issue.number]
        moderator = signed_in(town.moderator)
        page = moderator.get(url(started)).content.decode()
        assert 'name="transition" value="T3"' in page
        assert "збираються 5 березня 2026" in page
        answer = moderator.post(url(started, "move"), {"transition": "T3", "words": "Мешканці беруться самі."})
        assert answer.status_code == 302
    assert fresh(started.issue).status == Status.ACCEPTED
    assert queue("gathered", town) == []
    with time_machine.travel(MEETING + 3 * HOUR, tick=False):
        organiser = signed_in(town.neighbour)
        picture = SimpleUploadedFile("after.jpg", photo("JPEG"), content_type="image/jpeg")
        answer = organiser.post(url(started, "report"), {"text": "Лавки як нові.", "files": [picture]})
        assert answer.status_code == 302, answer.content.decode()
        assert queue("done-by-residents", town, MEETING + 3 * HOUR) == [started.issue.number]
        page = moderator.get(url(started)).content.decode()
        assert 'name="transition" value="T7"' in page
        moderator.post(url(started, "move"), {"transition": "T7", "words": "Перевірено: лавки як нові."})
        shown = card(started.issue)
    assert fresh(started.issue).status == Status.CLOSED
    assert "Лавки як нові." in shown
    assert Media.objects.get().token in shown
    assert queue("done-by-residents", town, MEETING + 3 * HOUR) == []


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "controller"])
@pytest.mark.parametrize("transition", ["T3", "T7", "T13", "T2", "x"])
def test_the_moderator_alone_moves_the_issue_and_by_these_two_alone(town, started, who, transition):
    with time_machine.travel(LATER, tick=False):
        answer = signed_in(getattr(town, who)).post(
            url(started, "move"), {"transition": transition, "words": "Прийнято."}
        )
        assert answer.status_code == 403
        if transition not in ("T3", "T7"):
            answer = signed_in(town.moderator).post(url(started, "move"), {"transition": transition, "words": "Так."})
            assert answer.status_code == 409
    assert fresh(started.issue).status == Status.OPEN


def test_the_desk_has_the_words_of_t3_ready(town, started):
    with time_machine.travel(LATER, tick=False):
        page = signed_in(town.moderator).get(
            f"/organisations/ngo/cabinet/?queue=gathered&issue={started.issue.number}&do=T3"
        )
    assert "збираються 5 березня 2026" in page.content.decode()
    assert "мешканці збираються розв’язати її самі" in page.content.decode().lower()


def test_what_the_moderator_hides_is_gone_for_all_but_the_organiser_and_comes_back(town, started, helper):
    take_part.join(started, actor=helper, now=LATER)
    letters()
    with time_machine.travel(LATER, tick=False):
        moderator = signed_in(town.moderator)
        assert moderator.post(url(started, "hide"), {"reason": ""}).status_code == 400
        assert moderator.post(url(started, "hide"), {"reason": "Реклама"}).status_code == 302
        assert Client().get(url(started)).status_code == 404
        assert signed_in(helper).get(url(started)).status_code == 404
        assert "Реклама" in signed_in(town.neighbour).get(url(started)).content.decode()
        assert "Пофарбуємо" not in card(started.issue)
        assert "Пофарбуємо" not in Client().get(reverse("opencity_issues:together")).content.decode()
        assert "Реклама" in letters()["helper@people.example"].body
        with pytest.raises(NotPossible):
            take_part.join(started, actor=town.author, now=LATER)
        moderator.post(url(started, "hide"), {"do": "show"})
        assert Client().get(url(started)).status_code == 200


def test_what_was_hidden_does_not_come_back_over_a_newer_one(town, started, helper):
    by = {"actor": town.moderator, "organisation": town.ngo, "now": LATER}
    moderate_undertaking.hide(started, reason="Реклама", **by)
    organise_initiative.start(started.issue, WORDS, actor=helper, now=LATER)
    with pytest.raises(NotPossible):
        moderate_undertaking.show_again(started, **by)


def test_a_result_hidden_with_its_meeting_is_not_read_on_the_card(town, started):
    organise_initiative.report_result(started, "Найкращі ціни!", actor=town.neighbour, now=LATER)
    moderate_undertaking.hide(started, reason="Реклама", actor=town.moderator, organisation=town.ngo, now=LATER)
    with time_machine.travel(LATER, tick=False):
        assert "Найкращі ціни!" not in card(started.issue)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_way_of_a_resident_through_the_pages(town):
    issue = town.issue()
    with time_machine.travel(LATER, tick=False):
        client = signed_in(town.neighbour)
        start = reverse("opencity_issues:initiative_start", args=[issue.number])
        assert start in card(issue)
        empty = client.post(start, {"text": "", "starts_at": "", "place": ""})
        assert empty.status_code == 400
        filled = {
            "text": "Приберемо",
            "starts_at": "2026-03-07T10:00",
            "place": "Біля арки",
            "tasks": "Граблі\nМішки",
            "contact": CONTACT,
        }
        answer = client.post(start, filled)
        made = Initiative.objects.get()
        assert answer["Location"] == made.get_absolute_url()
        assert made.starts_at.isoformat() == "2026-03-07T08:00:00+00:00"
        assert [one.text for one in made.tasks.all()] == ["Граблі", "Мішки"]
        again = client.get(start).content.decode()
        assert "приєднуйтеся до них" in again
        assert "2026-03-07T10:00" in client.get(url(made, "change")).content.decode()
        assert signed_in(town.author).get(url(made, "change")).status_code == 404
        calendar = Client().get(url(made, "calendar"))
        assert calendar["Content-Type"].startswith("text/calendar")
        assert CONTACT not in calendar.content.decode()


def test_a_visitor_is_asked_to_sign_in_and_comes_back(town, started):
    with time_machine.travel(LATER, tick=False):
        answer = Client().post(url(started, "join"))
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
        assert "next=" in answer["Location"]
    assert started.participants.count() == 1


def test_from_the_card_one_tap_joins_and_leads_back_to_the_card(town, started, helper):
    with time_machine.travel(LATER, tick=False):
        answer = signed_in(helper).post(url(started, "join"), {"back": "card"})
        assert answer["Location"] == f"{started.issue.get_absolute_url()}#together"
        assert "Ви берете участь" in card(started.issue, signed_in(helper))


def test_contact_and_names_are_for_those_who_take_part_and_nobody_else(town, started, helper):
    for one in (town.neighbour, helper):
        one.opencity_citizen.show_name = True
        one.opencity_citizen.save()
    take_part.take_task(started.tasks.first(), actor=helper, now=LATER)
    secrets = (CONTACT, "Петро Сусід", "Ірина Помічна", "neighbour@people", "helper@people")
    with time_machine.travel(LATER, tick=False):
        strangers = [
            Client(),
            *(signed_in(one) for one in (town.author, town.roads_worker, town.controller, town.moderator)),
        ]
        for client in strangers:
            told = card(started.issue, client) + client.get(url(started)).content.decode()
            told += client.get(reverse("opencity_issues:together")).content.decode()
            told += client.get(f"/api/v1/issues/{started.issue.number}/").content.decode()
            told += client.get(f"/api/v1/issues/{started.issue.number}/events/").content.decode()
            assert [secret for secret in secrets if secret in told] == []
        page = signed_in(helper).get(url(started))
        assert CONTACT in page.content.decode()
        assert "Петро Сусід" in page.content.decode()
        assert page["Cache-Control"] == "no-store, private"


def test_the_organisers_name_is_public_by_choice_alone(town, started):
    words = InitiativeWords("Приберемо", MEETING, "Тут", show_organiser=True)
    organise_initiative.change(started, words, actor=town.neighbour, now=LATER)
    with time_machine.travel(LATER, tick=False):
        assert "Петро Сусід" in Client().get(url(started)).content.decode()


def test_of_an_issue_that_is_not_public_nothing_is_seen(town, started):
    take_down(started.issue, ground="terms", reason="Ні", actor=town.moderator, organisation=town.ngo, now=LATER)
    with time_machine.travel(LATER, tick=False):
        assert Client().get(url(started)).status_code == 404
        assert Client().get(url(started, "calendar")).status_code == 404
        assert "Пофарбуємо" not in Client().get(reverse("opencity_issues:together")).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_of_meetings_costs_the_same(town, django_assert_max_num_queries, many):
    users = [person(f"organiser{number}@people.example") for number in range(many)]
    for user in users:
        made = organise_initiative.start(town.issue(author=user), WORDS, actor=user, now=NOON)
        take_part.join(made, actor=town.neighbour, now=NOON)
    for user in users[: many // 2]:
        done = Initiative.objects.filter(organiser=user).get()
        organise_initiative.report_result(done, "Готово", actor=user, now=NOON)
    with time_machine.travel(LATER, tick=False), django_assert_max_num_queries(15):
        page = Client().get(reverse("opencity_issues:together")).content.decode()
    assert page.count('class="leaf"') == many - many // 2


@pytest.mark.parametrize("many", [1, 30])
def test_a_meeting_and_its_card_cost_the_same_however_many_come(town, started, django_assert_max_num_queries, many):
    for number in range(many):
        take_part.join(started, actor=person(f"p{number}@people.example"), now=LATER)
    client = signed_in(town.moderator)
    with time_machine.travel(LATER, tick=False):
        client.get(url(started))
        with django_assert_max_num_queries(20):
            assert client.get(url(started)).status_code == 200
        with django_assert_max_num_queries(20):
            assert str(many + 1) in card(started.issue, client)


def test_a_moderator_who_left_moves_nothing(town, started):
    client = signed_in(town.moderator)
    town.join(town.ngo, person("second@ngo.example"))
    leave_organisation(town.ngo.memberships.get(user=town.moderator), actor=town.moderator, now=NOON)
    with time_machine.travel(LATER, tick=False):
        assert client.post(url(started, "move"), {"transition": "T3", "words": "Так."}).status_code == 403
    assert IssuePage.objects.get().status == Status.OPEN
