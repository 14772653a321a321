"""Training seminars (5.6): announced, signed up for, reminded of exactly once, held, counted, cancelled; and their calendar file."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.consultation import hold_seminar as actions
from opencity_issues.actions.consultation.calendar_file import seminar_file
from opencity_issues.actions.consultation.hold_seminar import Guest, SeminarWords
from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.models import Attendance, Notice, Seminar
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.consultation import consultation_figures
from tests.factories import NOON, person

pytestmark = pytest.mark.django_db

BEGINS = NOON + timedelta(days=7)
WORDS = SeminarWords("Робота в кабінеті", BEGINS, "вул. Шкільна, 6", 90, "1. Порядок\n2. Питання")


def who(town, name):
    if name == "anonymous":
        return AnonymousUser()
    if name == "operator":
        return person("operator@people.example", is_superuser=True)
    return getattr(town, name)


def room(organisation, name="seminars", *args):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug, *args])


def letters(template):
    return list(Notice.objects.filter(template=template).order_by("pk"))


@pytest.fixture
def moderating(town):
    return {"actor": town.moderator, "organisation": town.ngo}


@pytest.fixture
def seminar(town, moderating):
    return actions.announce_seminar(town.city, WORDS, now=NOON, **moderating)


@pytest.fixture
def signed(town, seminar):
    actions.sign_up(seminar, actor=town.roads_worker, organisation=town.roads, now=NOON)
    actions.sign_up(seminar, actor=town.lighting_worker, organisation=town.lighting, now=NOON)
    return seminar


@pytest.mark.parametrize(
    "name", ["author", "neighbour", "anonymous", "operator", "roads_worker", "lighting_worker", "controller"]
)
def test_the_moderator_alone_holds_seminars(town, signed, name):
    organisation = {"roads_worker": town.roads, "controller": town.control}.get(name, town.ngo)
    by = {"actor": who(town, name), "organisation": organisation}
    deeds = [
        lambda: actions.announce_seminar(town.city, WORDS, now=NOON, **by),
        lambda: actions.change_seminar(signed, WORDS, now=NOON, **by),
        lambda: actions.cancel_seminar(signed, "Хвороба", now=NOON, **by),
        lambda: actions.mark_attendance(signed, [], now=BEGINS, **by),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted):
            deed()
    assert Seminar.objects.get().cancelled_at is None


@pytest.mark.parametrize("name", ["author", "neighbour", "anonymous", "operator", "lighting_worker", "moderator"])
def test_members_alone_sign_up_and_withdraw_for_their_organisation(town, seminar, name):
    actor = who(town, name)
    for deed in (actions.sign_up, actions.withdraw_from):
        with pytest.raises(NotPermitted):
            deed(seminar, actor=actor, organisation=town.roads, now=NOON)
    assert not Attendance.objects.exists()


def test_an_announced_seminar_is_told_to_every_organisation_with_its_date(town, seminar):
    assert {one.organisation.slug for one in letters("seminar")} == {"roads", "lighting", "housing", "control"}
    letter = compose([next(one for one in letters("seminar") if one.organisation == town.roads)])
    assert letter.to == ["roads@city.example"]
    assert "Робота в кабінеті" in letter.subject
    assert "вул. Шкільна, 6" in letter.body
    assert "12:00" in letter.body  # in the city's time, not in UTC
    assert f"/organisations/roads/cabinet/consultation/seminars/{seminar.pk}/" in letter.body
    (name, content, kind) = letter.attachments[0]
    assert (name, kind) == ("seminar.ics", "text/calendar")
    assert "DTSTART:20260309T100000Z" in content


def test_signing_up_twice_counts_once_and_withdrawing_takes_it_back(town, seminar):
    by = {"actor": town.roads_worker, "organisation": town.roads, "now": NOON}
    first, second = actions.sign_up(seminar, **by), actions.sign_up(seminar, **by)
    assert first.pk == second.pk
    actions.withdraw_from(seminar, **by)
    actions.withdraw_from(seminar, **by)
    assert not Attendance.objects.exists()


def test_the_list_is_closed_once_it_begins_or_is_cancelled(town, signed, moderating):
    late = {"actor": town.housing_worker, "organisation": town.housing}
    for deed in (actions.sign_up, actions.withdraw_from):
        with pytest.raises(NotPossible):
            deed(signed, now=BEGINS, **late)
    for deed in (
        lambda: actions.change_seminar(signed, WORDS, now=BEGINS, **moderating),
        lambda: actions.cancel_seminar(signed, "Пізно", now=BEGINS, **moderating),
    ):
        with pytest.raises(NotPossible):
            deed()
    actions.cancel_seminar(signed, "Хвороба", now=NOON, **moderating)
    with pytest.raises(NotPossible):
        actions.sign_up(signed, now=NOON, **late)
    with pytest.raises(NotPossible):
        actions.cancel_seminar(signed, "Ще раз", now=NOON, **moderating)
    with pytest.raises(NotPossible):
        actions.mark_attendance(signed, [], now=BEGINS, **moderating)


def test_those_on_the_list_are_told_why_it_is_cancelled(town, signed, moderating):
    with pytest.raises(Missing):
        actions.cancel_seminar(signed, " ", now=NOON, **moderating)
    actions.cancel_seminar(signed, "Зал зачинено на ремонт", now=NOON, **moderating)
    told = letters("seminar_cancelled")
    assert {one.user for one in told} == {town.roads_worker, town.lighting_worker}
    letter = compose([told[0]])
    assert "Зал зачинено на ремонт" in letter.body
    assert "STATUS:CANCELLED" in letter.attachments[0][1]


def test_only_another_time_or_place_is_written_about(town, signed, moderating):
    actions.change_seminar(signed, SeminarWords("Інша назва", BEGINS, WORDS.place), now=NOON, **moderating)
    assert not letters("seminar_changed")
    moved = SeminarWords("Інша назва", BEGINS + timedelta(hours=2), WORDS.place)
    actions.change_seminar(signed, moved, now=NOON, **moderating)
    assert len(letters("seminar_changed")) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"place": ""}, "place"),
        ({"starts_at": NOON}, "starts_at"),
        ({"minutes": 5}, "minutes"),
        ({"minutes": 5000}, "minutes"),
        ({"text": "x" * 5001}, "text"),
    ],
)
def test_what_is_announced_is_checked(town, moderating, changes, field):
    words = {"title": "Семінар", "starts_at": BEGINS, "place": "Тут", **changes}
    with pytest.raises(Missing) as refusal:
        actions.announce_seminar(town.city, SeminarWords(**words), now=NOON, **moderating)
    assert field in refusal.value.fields
    assert not Notice.objects.exists()


def test_the_reminder_comes_once_from_the_morning_of_the_day_before(town, signed):
    zone = town.city.config.zone
    morning = datetime(2026, 3, 8, 8, 0, tzinfo=zone)
    assert actions.remind_of_seminars(morning - timedelta(minutes=1)) == 0
    assert actions.remind_of_seminars(morning) == 2
    for later in (timedelta(minutes=1), timedelta(hours=20)):
        assert actions.remind_of_seminars(morning + later) == 0
    told = letters("seminar_reminder")
    assert {one.user for one in told} == {town.roads_worker, town.lighting_worker}
    letter = compose([told[0]])
    assert letter.to == [told[0].user.email]
    assert f"/cabinet/consultation/seminars/{signed.pk}/" in letter.body


def test_a_scheduler_that_was_off_still_reminds_and_none_comes_too_late(town, signed):
    assert actions.remind_of_seminars(BEGINS - timedelta(minutes=5)) == 2
    assert actions.remind_of_seminars(BEGINS) == 0
    Notice.objects.all().delete()
    assert actions.remind_of_seminars(BEGINS + timedelta(minutes=5)) == 0


def test_who_signs_up_on_the_last_day_or_withdraws_gets_no_reminder(town, signed):
    zone = town.city.config.zone
    evening = datetime(2026, 3, 8, 20, 0, tzinfo=zone)
    actions.withdraw_from(signed, actor=town.lighting_worker, organisation=town.lighting, now=NOON)
    actions.sign_up(signed, actor=town.housing_worker, organisation=town.housing, now=evening)
    assert actions.remind_of_seminars(evening) == 1


def test_a_seminar_put_off_reminds_again_and_a_cancelled_one_never(town, signed, moderating):
    assert actions.remind_of_seminars(BEGINS - timedelta(hours=3)) == 2
    later = SeminarWords(WORDS.title, BEGINS + timedelta(days=7), WORDS.place)
    actions.change_seminar(signed, later, now=BEGINS - timedelta(hours=2), **moderating)
    assert actions.remind_of_seminars(BEGINS) == 0
    assert actions.remind_of_seminars(BEGINS + timedelta(days=7, hours=-3)) == 2
    actions.cancel_seminar(signed, "Ні", now=BEGINS, **moderating)
    Notice.objects.filter(template="seminar_reminder").delete()
    assert actions.remind_of_seminars(BEGINS + timedelta(days=7, hours=-3)) == 0


def test_attendance_with_guests_counts_in_the_figures(town, signed, moderating):
    with pytest.raises(NotPossible):
        actions.mark_attendance(signed, [], now=NOON, **moderating)
    came = Attendance.objects.get(user=town.roads_worker)
    guests = [Guest(town.housing, "Ольга Гість"), Guest(town.roads, "Іван Майстер")]
    actions.mark_attendance(signed, [came.pk], guests, now=BEGINS, **moderating)
    rows = {(one.name or one.user.email): one.came for one in Attendance.objects.all()}
    assert rows == {
        "worker.roads@city.example": True,
        "worker.lighting@city.example": False,
        "Ольга Гість": True,
        "Іван Майстер": True,
    }
    day = BEGINS.date()
    figures = consultation_figures(town.city, day, day)
    assert (figures.seminars, figures.attended, figures.organisations) == (1, 3, 2)
    others = Attendance.objects.filter(name="Іван Майстер").values_list("pk", flat=True)
    actions.mark_attendance(signed, list(others), now=BEGINS, **moderating)
    assert Attendance.objects.filter(came=True).count() == 1


# --- the calendar file --------------------------------------------------------------------------------------------------


def unfolded(content):
    return content.replace("\r\n ", "").split("\r\n")


def test_the_file_keeps_to_rfc_5545(seminar):
    seminar.title = "Довга назва; з комою, косою \\ рискою і переносом" * 3
    seminar.text = "Перший рядок\nДругий\x07"
    content = seminar_file(seminar, "city.example", now=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    assert content.endswith("END:VCALENDAR\r\n")
    assert "\n" not in content.replace("\r\n", "")
    assert max(len(line.encode()) for line in content.split("\r\n")) <= 75
    lines = unfolded(content)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert f"UID:seminar-{seminar.pk}@city.example" in lines
    assert "DTSTAMP:20260301T120000Z" in lines
    assert "DTSTART:20260309T100000Z" in lines
    assert "DTEND:20260309T113000Z" in lines
    assert "DESCRIPTION:Перший рядок\\nДругий" in lines
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert "назва\\; з комою\\, косою \\\\ рискою" in summary
    assert "STATUS:CONFIRMED" in lines


def test_no_title_breaks_into_the_file(seminar):
    seminar.title = "А\r\nEND:VEVENT\r\nX:1"
    lines = unfolded(seminar_file(seminar, "city.example"))
    assert lines.count("END:VEVENT") == 1
    assert "X:1" not in lines


# --- over HTTP -----------------------------------------------------------------------------------------------------------


def test_from_the_announcement_to_the_sheet(town, client):
    begins = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    form = {
        "title": "Семінар",
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "minutes": "60",
        "place": "Тут",
        "text": "",
    }
    client.force_login(town.moderator)
    assert client.post(room(town.ngo), {**form, "title": ""}).status_code == 400
    assert client.post(room(town.ngo), {**form, "starts_at": "2020-01-01T10:00"}).status_code == 400
    made = client.post(room(town.ngo), form)
    found = Seminar.objects.get()
    assert made["Location"] == room(town.ngo, "seminar", found.pk)
    assert found.starts_at == begins

    client.force_login(town.roads_worker)
    own = room(town.roads, "seminar", found.pk)
    assert client.get(room(town.roads)).status_code == 200
    assert client.post(room(town.roads), form).status_code == 403
    assert client.post(own, {"do": "sign-up"}).status_code == 302
    assert "Працівник roads" in client.get(own).content.decode()
    for deed in ({"do": "cancel", "reason": "Бо"}, {"do": "attendance"}, {"do": "change", **form}):
        assert client.post(own, {**deed, "guests-TOTAL_FORMS": "0", "guests-INITIAL_FORMS": "0"}).status_code == 403
    assert client.post(own, {"do": "dance"}).status_code == 400
    assert client.get(room(town.roads, "seminar_sheet", found.pk)).status_code == 404
    file = client.get(room(town.roads, "seminar_calendar", found.pk))
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in file["Content-Disposition"]
    assert file.content.startswith(b"BEGIN:VCALENDAR\r\n")

    client.force_login(town.moderator)
    sheet = client.get(room(town.ngo, "seminar_sheet", found.pk)).content.decode()
    assert "Працівник roads" in sheet
    assert sheet.count('class="sheet__signature"') == 6
    held = room(town.ngo, "seminar", found.pk)
    key = Attendance.objects.get().pk
    lines = {"guests-TOTAL_FORMS": "2", "guests-INITIAL_FORMS": "0", "guests-0-name": "Гостя", "guests-1-name": ""}
    with time_machine.travel(begins + timedelta(hours=1)):
        client.force_login(town.moderator)
        assert client.post(held, {"do": "attendance", "came": key, **lines}).status_code == 400
        lines["guests-0-organisation"] = town.housing.pk
        assert client.post(held, {"do": "attendance", "came": key, **lines}).status_code == 302
        assert client.post(held, {"do": "cancel", "reason": "Пізно"}).status_code == 409
        assert client.get(held).status_code == 200
    assert Attendance.objects.filter(came=True).count() == 2


def test_a_seminar_is_cancelled_over_http(town, client, moderating):
    words = SeminarWords("Семінар", timezone.now() + timedelta(days=2), "Тут")
    found = actions.announce_seminar(town.city, words, **moderating)
    client.force_login(town.moderator)
    assert client.post(room(town.ngo, "seminar", found.pk), {"do": "cancel", "reason": ""}).status_code == 400
    assert client.post(room(town.ngo, "seminar", found.pk), {"do": "cancel", "reason": "Ремонт"}).status_code == 302
    client.force_login(town.roads_worker)
    assert "Ремонт" in client.get(room(town.roads, "seminar", found.pk)).content.decode()
    assert client.post(room(town.roads, "seminar", found.pk), {"do": "sign-up"}).status_code == 409


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_a_constant_number_of_queries(town, client, django_assert_max_num_queries, count):
    for number in range(count):
        one = Seminar.objects.create(
            city=town.city,
            title=f"Семінар {number}",
            starts_at=timezone.now() + timedelta(days=number - 15),
            place="Тут",
            held_by=town.ngo,
        )
    Attendance.objects.bulk_create(
        [Attendance(seminar=one, organisation=town.roads, name=f"Гість {number}", came=True) for number in range(count)]
    )
    client.force_login(town.moderator)
    for address in (room(town.ngo), room(town.ngo, "seminar", one.pk), room(town.ngo, "seminar_sheet", one.pk)):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
