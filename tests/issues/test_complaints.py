"""A responsible worker's complaint to the moderator (5.3): who may, who reads it, and what comes of it."""

import pytest
from django.urls import reverse

from opencity_issues.actions import contribute
from opencity_issues.actions.complain import complain, handle_complaint
from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.enums import ContributionKind, EventKind
from opencity_issues.models import Contribution, Event, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from tests.factories import NOON, person

pytestmark = pytest.mark.django_db

WORDS = "Автор ображає наших працівників."


@pytest.fixture
def issue(town):
    return town.issue()


def by(town, issue, actor=None, organisation=None, kind="insult", text=WORDS, **more):
    return complain(
        issue,
        kind,
        text,
        actor=actor or town.roads_worker,
        organisation=organisation or town.roads,
        now=NOON,
        **more,
    )


def letters(issue, template):
    return Notice.objects.filter(issue=issue, template=template)


def test_the_moderator_gets_the_complaint_by_letter_and_nobody_else(town, issue):
    complaint = by(town, issue)
    assert (complaint.kind, complaint.organisation, complaint.text) == (ContributionKind.COMPLAINT, town.roads, WORDS)
    event = Event.objects.get(issue=issue, kind=EventKind.COMPLAINT)
    assert event.data == {"of": "insult"}
    assert list(letters(issue, "complaint").values_list("recipient", flat=True)) == [f"organisation:{town.ngo.pk}"]
    message = compose([letters(issue, "complaint").get()])
    assert message is not None
    assert WORDS in message.body
    assert town.roads.name in message.subject
    assert not Notice.objects.filter(event=event).exclude(template="complaint").exists()


@pytest.mark.parametrize("who", ["author", "neighbour", "lighting_worker", "controller", "moderator", "operator"])
def test_only_an_organisation_that_has_the_issue_complains(town, issue, who):
    actor = person("operator@x.example", is_superuser=True) if who == "operator" else getattr(town, who)
    for organisation in (town.roads, town.lighting, town.control, town.ngo):
        with pytest.raises(NotPermitted):
            by(town, issue, actor, organisation)
    assert not Event.objects.filter(issue=issue, kind=EventKind.COMPLAINT).exists()


def test_a_complaint_needs_a_kind_and_words(town, issue):
    with pytest.raises(Missing) as missing:
        by(town, issue, kind="boredom")
    assert set(missing.value.fields) == {"kind"}
    with pytest.raises(Missing) as missing:
        by(town, issue, text="  ")
    assert set(missing.value.fields) == {"text"}


def test_of_one_thing_one_complaint_waits(town, issue):
    said = contribute.comment(issue, "Усі ви ледарі", actor=town.neighbour, now=NOON)
    by(town, issue)
    with pytest.raises(NotPossible):
        by(town, issue, kind="abuse")
    assert by(town, issue, part=said).answers == said
    with pytest.raises(NotPossible):
        by(town, issue, part=said)


def test_a_part_of_another_issue_is_not_complained_of(town, issue):
    other = contribute.comment(town.issue(), "Так", actor=town.neighbour, now=NOON)
    with pytest.raises(NotPossible):
        by(town, issue, part=other)
    with pytest.raises(NotPossible):
        by(town, issue, part=by(town, issue))


def test_the_moderator_answers_once(town, issue):
    complaint = by(town, issue)
    answer = handle_complaint(complaint, "Коментар приховано.", actor=town.moderator, organisation=town.ngo, now=NOON)
    complaint.refresh_from_db()
    assert complaint.handled_at == NOON
    assert (answer.answers, answer.handled_at, answer.organisation) == (complaint, NOON, town.roads)
    recipients = letters(issue, "complaint_handled").values_list("recipient", flat=True)
    assert list(recipients) == [f"organisation:{town.roads.pk}"]
    for thing in (complaint, answer):
        with pytest.raises(NotPossible):
            handle_complaint(thing, "Ще раз", actor=town.moderator, organisation=town.ngo, now=NOON)


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "controller", "operator"])
def test_only_the_moderator_answers(town, issue, who):
    complaint = by(town, issue)
    actor = person("operator@x.example", is_superuser=True) if who == "operator" else getattr(town, who)
    for organisation in (town.roads, town.control, town.ngo):
        with pytest.raises(NotPermitted):
            handle_complaint(complaint, "Ні", actor=actor, organisation=organisation, now=NOON)


# --- who reads it ------------------------------------------------------------------------------------------------------


def desk(client, member, organisation, issue):
    client.force_login(member)
    return client.get(reverse("opencity_issues:cabinet", args=[organisation.slug]), {"issue": issue.number})


def test_neither_public_nor_author_nor_another_organisation_reads_it(town, client):
    issue = town.issue(categories=["3.8", "2.2"])
    by(town, issue)
    card = reverse("opencity_issues:card", args=[issue.number])
    events = f"/api/v1/issues/{issue.number}/events/"
    for member in (None, town.author, town.neighbour, town.lighting_worker, town.roads_worker, town.moderator):
        client.logout()
        if member:
            client.force_login(member)
        for address in (card, events):
            body = client.get(address).content.decode()
            assert WORDS not in body
            assert "complaint" not in body
    assert WORDS not in desk(client, town.lighting_worker, town.lighting, issue).content.decode()


def test_its_own_desk_the_moderator_and_control_read_it(town, client, issue):
    by(town, issue)
    for member, organisation in (
        (town.roads_worker, town.roads),
        (town.moderator, town.ngo),
        (town.controller, town.control),
    ):
        assert WORDS in desk(client, member, organisation, issue).content.decode()


def test_at_the_desk_from_the_complaint_to_the_answer(town, client, issue):
    said = contribute.comment(issue, "Усі ви ледарі", actor=town.neighbour, now=NOON)
    cabinet = reverse("opencity_issues:cabinet", args=[town.roads.slug])
    client.force_login(town.roads_worker)
    asked = {"issue": issue.number, "do": "complain", "part": f"words-{said.pk}"}
    page = client.get(cabinet, asked).content.decode()
    assert "support@city.example" in page
    done = client.post(
        f"{cabinet}?issue={issue.number}&do=complain&part=words-{said.pk}", {"kind": "insult", "text": WORDS}
    )
    assert done.status_code == 302
    complaint = Contribution.objects.get(kind=ContributionKind.COMPLAINT)
    assert complaint.answers == said

    client.force_login(town.moderator)
    cabinet = reverse("opencity_issues:cabinet", args=[town.ngo.slug])
    queue = client.get(cabinet, {"queue": "complaints"}).content.decode()
    assert issue.title in queue
    page = client.get(cabinet, {"issue": issue.number}).content.decode()
    assert "do=handle-complaint" in page
    address = f"{cabinet}?issue={issue.number}&do=handle-complaint&part=words-{complaint.pk}"
    assert client.post(address, {"text": ""}).status_code == 400
    assert client.post(address, {"text": "Приховали."}).status_code == 302
    assert client.post(address, {"text": "Приховали."}).status_code == 409
    assert issue.title not in client.get(cabinet, {"queue": "complaints"}).content.decode()

    client.force_login(town.roads_worker)
    own = client.get(reverse("opencity_issues:cabinet", args=[town.roads.slug]), {"issue": issue.number})
    assert "Приховали." in own.content.decode()
