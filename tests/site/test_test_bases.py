"""The shared bases of the tests do what the other tests trust them to do."""

import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from wagtail.models import Locale, Page, Site

from opencity_site.users.models import User
from tests.browser_fixtures import PageWatch

# As the migrations leave it.
BASE = {"pages": 2, "sites": 1, "locales": 1}


def base_counts() -> dict[str, int]:
    return {"pages": Page.objects.count(), "sites": Site.objects.count(), "locales": Locale.objects.count()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_transaction_tests_find_the_database_as_migrated(turn):
    assert base_counts() == BASE
    assert not User.objects.exists()
    User.objects.create_user("ivan@city.example")
    root = Page.objects.get(depth=1)
    root.add_child(instance=Page(title="Сторінка", slug=f"page-{turn}"))
    Page.objects.filter(depth=2).first().delete()


@pytest.mark.django_db(transaction=True)
def test_triggers_guard_events_during_and_after_transaction_tests():
    triggers = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'opencity_issues_event'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'opencity_issues_event'::regclass AND NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(triggers[connection.vendor])
        assert {row[0] for row in cursor.fetchall()} == {"opencity_event_no_update", "opencity_event_no_delete"}


def test_smtp_catcher_receives_over_smtp(smtp_catcher):
    message = EmailMultiAlternatives(
        "Яма", "Текст", "city@city.example", ["roads@city.example"], bcc=["x@city.example"]
    )
    message.attach_alternative("<p>Текст</p>", "text/html")
    assert message.send() == 1
    (caught,) = smtp_catcher.to("roads@city.example")
    assert caught.recipients == ["roads@city.example", "x@city.example"]
    assert caught.message["Subject"] == "Яма"
    assert caught.text.strip() == "Текст"
    assert caught.html.strip() == "<p>Текст</p>"


def test_smtp_catcher_can_refuse(smtp_catcher):
    smtp_catcher.refusal = "550 no such user"
    with pytest.raises(smtplib.SMTPDataError):
        EmailMultiAlternatives("Яма", "Текст", "city@city.example", ["gone@city.example"]).send()
    assert not smtp_catcher.mails


def test_watch_reports_what_no_test_allowed():
    watch = PageWatch("http://localhost:1")
    watch.faults = ["foreign host: https://cdn.example/x.js", "console: status of 409"]
    watch.allow("status of 409")
    assert watch.unexpected() == ["foreign host: https://cdn.example/x.js"]
