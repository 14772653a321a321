"""What a new city needs: named one by one with the way there, ticked by the operator, gone from the home when all is right."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule

from opencity_issues.models import (
    BackupRecord,
    Category,
    CitySettings,
    Membership,
    Notice,
    Organisation,
    Responsibility,
)
from opencity_issues.queries.first_run import TICKED, Item, first_run
from opencity_issues.signals import first_run_items
from tests.factories import Town, person

PAGE = "/admin/opencity/first-steps/"
PANEL = 'id="first-steps-'


@pytest.fixture
def operator(town: Town, client: Client) -> Any:
    user = person("operator@city.example", is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def no_more_items():
    """The lists of the package alone, whatever host and content add."""
    receivers, first_run_items.receivers = first_run_items.receivers, []
    first_run_items.sender_receivers_cache.clear()
    yield
    first_run_items.receivers = receivers
    first_run_items.sender_receivers_cache.clear()


def missing(town: Town) -> set[str]:
    city = type(town.city).objects.get(pk=town.city.pk)
    return {item.key for item in first_run(city).open}


def test_each_thing_goes_from_the_list_when_it_is_there(
    town: Town, operator: Any, client: Client, settings: Any, no_more_items: None
) -> None:
    settings.OPENCITY_BASE_URL = ""
    CitySettings.objects.update(control_mailbox="", support_email="", terms_url="", city_name="Відкрите Місто")
    Schedule.objects.update(next_run=timezone.now() - timedelta(hours=1))
    Organisation.objects.filter(pk=town.roads.pk).update(mailbox="")
    Membership.objects.filter(organisation__in=[town.control, town.lighting]).update(left_at=timezone.now())
    assert missing(town) == {
        *("name", "place", "map", "mailbox", "support", "terms", "control", "workers", "mailboxes", "matrix"),
        *("worker", "address", "mail", "backup", *TICKED),
    }
    page = client.get(PAGE).content.decode()
    assert "Бракує в: Дорожня служба." in page
    assert "Бракує в: Міськсвітло." in page
    assert PANEL in client.get("/admin/").content.decode()

    CitySettings.objects.update(
        control_mailbox="c@city.example", support_email="s@city.example", terms_url="/terms/", city_name="Тестове"
    )
    CitySettings.objects.update(west=25.81, base_map="osm")
    Organisation.objects.filter(pk=town.roads.pk).update(mailbox="roads@city.example")
    Membership.objects.update(left_at=None)
    for category in Category.objects.filter(parent=None):
        Responsibility.objects.get_or_create(category=category, organisation=town.roads)
    Schedule.objects.update(next_run=timezone.now() + timedelta(minutes=1))
    settings.OPENCITY_BASE_URL = "https://city.example"
    BackupRecord.objects.create(size=1, issues=1, files=1)
    assert missing(town) == {"mail", *TICKED}

    answer = client.post(PAGE, {"city": town.city.pk, "do": "mail"}, follow=True)
    assert "Лист надіслано на operator@city.example" in answer.content.decode()
    assert [letter.to for letter in mail.outbox] == [["operator@city.example"]]
    for key in TICKED:
        client.post(PAGE, {"city": town.city.pk, "do": "tick", "key": key})
    assert missing(town) == set()
    assert PANEL not in client.get("/admin/").content.decode()
    assert "місто може починати" in client.get(PAGE).content.decode()
    client.post(PAGE, {"city": town.city.pk, "do": "untick", "key": "person"})
    assert missing(town) == {"person"}


def test_mail_server_that_refuses_is_told_in_its_own_words(
    town: Town, operator: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr("opencity_issues.actions.city.first_run.send_mail", refuse)
    answer = client.post(PAGE, {"city": town.city.pk, "do": "mail"}, follow=True)
    assert "nobody listens" in answer.content.decode()
    assert "mail" in missing(town)
    town.issue()
    Notice.objects.update(sent_at=timezone.now())
    assert "mail" not in missing(town)
    assert client.post(PAGE, {"city": "x", "do": "tick"}).status_code == 404
    assert "Такого пункту" in client.post(PAGE, {"city": town.city.pk, "do": "tick"}, follow=True).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_few_queries(town: Town, count: int, django_assert_max_num_queries: Any) -> None:
    for number in range(count):
        Organisation.objects.create(city=town.city, slug=f"o{number}", name_uk=f"Організація {number}")
    city = type(town.city).objects.select_related("city_settings").get(pk=town.city.pk)
    with django_assert_max_num_queries(18):
        first_run(city)


def test_host_adds_what_it_needs_and_the_list_is_the_operators(town: Town, client: Client, no_more_items: None) -> None:
    def needs(sender: Any, city: Any, **_kwargs: Any) -> list[Item]:
        return [Item("flag", "The flag is raised", False)]

    first_run_items.connect(needs)
    assert "flag" in missing(town)
    for who in (town.moderator, town.controller):
        client.force_login(who)
        client.post(PAGE, {"city": town.city.pk, "do": "tick", "key": "person"})
    assert "person" in missing(town)
    editor = person("editor@city.example", is_staff=True)
    client.force_login(editor)
    assert PANEL not in client.get("/admin/").content.decode()
