"""The warning and the repeated message stand ready-written in the desk's form, and can be recorded as said by telephone."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from opencity_issues.enums import EventKind, Way
from opencity_issues.models import CitySettings, Contribution, Event, Notice
from tests.factories import NOON

LATE = NOON + timedelta(days=5)

pytestmark = pytest.mark.django_db


def desk(organisation, issue, deed):
    return f"{reverse('opencity_issues:cabinet', args=[organisation.slug])}?issue={issue.number}&do={deed}"


@pytest.fixture(autouse=True)
def by_hand(town):
    CitySettings.objects.filter(city=town.city).update(automatic_messages=False)


DESKS = [("warn", "control", "controller", "Термінове"), ("repeat", "ngo", "moderator", "Повторне")]


@pytest.mark.parametrize(("deed", "desk_of", "who", "word"), DESKS)
@time_machine.travel(LATE, tick=False)
def test_the_form_speaks_of_what_was_missed(town, client, deed, desk_of, who, word):
    issue = town.issue(categories=["3.8", "2.2.1"])
    town.accept(issue, town.roads, NOON + timedelta(hours=1))
    client.force_login(getattr(town, who))
    form = client.get(desk(getattr(town, desk_of), issue, deed)).context["form"]
    assert form.fields["organisation"].initial == town.lighting.pk
    text = form.fields["text"].initial
    assert text.startswith(word)
    for part in (str(issue.number), town.lighting.name, "4.3", "5 березня 2026"):
        assert part in text


@pytest.mark.parametrize(("deed", "desk_of", "who", "word"), DESKS)
def test_a_second_message_speaks_of_acceptance_again_and_not_of_the_head(town, client, deed, desk_of, who, word):
    """What the procedure warns about goes before the head not being informed (4.2), written about or not."""
    issue = town.issue()
    client.force_login(getattr(town, who))
    address = desk(getattr(town, desk_of), issue, deed)
    with time_machine.travel(LATE, tick=False):
        text = client.get(address).context["form"].fields["text"].initial
        assert client.post(address, {"organisation": town.roads.pk, "text": text}).status_code == 302
    with time_machine.travel(LATE + timedelta(days=3), tick=False):
        assert client.get(address).context["form"].fields["text"].initial == text
        assert "4.2" not in text


@time_machine.travel(NOON, tick=False)
def test_where_nothing_is_missed_the_text_is_ones_own(town, client):
    issue = town.issue()
    client.force_login(town.controller)
    assert not client.get(desk(town.control, issue, "warn")).context["form"].fields["text"].initial


@pytest.mark.parametrize(("deed", "desk_of", "who", "word"), DESKS)
@time_machine.travel(LATE, tick=False)
def test_a_text_left_as_it_is_becomes_that_of_the_organisation_chosen(town, client, deed, desk_of, who, word):
    issue = town.issue(categories=["3.8", "2.2.1"])
    client.force_login(getattr(town, who))
    address = desk(getattr(town, desk_of), issue, deed)
    form = client.get(address).context["form"]
    other = next(one for one in (town.roads, town.lighting) if one.pk != form.fields["organisation"].initial)
    text = form.fields["text"].initial.replace("\n", "\r\n")
    assert client.post(address, {"organisation": other.pk, "text": text}).status_code == 302
    words = Contribution.objects.get(kind__in=("warning", "repeated"))
    assert (words.organisation, words.way) == (other, Way.SYSTEM)
    assert words.text.startswith(word)
    assert other.name in words.text


@pytest.mark.parametrize(("deed", "desk_of", "who", "word"), DESKS)
@time_machine.travel(LATE, tick=False)
def test_what_was_said_by_telephone_is_recorded_at_the_desk(town, client, deed, desk_of, who, word):
    issue = town.issue()
    client.force_login(getattr(town, who))
    address = desk(getattr(town, desk_of), issue, deed)
    given = {"organisation": town.roads.pk, "way": "phone", "text": "Обіцяють прийняти сьогодні."}
    before = Notice.objects.count()
    assert client.post(address, given).status_code == 302
    event = Event.objects.get(kind__in=(EventKind.WARNING, EventKind.REPEATED))
    assert (event.data, event.contribution.text) == ({"way": "phone"}, given["text"])
    assert Notice.objects.count() == before
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "телефоном" in page


@time_machine.travel(LATE, tick=False)
def test_a_way_that_does_not_exist_is_refused(town, client):
    issue = town.issue()
    client.force_login(town.controller)
    given = {"organisation": town.roads.pk, "way": "pigeon", "text": "Прийміть."}
    assert client.post(desk(town.control, issue, "warn"), given).status_code == 400
    assert not Event.objects.filter(kind=EventKind.WARNING).exists()


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "lighting_worker", "moderator"])
@time_machine.travel(LATE, tick=False)
def test_nobody_else_records_a_telephone_warning(town, client, who):
    issue = town.issue()
    client.force_login(getattr(town, who))
    given = {"organisation": town.roads.pk, "way": "phone", "text": "Прийміть."}
    assert client.post(desk(town.control, issue, "warn"), given).status_code in (302, 403, 404)
    assert not Event.objects.filter(kind=EventKind.WARNING).exists()
