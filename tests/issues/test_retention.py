"""Data about people go when nobody needs them any more: by one table, each night, and the operator sees it."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django_q.models import Task

from opencity_issues import conf, schedules, tasks
from opencity_issues.actions.city.imports.run import KINDS
from opencity_issues.actions.keep_retention import Rule, keep_retention, retention_table
from opencity_issues.models import (
    Assignment,
    Device,
    ExecutorLink,
    ImportFile,
    Invitation,
    Notice,
    RetentionRun,
    Submission,
)
from opencity_issues.signals import retention_rules
from tests.factories import Town, person

NOW = timezone.now().replace(microsecond=0)


def days(count: float) -> Any:
    return NOW - timedelta(days=count)


@pytest.fixture
def kept_and_old(town: Town) -> dict[str, Any]:
    """Of each kind one row that is still needed and one that is not."""
    issue = town.issue()
    assignment = issue.assignments.get()
    Assignment.objects.filter(pk=assignment.pk).update(executor_email="executor@people.example")
    for number, ended in enumerate((31, 29)):
        email = f"executor{number}@people.example"
        ExecutorLink.objects.create(assignment=assignment, name="Майстер", email=email, expires_at=days(ended))
        Invitation.objects.create(organisation=town.roads, email=email, digest=f"{number}" * 64, expires_at=days(ended))
    for number, age in enumerate((91, 89)):
        Submission.objects.create(user=town.author, key=f"k{number}", issue=issue, created_at=days(age))
        Notice.objects.create(
            recipient=f"user:{number}",
            template="t",
            key=f"{number}",
            created_at=days(age),
            last_error="550 <x@y.example>",
        )
        Task.objects.create(
            id=f"{number}" * 32, name=f"n{number}", func="f", started=days(age), stopped=days(age), success=False
        )
    waiting = Notice.objects.create(
        recipient="user:9", template="t", key="9", created_at=days(200), last_error="550", failed_at=days(190)
    )
    for number, age in enumerate((1.1, 0.9)):
        ImportFile.objects.create(
            city=town.city,
            kind=next(iter(KINDS)),
            name="x",
            content=b"x",
            uploaded_by=town.author,
            created_at=days(age),
        )
        store = import_module(django_settings.SESSION_ENGINE).SessionStore()
        store.set_expiry(-5 if number == 0 else 3600)
        store.save(must_create=True)
        Device.objects.create(user=town.author, session_key=store.session_key, created_at=days(9))
    return {"issue": issue, "waiting": waiting}


def test_what_is_old_goes_and_what_is_needed_stays(town: Town, kept_and_old: dict[str, Any]) -> None:
    assert keep_retention(NOW) == {
        "callers": 0,
        "executor_links": 1,
        "invitations": 1,
        "submissions": 1,
        "mail_errors": 2 - 1,
        "failures": 1,
        "import_files": 1,
        "sessions": 1,
    }
    assert sorted(ExecutorLink.objects.values_list("email", flat=True)) == ["", "executor1@people.example"]
    assert [one.email for one in Invitation.objects.all()] == ["executor1@people.example"]
    assert Submission.objects.get().key == "k1"
    # What was not delivered, and nobody has dealt with yet, keeps its reason.
    assert Notice.objects.get(pk=kept_and_old["waiting"].pk).last_error
    assert set(keep_retention(NOW).values()) == {0}
    keep_retention(NOW + timedelta(days=400))
    assert Assignment.objects.get(issue=kept_and_old["issue"]).executor_email == ""
    assert not ExecutorLink.objects.exclude(email="").exists()
    assert RetentionRun.objects.count() == 1


def test_days_are_the_hosts_to_set_and_the_host_adds_what_it_keeps(
    town: Town, kept_and_old: dict[str, Any], settings: Any
) -> None:
    settings.OPENCITY_RETENTION_DAYS = {"submissions": None, "invitations": 10, "letters": 3}
    asked: list[Any] = []

    def host(sender: Any, **_kwargs: Any) -> list[Rule]:
        return [Rule("letters", "Letters to the mayor", "the answer", 30, lambda before: asked.append(before) or 7)]

    retention_rules.connect(host)
    try:
        removed = keep_retention(NOW)
    finally:
        retention_rules.disconnect(host)
    assert removed["letters"] == 7
    assert asked == [days(3)]
    assert "submissions" not in removed
    assert removed["invitations"] == 2


def test_the_table_is_whole_and_the_operator_sees_it(town: Town, client: Client) -> None:
    assert {rule.key for rule in retention_table()} >= set(conf.RETENTION_DAYS)
    assert schedules.RUNS["opencity: retention"]["func"] == "opencity_issues.tasks.remove_what_is_old"
    client.force_login(person("operator@city.example", is_superuser=True, is_staff=True))
    page = client.get("/admin/opencity/operation/").content.decode()
    assert "Ще нічого не вилучено" in page
    assert "20 днів; відлік: проблема перейшла в архів" in page
    tasks.remove_what_is_old()
    page = client.get("/admin/opencity/operation/").content.decode()
    assert "Востаннє вилучено" in page
    assert page.count("data-rule=") == len(retention_table())
