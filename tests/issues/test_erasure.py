"""Erasing the own account: no table keeps the person, the city keeps what was reported, and a restored backup is replayed."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from opencity_issues.actions import contribute, correct_issue
from opencity_issues.actions.account.erase_account import erase_account, replay_erasures
from opencity_issues.actions.correct_issue import Changes
from opencity_issues.actions.follow import Place, follow
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.letters.tell_followers import tell_followers
from opencity_issues.actions.support_issue import support
from opencity_issues.actions.take_media import take
from opencity_issues.models import ApiToken, Contribution, Device, Draft, Erasure, IssuePage, Media, Membership, Support
from opencity_issues.models.media import private_storage
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.queries.circle import Circle
from opencity_issues.signals import account_erased
from opencity_site.demo_mail.models import DemoMessage
from tests.database import snapshot
from tests.factories import PLACE, Town, person
from tests.issues.account_steps import PASSWORD, with_password
from tests.issues.media_samples import uploaded

EMAIL, FIRST, LAST, PHONE = "kanareika@people.example", "Канарейка", "Співуча-Жовта", "+380 66 777 88 99"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def canary(town: Town, private_media: Any) -> Any:
    """Somebody who has used everything there is."""
    user = person(EMAIL, name=f"{FIRST} {LAST}")
    client = signed_in(user)
    client.get("/my/")
    own = town.issue(author=user, title="Яма", description=f"Дзвоніть {PHONE}", show_author=True, media=_photos(user))
    correct_issue.correct_own(
        own,
        Changes("Яма", "Глибока яма.", [own.categories.get()], PLACE, ""),
        actor=user,
    )
    other = town.issue(title="Ліхтар", categories=["2.2"])
    contribute.comment(other, "Слово канарейки.", actor=user)
    support(other, actor=user)
    follow(town.city, Place(f"Дім {LAST}", Circle(*PLACE, 500)), actor=user)
    Draft.objects.create(user=user, data={"what": {"title": f"Чернетка {PHONE}"}})
    take(uploaded(), uploader=user)
    ApiToken.issue_to(user, f"Ключ {LAST}")
    town.close(own)
    tell_followers()
    send_waiting()
    DemoMessage.objects.create(to=EMAIL, subject=f"Лист для {LAST}", text="")
    return user


def _photos(user: Any) -> list[Media]:
    return [take(uploaded(), uploader=user).media]


def found(*words: str) -> set[tuple[str, str]]:
    """In which tables each word stands."""
    return {
        (table, word)
        for table, (_columns, rows) in snapshot().items()
        for word in words
        if any(word.lower() in str(value).lower() for row in rows for value in row)
    }


def test_no_table_keeps_the_person(town: Town, canary: Any) -> None:
    assert {word for _table, word in found(EMAIL, FIRST, LAST, PHONE)} == {EMAIL, FIRST, LAST, PHONE}
    erase_account(canary)
    assert found(EMAIL, FIRST, LAST, PHONE) == set()


def test_the_city_keeps_what_was_reported(town: Town, canary: Any) -> None:
    issue = IssuePage.objects.get(author=canary)
    other = IssuePage.objects.get(title="Ліхтар")
    events = issue.events.count()
    erase_account(canary)
    issue.refresh_from_db()
    assert (issue.author, issue.public_author_name, issue.media.count()) == (None, "", 1)
    assert issue.events.count() == events
    assert Contribution.objects.get(kind="comment").author is None
    assert IssuePage.objects.get(pk=other.pk).support_count == 1
    assert not Support.objects.exists()
    card = Client().get(issue.get_absolute_url())
    assert card.status_code == 200
    assert "Слово канарейки." in Client().get(other.get_absolute_url()).content.decode()
    call_command("opencity_verify", stdout=StringIO())


def test_sessions_keys_drafts_and_unseen_files_go(
    town: Town, canary: Any, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = signed_in(canary)
    loose = Media.objects.get(issue=None)
    assert private_storage().exists(loose.file_names[0])
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(canary)
    assert elsewhere.get("/my/").status_code == 302
    assert not ApiToken.objects.exists()
    assert not Device.objects.exists()
    assert not Draft.objects.exists()
    assert not Media.objects.filter(pk=loose.pk).exists()
    assert not private_storage().exists(loose.file_names[0])


def test_a_member_of_an_organisation_leaves_first(town: Town) -> None:
    with pytest.raises(NotPossible):
        erase_account(town.roads_worker)
    assert signed_in(town.roads_worker).post("/my/data/erase/", {"proof": town.roads_worker.email}).status_code == 409
    Membership.objects.update(left_at=timezone.now())
    erase_account(town.roads_worker)


def test_an_operator_is_not_erased_by_a_click(town: Town) -> None:
    with pytest.raises(NotPossible):
        erase_account(person("root@city.example", is_superuser=True, is_staff=True))


@pytest.mark.parametrize("proof", ["", "wrong", "other@people.example"])
def test_it_is_confirmed_by_address_or_password(town: Town, proof: str) -> None:
    client = signed_in(town.author)
    assert client.post("/my/data/erase/", {"proof": proof}).status_code == 400
    keyed = signed_in(with_password(town.neighbour))
    assert keyed.post("/my/data/erase/", {"proof": proof or town.neighbour.email}).status_code == 400
    assert get_user_model().objects.filter(pk__in=[town.author.pk, town.neighbour.pk]).count() == 2
    answer = client.post("/my/data/erase/", {"proof": town.author.email.upper()})
    assert (answer.status_code, answer["Clear-Site-Data"]) == (200, '"cache", "cookies", "storage"')
    assert not get_user_model().objects.filter(pk=town.author.pk).exists()
    assert client.get("/my/").status_code == 302
    assert keyed.post("/my/data/erase/", {"proof": PASSWORD}).status_code == 200


def test_host_code_is_told_while_the_account_is_still_there(town: Town) -> None:
    seen = []

    def listen(sender: Any, user: Any, **_kwargs: Any) -> None:
        seen.append((user.email, get_user_model().objects.filter(pk=user.pk).exists()))

    account_erased.connect(listen)
    try:
        erase_account(town.author)
    finally:
        account_erased.disconnect(listen)
    assert seen == [("author@people.example", True)]


def test_a_restored_backup_is_erased_again(
    town: Town, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OPENCITY_ERASURE_LEDGER = str(tmp_path / "erased.txt")
    key, kept = town.author.pk, get_user_model().objects.filter(pk=town.author.pk).values().get()
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(town.author)
    get_user_model().objects.create(**kept)
    Erasure.objects.all().delete()
    assert replay_erasures() == []
    out = StringIO()
    for _again in range(2):
        call_command("opencity_replay_erasures", ledger=settings.OPENCITY_ERASURE_LEDGER, stdout=out)
    assert [line.rpartition(" ")[2] for line in out.getvalue().splitlines()] == ["1", "0"]
    assert not get_user_model().objects.filter(pk=key).exists()


def test_a_new_account_that_got_the_number_stays(town: Town) -> None:
    Erasure.objects.create(account=town.author.pk, erased_at=town.author.date_joined - timedelta(days=1))
    assert replay_erasures() == []
    assert get_user_model().objects.filter(pk=town.author.pk).exists()
