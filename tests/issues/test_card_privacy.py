"""Nothing of a person that he or she does not show, and no script that somebody wrote, reaches a card's reader."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute, correct_issue, moderate_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.models import Category, Citizen
from tests.factories import person

CANARIES = ("canary.author@", "canary.commenter@", "Канарка", "Коментарна", "worker.roads@", "Працівник")
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)//<a href=javascript:alert(1)>",
    "]]><!--<script>alert(1)</script>",
]

LIVE = ("<script>alert", "<img src=x", "<svg/onload", "<a href=javascript", "</textarea><script", "<!--<script")


@pytest.fixture
def now():
    return timezone.now()


def address(issue, deed="card"):
    return reverse(f"opencity_issues:{deed}", args=[issue.number])


def surfaces(issue, client):
    """All that the card's addresses say to a visitor, headers too."""
    answers = [client.get(address(issue, deed)) for deed in ("card", "card_preview")]
    answers.append(client.get(address(issue), {"comments": "all"}))
    return "".join(f"{answer.headers}{answer.content.decode()}" for answer in answers)


@pytest.fixture
def lively(town, now):
    """An issue on which everybody has done something."""
    author = person("canary.author@people.example", name="Марія Канарка")
    commenter = person("canary.commenter@people.example", name="Іван Коментарна")
    issue = town.issue(now=now - timedelta(days=2), author=author)
    present = correct_issue.Changes.of(issue)
    changes = correct_issue.Changes(
        "Інша назва", present.description, present.categories, present.location, "вул. Нова"
    )
    correct_issue.correct_own(issue, changes, actor=author, now=now)
    contribute.comment(issue, "Слово автора", actor=author, now=now)
    contribute.comment(issue, "Слово сусіда", actor=commenter, now=now)
    contribute.comment(issue, "Слово служби", actor=town.roads_worker, now=now)
    work.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads, now=now)
    contribute.reply(issue, "Ось тут.", actor=author, now=now)
    town.accept(issue, town.roads, now=now)
    town.finish(issue, town.roads, now=now)
    contribute.flag_unsolved(issue, "Не вирішено", actor=commenter, now=now)
    return issue


def test_a_stranger_and_a_neighbour_read_no_hidden_name_and_no_address(town, lively):
    neighbour = Client()
    neighbour.force_login(town.neighbour)
    for client in (Client(), neighbour):
        page = surfaces(lively, client)
        assert [canary for canary in CANARIES if canary in page] == []
        assert "Слово автора" in page
        assert "Слово служби" in page


@pytest.mark.parametrize("who", ["roads_worker", "controller", "moderator"])
def test_staff_read_the_authors_name_but_no_address_and_no_commenters_name(town, lively, who):
    client = Client()
    client.force_login(getattr(town, who))
    page = surfaces(lively, client)
    assert "Марія Канарка" in page
    assert [canary for canary in CANARIES if "@" in canary and canary in page] == []
    assert "Коментарна" not in page


def test_a_commenter_is_named_by_own_choice_and_the_author_only_by_the_issues(town, lively):
    Citizen.objects.update(show_name=True)
    page = surfaces(lively, Client())
    assert "Іван Коментарна" in page
    assert "Канарка" not in page


def test_a_worker_of_an_organisation_concerned_speaks_as_the_organisation(town, lively):
    Citizen.objects.update(show_name=True)
    talk = Client().get(address(lively)).context["card"].talk
    assert [(one.organisation, one.by_author) for one in talk] == [("", True), ("", False), ("Дорожня служба", False)]


def test_a_former_worker_and_one_of_another_organisation_speak_as_residents(town, now):
    issue = town.issue(now=now)
    contribute.comment(issue, "Слово", actor=town.lighting_worker, now=now)
    contribute.comment(issue, "Слово", actor=town.roads_worker, now=now)
    town.roads.memberships.update(left_at=now)
    assert [one.organisation for one in Client().get(address(issue)).context["card"].talk] == ["", ""]


def test_an_account_without_a_name_is_no_address_to_anybody(town, now):
    nameless = person("canary.author@people.example", name="")
    issue = town.issue(now=now, author=nameless, show_author=True)
    client = Client()
    client.force_login(town.moderator)
    assert "canary.author@" not in surfaces(issue, client) + surfaces(issue, Client())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_write_stays_text(town, now, payload):
    author = person("author2@people.example", name=payload[:20])
    issue = town.issue(now=now, author=author, title=payload, description=payload, address=payload, show_author=True)
    contribute.comment(issue, payload, actor=town.neighbour, now=now)
    question = work.ask_author(issue, payload, actor=town.roads_worker, organisation=town.roads, now=now)
    changes = correct_issue.Changes(
        f"{payload}!", payload, [Category.objects.get(code="2.2"), *issue.categories.all()], None, payload
    )
    correct_issue.correct_own(issue, changes, actor=author, now=now)
    contribute.reply(issue, payload, actor=author, question=question, now=now)
    town.accept(issue, town.roads, now=now, executor=payload)
    work.give_answer(
        issue, work.Answer(payload, explains=True), actor=town.roads_worker, organisation=town.roads, now=now
    )
    work.return_assignment(issue, payload, actor=town.lighting_worker, organisation=town.lighting, now=now)
    assert_inert(issue, town)
    moderate_issue.take_down(
        issue, ground="obscene", reason=payload, actor=town.moderator, organisation=town.ngo, now=now
    )
    assert_inert(issue, town, author)


def assert_inert(issue, town, author=None):
    """No reader's page has a script, an element or an attribute of the payloads; what was typed into a form neither."""
    for user in (None, town.moderator, author):
        client = Client()
        if user is not None:
            client.force_login(user)
        page = surfaces(issue, client)
        assert [live for live in LIVE if live in page] == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_comes_back_from_a_refusal_stays_text(town, now, client, payload):
    issue = town.issue(now=now)
    client.force_login(town.neighbour)
    page = client.post(address(issue, "card_comment"), {"text": payload + "я" * 3001}).content.decode()
    page += client.post(address(issue, "card_flag"), {"text": payload}).content.decode()
    assert [live for live in LIVE if live in page] == []
