"""Letters that did not arrive: on the control body's desk, told otherwise or sent again, by the control body alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.letters.handle_bounces import handle_bounce, send_again
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.enums import ContributionKind, EventKind, Way
from opencity_issues.models import Contribution, Event, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.desk.outbox import bounced_mailboxes, undelivered
from tests.factories import person

REFUSED = "550 no such user"
ROOM = reverse("opencity_issues:undelivered", args=["control"])


@pytest.fixture
def now():
    return timezone.now() + timedelta(minutes=1)


@pytest.fixture
def issue(town):
    return town.issue()


@pytest.fixture
def bounced(town, issue, smtp_catcher, now):
    """The letter to the roads' mailbox, refused for good."""
    smtp_catcher.refused = {"roads@city.example": REFUSED}
    send_waiting(now)
    return Notice.objects.get(issue=issue, organisation=town.roads, template="routed")


def handle(town, notice, actor=None, organisation=None, note="Повідомлено чергову Іваненко."):
    handle_bounce(
        notice, note, way=Way.PHONE, actor=actor or town.controller, organisation=organisation or town.control
    )


def test_it_is_shown_in_the_queue_on_the_issue_and_in_the_room(town, bounced, client):
    client.force_login(town.controller)
    cabinet = reverse("opencity_issues:cabinet", args=["control"])
    queue = client.get(cabinet, {"queue": "bounced"}).content.decode()
    assert "Яма біля переходу" in queue
    pane = client.get(cabinet, {"queue": "bounced", "issue": bounced.issue.number}).content.decode()
    assert "Дорожня служба" in pane
    assert f"part=letter-{bounced.pk}" in pane
    assert REFUSED in client.get(ROOM).content.decode()


def test_no_address_of_a_citizen_is_shown_to_control(town, issue, smtp_catcher, now, client):
    smtp_catcher.refused = {"author@people.example": "550 <Author@people.example>: unknown"}
    send_waiting(now)
    client.force_login(town.controller)
    cabinet = reverse("opencity_issues:cabinet", args=["control"])
    for page in (client.get(ROOM), client.get(cabinet, {"queue": "bounced", "issue": issue.number})):
        assert "people.example" not in page.content.decode()
        assert "550" in page.content.decode()


def test_telling_it_otherwise_is_recorded_as_the_control_bodys_own_note(town, bounced, client):
    client.force_login(town.controller)
    path = f"{reverse('opencity_issues:cabinet', args=['control'])}?issue={bounced.issue.number}&do=bounce-handled"
    assert client.get(f"{path}&part=letter-{bounced.pk}").status_code == 200
    assert client.post(f"{path}&part=letter-{bounced.pk}", {"way": "phone", "text": ""}).status_code == 400
    answer = client.post(f"{path}&part=letter-{bounced.pk}", {"way": "phone", "text": "Повідомлено чергову."})
    assert answer.status_code == 302
    bounced.refresh_from_db()
    assert bounced.handled_at is not None
    event = Event.objects.get(kind=EventKind.BOUNCE_HANDLED)
    words = Contribution.objects.get(pk=event.contribution_id)
    assert (words.kind, words.way, words.text) == (ContributionKind.NOTE, "phone", "Повідомлено чергову.")
    assert event.data == {"notice": bounced.pk, "letter": "routed", "way": "phone"}
    assert not undelivered(town.city).exists()


def test_the_note_stays_on_the_control_bodys_desk(town, bounced, client):
    handle(town, bounced)
    number = bounced.issue.number
    said = "Повідомлено чергову Іваненко."
    for actor, slug in ((town.roads_worker, "roads"), (town.moderator, "ngo")):
        client.force_login(actor)
        page = client.get(reverse("opencity_issues:cabinet", args=[slug]), {"issue": number})
        assert said not in page.content.decode()
    for actor in (town.author, town.roads_worker, None):
        client.logout()
        if actor:
            client.force_login(actor)
        for path in (f"/issues/{number}/", f"/api/v1/issues/{number}/events/"):
            page = client.get(path)
            assert said not in page.content.decode()
            assert "bounce" not in page.content.decode()
    client.force_login(town.controller)
    page = client.get(reverse("opencity_issues:cabinet", args=["control"]), {"issue": number})
    assert said in page.content.decode()


def test_sending_again_after_the_address_was_mended(town, bounced, smtp_catcher, now, client):
    client.force_login(town.controller)
    assert client.post(ROOM, {"do": "again", "key": bounced.pk}).status_code == 302
    send_waiting(now)
    assert undelivered(town.city).get() == Notice.objects.get(pk=bounced.pk)  # the address is still refused
    smtp_catcher.refused = {}
    path = f"{reverse('opencity_issues:cabinet', args=['control'])}?issue={bounced.issue.number}&do=send-again"
    assert client.post(f"{path}&part=letter-{bounced.pk}").status_code == 302
    send_waiting(now)
    (letter,) = smtp_catcher.to("roads@city.example")
    assert bounced.message_id in letter.message_id
    assert not undelivered(town.city).exists()


