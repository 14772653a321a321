"""The working group's pages (decision, 1 and 2): composition, meetings with figures, and a reminder to the secretary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from opencity_cms.models import GroupMember, MeetingPage, WorkingGroupPage
from opencity_cms.remind_secretary import remind_secretaries
from tests.factories import Town

MIDDLE = datetime(2026, 11, 15, 9, tzinfo=UTC)


@pytest.fixture
def group(db) -> WorkingGroupPage:
    Town(content=True)
    return WorkingGroupPage.objects.get(locale__language_code="uk")


def meet(group: WorkingGroupPage, starts_at: datetime, **more) -> MeetingPage:
    return group.add_child(
        instance=MeetingPage(title="Засідання", starts_at=starts_at, place="Мала зала", locale=group.locale, **more)
    )


def test_the_page_shows_composition_and_what_comes_next(group, client):
    GroupMember.objects.create(page=group, role="chair", position="Заступник міського голови", name="Ольга Іваненко")
    meet(group, timezone.now() + timedelta(days=3))
    page = client.get(group.url).content.decode()
    assert "Ольга Іваненко" in page
    assert "голова" in page
    assert "Найближче" in page
    assert "?format=ics" in page


def test_a_meeting_is_a_file_for_calendars(group, client):
    meeting = meet(group, datetime(2026, 12, 3, 13, tzinfo=UTC))
    answer = client.get(f"{meeting.url}?format=ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert "DTSTART:20261203T130000Z" in lines
    assert "DTEND:20261203T140000Z" in lines
    assert "LOCATION:Мала зала" in lines


def test_the_papers_tell_of_the_month_before_as_the_reports_count_it(group, client):
    town_issue_month = datetime(2026, 11, 3, 9, tzinfo=UTC)
    meeting = meet(group, town_issue_month)
    assert [day.isoformat() for day in meeting.period] == ["2026-10-01", "2026-10-31"]
    page = client.get(meeting.url).content.decode()
    assert "Ефективність за період" in page
    assert "report-table" in page


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends_at": datetime(2026, 12, 3, 12, tzinfo=UTC)}, "ends_at"),
        ({"first_day": date(2026, 11, 1)}, "last_day"),
        ({"first_day": date(2026, 11, 2), "last_day": date(2026, 11, 1)}, "last_day"),
    ],
    ids=["ends before it begins", "half a period", "a period backwards"],
)
def test_a_meeting_that_cannot_be_is_refused(group, fields, wrong):
    meeting = MeetingPage(
        title="Засідання", slug="x", starts_at=datetime(2026, 12, 3, 13, tzinfo=UTC), place="Зала", **fields
    )
    with pytest.raises(ValidationError) as refusal:
        meeting.clean()
    assert wrong in refusal.value.message_dict


@pytest.fixture
def reminded(group):
    group.secretary_email = "secretary@town.example"
    group.save()
    return group


def test_the_secretary_is_reminded_once_of_a_month_without_a_meeting(reminded, mailoutbox):
    assert remind_secretaries(datetime(2026, 11, 9, 9, tzinfo=UTC)) == 0
    assert remind_secretaries(MIDDLE) == 1
    assert remind_secretaries(MIDDLE + timedelta(days=1)) == 0
    assert remind_secretaries(datetime(2026, 12, 12, 9, tzinfo=UTC)) == 1
    assert [letter.to for letter in mailoutbox] == [["secretary@town.example"]] * 2
    assert "листопад 2026" in mailoutbox[0].subject


def test_nobody_is_reminded_of_a_month_with_a_meeting(reminded, mailoutbox):
    meet(reminded, datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert remind_secretaries(MIDDLE) == 0
    assert not mailoutbox


def test_a_letter_that_cannot_be_sent_is_tried_again(reminded, mailoutbox, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        with pytest.raises(ConnectionRefusedError):
            remind_secretaries(MIDDLE)
    assert remind_secretaries(MIDDLE) == 1
