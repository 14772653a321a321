""" "Me too": one a person, counted at once, followed by it, and no way for one account to lift a street of issues."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from opencity_issues.actions.moderate_issue import block_citizen, take_down
from opencity_issues.actions.support_issue import support, take_back
from opencity_issues.models import ApiToken, Follow, IssuePage, Support
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from tests.factories import NOON, Town, person
from tests.issues.account_steps import sign_in_by_form, with_password


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(issue: IssuePage, name: str = "card_support") -> str:
    return reverse(f"opencity_issues:{name}", args=[issue.number])


def counted(issue: IssuePage) -> tuple[int, int]:
    return IssuePage.objects.get(pk=issue.pk).support_count, Support.objects.filter(issue=issue).count()


def test_one_a_person_and_it_follows(town: Town) -> None:
    issue = town.issue()
    support(issue, actor=town.neighbour, now=NOON)
    assert support(issue, actor=town.neighbour, now=NOON).support_count == 1
    assert counted(issue) == (1, 1)
    assert Follow.objects.get(user=town.neighbour).issue_id == issue.pk


def test_taking_back_ends_the_following_that_came_with_it(town: Town) -> None:
    issue = town.issue()
    support(issue, actor=town.neighbour, now=NOON)
    assert take_back(issue, actor=town.neighbour).support_count == 0
    assert take_back(issue, actor=town.neighbour).support_count == 0
    assert counted(issue) == (0, 0)
    assert not Follow.objects.exists()


def test_a_following_from_before_stays(town: Town) -> None:
    issue = town.issue()
    Follow.objects.create(city=town.city, user=town.neighbour, issue=issue, created_at=NOON)
    support(issue, actor=town.neighbour, now=NOON + timedelta(minutes=1))
    take_back(issue, actor=town.neighbour)
    assert Follow.objects.filter(user=town.neighbour, issue=issue).count() == 1


def test_what_is_taken_down_is_not_supported(town: Town) -> None:
    issue = town.issue()
    take_down(issue, ground="terms", reason="Умови", actor=town.moderator, organisation=town.ngo)
    with pytest.raises(NotPossible):
        support(issue, actor=town.neighbour)
    assert counted(issue) == (0, 0)


def test_whoever_is_blocked_does_not_support(town: Town) -> None:
    issue = town.issue()
    block_citizen(town.neighbour, reason="Образи", actor=town.moderator, organisation=town.ngo)
    with pytest.raises(NotPermitted):
        support(issue, actor=town.neighbour)


@pytest.mark.parametrize(("setting", "later"), [("PER_HOUR", timedelta(hours=1)), ("PER_DAY", timedelta(days=1))])
def test_one_account_supports_so_many_and_goes_on_later(
    town: Town, settings: Any, setting: str, later: timedelta
) -> None:
    setattr(settings, f"OPENCITY_SUPPORTS_{setting}", 2)
    issues = [town.issue(author=person(f"{number}@people.example")) for number in range(3)]
    for issue in issues[:2]:
        support(issue, actor=town.neighbour, now=NOON)
    with pytest.raises(NotPossible):
        support(issues[2], actor=town.neighbour, now=NOON + later - timedelta(seconds=1))
    assert support(issues[2], actor=town.neighbour, now=NOON + later).support_count == 1


def test_many_accounts_at_one_address_support_so_many_and_another_address_goes_on(town: Town, settings: Any) -> None:
    settings.OPENCITY_SUPPORTS_PER_ADDRESS = 2
    cache.clear()
    issue = town.issue()
    people = [signed_in(person(f"{number}@people.example")) for number in range(4)]
    script = {"X-Requested-With": "fetch"}
    for client in people[:2]:
        assert client.post(url(issue), {"do": "support"}, headers=script).status_code == 200
    refused = people[2].post(url(issue), {"do": "support"}, headers=script)
    assert refused.status_code == 409
    assert "з вашої мережі" in refused.content.decode()
    assert people[2].post(f"/api/v1/issues/{issue.number}/support/").status_code == 409
    assert people[0].post(url(issue), {"do": "take_back"}, headers=script).status_code == 200
    for last, status in (("1", 200), ("2", 200), ("3", 409)):  # one customer's addresses are one
        answer = people[3].post(url(issue), {"do": "support"}, headers=script, REMOTE_ADDR=f"2001:db8::{last}")
        assert answer.status_code == status
    assert counted(issue) == (2, 2)


def test_on_the_card_without_a_script(town: Town) -> None:
    issue = town.issue()
    client = signed_in(town.neighbour)
    answer = client.post(url(issue), {"do": "support"})
    assert (answer.status_code, answer["Location"]) == (302, f"{issue.get_absolute_url()}#support")
    page = client.get(issue.get_absolute_url()).content.decode()
    assert 'aria-pressed="true"' in page
    client.post(url(issue), {"do": "take_back"})
    assert counted(issue) == (0, 0)


def test_a_script_gets_the_part_alone(town: Town) -> None:
    issue = town.issue()
    script = {"X-Requested-With": "fetch"}
    answer = signed_in(town.neighbour).post(url(issue), {"do": "support"}, headers=script)
    assert answer.status_code == 200
    assert "data-me-too" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Client().post(url(issue), {"do": "support"}, headers=script).status_code == 401


def test_the_author_has_no_button_and_is_refused(town: Town) -> None:
    issue = town.issue()
    client = signed_in(town.author)
    assert "data-me-too-form" not in client.get(issue.get_absolute_url()).content.decode()
    assert client.post(url(issue), {"do": "support"}).status_code == 403
    assert counted(issue) == (0, 0)


def test_pressed_before_signing_in_it_is_said_by_signing_in(town: Town) -> None:
    issue = town.issue()
    client = Client()
    assert "/login" in client.post(url(issue), {"do": "support"})["Location"]
    assert counted(issue) == (0, 0)
    sign_in_by_form(client, with_password(town.neighbour))
    assert counted(issue) == (1, 1)


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_leads_back_within_the_site_only(town: Town, wanted: str) -> None:
    issue = town.issue()
    client = signed_in(town.neighbour)
    assert client.post(url(issue), {"next": "/report/what/"})["Location"] == "/report/what/"
    assert client.post(url(issue), {"next": wanted})["Location"].startswith(issue.get_absolute_url())


def test_lists_and_the_maps_card_tell_the_count(town: Town, client: Client) -> None:
    issue = town.issue()
    support(issue, actor=town.neighbour)
    assert client.get(reverse("opencity_issues:issue_list")).context["rows"][0]["support_count"] == 1
    preview = client.get(url(issue, "card_preview")).content.decode()
    assert "data-me-too-form" in preview


def test_the_interface_counts_supports_and_takes_back(town: Town) -> None:
    issue = town.issue()
    address = f"/api/v1/issues/{issue.number}/support/"
    headers = {"Authorization": f"Token {ApiToken.issue_to(town.neighbour)}"}
    client = Client()
    assert client.get(address).json() == {"count": 0, "mine": False}
    assert client.post(address).status_code == 401
    first, again = (client.post(address, content_type="application/json", headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert json.loads(first.content) == json.loads(again.content) == {"count": 1, "mine": True}
    assert client.delete(address, headers=headers).json() == {"count": 0, "mine": False}
    own = {"Authorization": f"Token {ApiToken.issue_to(town.author)}"}
    assert client.post(address, content_type="application/json", headers=own).status_code == 403