def test_a_letter_about_no_issue_is_in_the_room_too(town, smtp_catcher, now, client):
    notice = Notice.objects.create(
        template="digest",
        recipient=f"organisation:{town.roads.pk}",
        organisation=town.roads,
        city=town.city,
        key="digest:2026-03-03",
        failed_at=now,
        last_error=REFUSED,
    )
    client.force_login(town.controller)
    page = client.get(ROOM).content.decode()
    assert "Дорожня служба" in page
    assert client.post(ROOM, {"do": "handled", "key": notice.pk}).status_code == 302
    notice.refresh_from_db()
    assert notice.handled_at is not None


def test_the_room_costs_the_same_whatever_is_in_it(town, bounced, client, django_assert_max_num_queries):
    client.force_login(town.controller)
    client.get(ROOM)
    with django_assert_max_num_queries(20):
        assert client.get(ROOM).status_code == 200
    for number in range(29):
        Notice.objects.create(
            issue=bounced.issue,
            template="routed",
            recipient=f"organisation:{town.roads.pk}",
            organisation=town.roads,
            key=str(number),
            failed_at=bounced.failed_at,
        )
    with django_assert_max_num_queries(20):
        assert client.get(ROOM).status_code == 200


@pytest.mark.parametrize("data", [{}, {"do": "again"}, {"do": "again", "key": "x"}, {"do": "fly", "key": "1"}])
def test_nonsense_is_refused(town, bounced, client, data):
    client.force_login(town.controller)
    assert client.post(ROOM, data).status_code == 404


def test_twice_is_refused(town, bounced):
    handle(town, bounced)
    with pytest.raises(NotPossible):
        handle(town, bounced)
    with pytest.raises(NotPossible):
        send_again(bounced, actor=town.controller, organisation=town.control)
    assert Event.objects.filter(kind=EventKind.BOUNCE_HANDLED).count() == 1


def test_a_letter_that_has_not_failed_is_not_dealt_with(town, issue):
    notice = Notice.objects.filter(issue=issue).first()
    for deed in (
        lambda: handle(town, notice),
        lambda: send_again(notice, actor=town.controller, organisation=town.control),
    ):
        with pytest.raises(NotPossible):
            deed()


def test_telling_otherwise_needs_words(town, bounced):
    with pytest.raises(Missing):
        handle(town, bounced, note="  ")
    bounced.refresh_from_db()
    assert bounced.handled_at is None


@pytest.fixture
def people(town):
    """Everybody with the organisation that he or she could name."""
    return {
        "citizen": (person("citizen@people.example"), town.control),
        "author": (town.author, town.control),
        "neighbour": (town.neighbour, town.control),
        "worker": (town.roads_worker, town.roads),
        "worker for control": (town.roads_worker, town.control),
        "other worker": (town.lighting_worker, town.lighting),
        "moderator": (town.moderator, town.ngo),
        "operator": (person("operator@people.example", is_superuser=True), town.control),
        "nobody": (None, town.control),
        "control": (town.controller, town.control),
        "control for roads": (town.controller, town.roads),
    }


WHO = [
    "citizen",
    "author",
    "neighbour",
    "worker",
    "worker for control",
    "other worker",
    "moderator",
    "operator",
    "nobody",
    "control for roads",
]


@pytest.mark.parametrize("who", WHO)
def test_nobody_but_the_control_body_deals_with_it(town, bounced, people, who):
    actor, organisation = people[who]
    with pytest.raises(NotPermitted):
        handle_bounce(bounced, "Сказано.", way=Way.PHONE, actor=actor, organisation=organisation)
    with pytest.raises(NotPermitted):
        send_again(bounced, actor=actor, organisation=organisation)
    bounced.refresh_from_db()
    assert bounced.handled_at is None
    assert bounced.failed_at is not None


def test_the_control_body_does(town, bounced, people):
    actor, organisation = people["control"]
    send_again(bounced, actor=actor, organisation=organisation)
    Notice.objects.filter(pk=bounced.pk).update(failed_at=timezone.now())
    handle_bounce(bounced, "Сказано.", way=Way.MEETING, actor=actor, organisation=organisation)


@pytest.mark.parametrize("who", ["author", "worker", "moderator", "nobody"])
def test_the_room_is_closed_to_others(town, bounced, people, client, who):
    actor, organisation = people[who]
    if actor:
        client.force_login(actor)
    for slug in ("control", organisation.slug):
        path = reverse("opencity_issues:undelivered", args=[slug])
        assert client.get(path).status_code in {302, 403}
        assert client.post(path, {"do": "again", "key": bounced.pk}).status_code in {302, 403}
        assert REFUSED not in client.get(path).content.decode()
    bounced.refresh_from_db()
    assert bounced.failed_at is not None


def test_a_mailbox_that_refused_is_flagged_until_it_takes_a_letter(town, bounced, smtp_catcher, now):
    assert bounced_mailboxes(town.city) == {town.roads.pk}
    smtp_catcher.refused = {}
    town.issue(title="Ще одна")
    send_waiting(now + timedelta(hours=1))
    assert bounced_mailboxes(town.city) == set()
    assert mail.outbox == []
