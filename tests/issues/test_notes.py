"""Internal notes: the own organisation reads them, and nobody else, wherever one looks."""

import pytest
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.cabinet.write_note import write_note
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.enums import ContributionKind, EventKind
from opencity_issues.models import Contribution, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted
from tests.factories import person

CANARY = "канарка-в-нотатці"


@pytest.fixture
def issue(town):
    return town.issue(categories=["3.8", "2.2"], now=timezone.now())


def desk(organisation, issue, **query):
    query = {"issue": issue.number, **query}
    return reverse("opencity_issues:cabinet", args=[organisation.slug], query=query)


@pytest.fixture
def noted(town, issue):
    return write_note(issue, CANARY, actor=town.roads_worker, organisation=town.roads)


def test_a_note_is_kept_with_its_organisation_and_sends_no_letter(town, issue):
    before = Notice.objects.count()
    note = write_note(issue, " Чекаємо крана. ", actor=town.roads_worker, organisation=town.roads)
    assert (note.kind, note.organisation, note.text) == (ContributionKind.NOTE, town.roads, "Чекаємо крана.")
    assert issue.events.get(kind=EventKind.NOTE).organisation == town.roads
    assert Notice.objects.count() == before


def test_an_empty_note_is_refused(town, issue):
    with pytest.raises(Missing):
        write_note(issue, "  ", actor=town.roads_worker, organisation=town.roads)


@pytest.mark.parametrize("name", ["roads", "lighting", "control", "ngo"])
def test_each_organisation_concerned_keeps_notes_of_its_own(client, town, issue, name):
    organisation = getattr(town, name)
    client.force_login(town.worker_of(organisation))
    form = client.get(desk(organisation, issue, do="note")).content.decode()
    assert "composer--internal" in form
    assert "composer--public" not in form
    assert client.post(desk(organisation, issue, do="note"), {"text": CANARY}).status_code == 302
    assert CANARY in client.get(desk(organisation, issue)).content.decode()
    for other in {"roads", "lighting", "control", "ngo"} - {name}:
        client.force_login(town.worker_of(getattr(town, other)))
        assert CANARY not in client.get(desk(getattr(town, other), issue)).content.decode()


@pytest.mark.parametrize("who", ["citizen", "author", "neighbour", "another", "control", "moderator", "operator"])
def test_only_members_of_the_organisation_write_its_notes(client, town, issue, who):
    actor = {
        "citizen": person("someone@people.example"),
        "author": town.author,
        "neighbour": town.neighbour,
        "another": town.lighting_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": person("operator@people.example", is_superuser=True),
    }[who]
    with pytest.raises(NotPermitted):
        write_note(issue, "Чуже.", actor=actor, organisation=town.roads)
    client.force_login(actor)
    assert client.post(desk(town.roads, issue, do="note"), {"text": "Чуже."}).status_code == 403


def test_an_organisation_that_has_nothing_to_do_with_it_writes_none(client, town, issue):
    with pytest.raises(NotPermitted):
        write_note(issue, "Ні.", actor=town.housing_worker, organisation=town.housing)
    client.force_login(town.housing_worker)
    assert client.post(desk(town.housing, issue, do="note"), {"text": "Ні."}).status_code == 404


def public_paths(issue):
    yield from (
        f"/issues/{issue.number}/",
        f"/issues/{issue.number}/preview/",
        "/issues/",
        "/issues.geojson",
        "/issues.csv",
        "/issues.rss",
        "/statistics/",
        f"/api/v1/issues/{issue.number}/",
        f"/api/v1/issues/{issue.number}/events/",
        f"/api/v1/issues/{issue.number}/comments/",
        "/api/v1/issues/",
        f"/issues/?text={CANARY}",
    )


@pytest.mark.parametrize(
    "who", ["anonymous", "author", "neighbour", "lighting_worker", "controller", "moderator", "roads_worker"]
)
def test_no_page_but_the_own_desk_shows_a_note(client, town, issue, noted, who):
    if who != "anonymous":
        client.force_login(getattr(town, who))
    for path in public_paths(issue):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        # The search repeats the words that were asked for.
        assert body.decode().count(CANARY) == 0 or "text=" in path, path
        assert '"kind":"note"' not in body.decode().replace(" ", ""), path


@pytest.mark.parametrize("name", ["lighting", "control", "ngo"])
def test_no_other_cabinet_shows_a_note(client, town, issue, noted, name):
    organisation = getattr(town, name)
    client.force_login(town.worker_of(organisation))
    room = reverse("opencity_issues:cabinet", args=[organisation.slug])
    paths = [desk(organisation, issue), room, f"{room}?queue=all", f"{room}?queue=at-work"]
    paths += [reverse("opencity_issues:desk_history", args=[organisation.slug, issue.number, "csv"])]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert CANARY not in body.decode(), path


def test_no_letter_carries_a_note(town, issue, noted, mailoutbox):
    town.accept(issue, town.roads, now=timezone.now(), executor_email="ivan@works.example")
    town.accept(issue, town.lighting, now=timezone.now())
    town.finish(issue, town.roads, now=timezone.now())
    send_waiting()
    assert mailoutbox
    for letter in mailoutbox:
        assert CANARY not in str(letter.message())
        assert CANARY not in letter.body


def test_the_executors_page_shows_no_note(client, town, issue, noted):
    from opencity_issues.models import ExecutorLink
    from opencity_issues.queries.executor_links import token_of

    town.accept(issue, town.roads, now=timezone.now(), executor_email="ivan@works.example")
    answer = client.get(reverse("opencity_issues:executor", args=[token_of(ExecutorLink.objects.get())]))
    assert answer.status_code == 200
    assert CANARY not in answer.content.decode()


def test_a_note_stays_with_its_organisation_when_the_cabinet_is_another_of_the_same_person(client, town, issue, noted):
    """A member of two organisations reads each one's notes in its own cabinet alone."""
    town.join(town.lighting, town.roads_worker)
    client.force_login(town.roads_worker)
    assert CANARY in client.get(desk(town.roads, issue)).content.decode()
    assert CANARY not in client.get(desk(town.lighting, issue)).content.decode()


def test_no_other_desk_hides_or_touches_a_note(client, town, issue, noted):
    client.force_login(town.moderator)
    page = client.get(desk(town.ngo, issue)).content.decode()
    assert f"words-{noted.pk}" not in page
    assert Contribution.objects.public().filter(pk=noted.pk).count() == 0
