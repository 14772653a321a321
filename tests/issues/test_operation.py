"""The operator's page says at a glance whether the installation works."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from opencity_issues import schedules
from opencity_issues.models import BackupRecord, OutboxPause

PAGE = "/admin/opencity/operation/"


@pytest.fixture
def operator(client, town):
    user = get_user_model().objects.create_superuser(email="op@town.example", password="secret")
    client.force_login(user)
    return client


def test_a_worker_that_stands_still_is_seen(operator):
    schedules.install()
    Schedule.objects.update(next_run=timezone.now() + timedelta(seconds=30))
    page = operator.get(PAGE).content.decode()
    assert "Обробник завдань працює" in page
    assert "Листи, терміни й архівування" in page
    Schedule.objects.filter(name="opencity: sweep").update(next_run=timezone.now() - timedelta(minutes=6))
    assert "Обробник завдань зупинився" in operator.get(PAGE).content.decode()
    assert operator.get("/health/").json()["warnings"]["worker"]["behind"] == ["opencity: sweep"]


def test_a_backup_that_is_old_or_missing_is_seen(operator):
    assert "резервної копії немає" in operator.get(PAGE).content.decode()
    record = BackupRecord.objects.create(size=2_000_000, issues=40, files=70)
    assert "резервної копії немає" not in operator.get(PAGE).content.decode()
    BackupRecord.objects.filter(pk=record.pk).update(made_at=timezone.now() - timedelta(days=3))
    assert "резервної копії немає" in operator.get(PAGE).content.decode()


def test_letters_leave_again_by_a_post_alone(operator, town):
    town.issue()
    OutboxPause.objects.create(backup_of=timezone.now())
    assert "Листи не надсилаються" in operator.get(f"{PAGE}?old=send").content.decode()
    assert operator.get("/health/").json()["warnings"]["outbox"]
    operator.post(PAGE, {"old": "something"})
    assert OutboxPause.objects.exists()
    answer = operator.post(PAGE, {"old": "put_aside"}, follow=True)
    assert "Листи знову надсилаються" in answer.content.decode()
    assert not OutboxPause.objects.exists()


def test_the_page_is_the_operators_alone(client, town):
    OutboxPause.objects.create(backup_of=timezone.now())
    client.force_login(town.moderator)
    client.post(PAGE, {"old": "send"})
    assert OutboxPause.objects.exists()
    assert reverse("opencity_admin_operation:index") == PAGE
