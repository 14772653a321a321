"""Merging reports of the same (reading of "merged duplicate"): what is offered, what moves, what can be undone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute, correct_issue, moderate_issue
from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.actions.merge_duplicates import merge, split
from opencity_issues.actions.route_issue import assign
from opencity_issues.actions.take_media import take
from opencity_issues.actions.work_on_assignment import ask_author
from opencity_issues.enums import AssignmentState, EventKind, Publication, Status
from opencity_issues.models import CoAuthor, Deadline, Event, IssuePage, MapCell, Media, Notice
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.near_duplicates import count_near, distance, near_duplicates
from opencity_issues.queries.verification import issue_differences, map_differences
from tests.factories import NOON, PLACE, person
from tests.issues.media_samples import photo as photo_bytes

pytestmark = pytest.mark.django_db

METRE = 1 / 111_320
"""One metre northwards, in degrees of latitude."""


def at(metres):
    return PLACE[0], PLACE[1] + metres * METRE


def again(issue):
    return IssuePage.objects.get(pk=issue.pk)


@pytest.fixture
def merged(town):
    """The neighbour's report merged into the author's: (main, duplicate)."""
    main = town.issue()
    duplicate = town.issue(author=town.neighbour, title="Знову яма", location=at(20))
    main = merge(duplicate, main, actor=town.moderator, organisation=town.ngo, now=NOON)
    return main, again(duplicate)


def by_moderator(town, duplicate, main):
    return merge(duplicate, main, actor=town.moderator, organisation=town.ngo, now=NOON)


def templates(issue):
    return list(Notice.objects.filter(issue=issue).order_by("pk").values_list("template", "recipient"))


# --- what is offered -----------------------------------------------------------------------------------------------------


def test_the_distance_is_in_metres():
    assert distance(PLACE, at(100)) == pytest.approx(100, abs=1)
    assert distance((0, 0), (0, 1)) == pytest.approx(111_195, abs=5)


def test_near_ones_of_the_same_branch_are_offered_nearest_first(town):
    issue = town.issue()
    near = [town.issue(location=at(metres), categories=["3.1"]) for metres in (120, 30)]
    town.issue(location=at(200))
    town.issue(location=at(10), categories=["2.2"])
    found = near_duplicates(issue, NOON)
    assert [one.issue.number for one in found] == [near[1].number, near[0].number]
    assert [one.metres for one in found] == [pytest.approx(30, abs=1), pytest.approx(120, abs=1)]
    assert count_near(issue, NOON) == 2


def test_what_is_not_public_or_archived_long_ago_is_not_offered(town):
    issue = town.issue()
    hidden = town.issue(location=at(10))
    moderate_issue.take_down(hidden, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)
    archived = town.archive(town.issue(location=at(15)))
    assert [one.issue.number for one in near_duplicates(issue, NOON + timedelta(days=22))] == [archived.number]
    assert near_duplicates(issue, NOON + timedelta(days=120)) == []


def test_without_a_place_nothing_is_offered(town):
    town.issue()
    assert near_duplicates(town.issue(location=None), NOON) == []


# --- what a merge does -----------------------------------------------------------------------------------------------------


def test_the_duplicate_leaves_the_public_and_points_at_the_main_one(town, merged):
    main, duplicate = merged
    assert (duplicate.publication, duplicate.live, duplicate.duplicate_of_id) == (Publication.MERGED, False, main.pk)
    assert duplicate.status == Status.OPEN
    assert main.duplicate_count == 1
    assert main.publication == Publication.PUBLISHED
    assert set(duplicate.assignments.values_list("state", flat=True)) == {AssignmentState.WITHDRAWN}
    assert not Deadline.objects.running().filter(issue=duplicate).exists()
    assert Deadline.objects.running().filter(issue=main).exists()
    assert MapCell.objects.get(city=town.city, category_id=0, zoom=CELL_ZOOM, status="open").count == 1
    assert list(issue_differences()) == []
    assert list(map_differences()) == []


def test_both_histories_tell_it_and_everybody_concerned_is_written_to(town, merged):
    main, duplicate = merged
    assert Event.objects.get(issue=duplicate, kind=EventKind.MERGED).data["main"] == main.number
    assert Event.objects.get(issue=main, kind=EventKind.DUPLICATE_JOINED).data == {"numbers": [duplicate.number]}
    assert templates(duplicate)[-2:] == [
        ("merged", f"user:{town.neighbour.pk}"),
        ("merged_notice", f"organisation:{town.roads.pk}"),
    ]
    assert templates(main)[-1] == ("duplicate_joined", f"organisation:{town.roads.pk}")


def test_the_letters_name_the_main_issue(town, merged):
    main, duplicate = merged
    for template in ("merged", "merged_notice"):
        message = compose([Notice.objects.get(issue=duplicate, template=template)])
        assert f"№ {main.number}" in message.subject or f"No. {main.number}" in message.subject
        assert "%(" not in message.body
        assert "Ганна" not in message.body


def test_its_author_has_the_authors_rights_at_the_main_one(town):
    main, duplicate = town.issue(), town.issue(author=town.neighbour)
    by_moderator(town, duplicate, main)
    closed = town.close(again(main))
    opened = town.move(closed, "T14", town.neighbour, now=NOON + timedelta(days=1))
    assert (opened.status, opened.again) == (Status.OPEN, True)
    letters = Notice.objects.filter(issue=main, template="closed").values_list("recipient", flat=True)
    assert set(letters) == {f"user:{town.author.pk}", f"user:{town.neighbour.pk}"}


def test_it_returns_the_archived_main_issue_and_replies_to_questions(town):
    main = town.archive(town.issue())
    duplicate = town.issue(author=town.neighbour, now=NOON + timedelta(days=21))
    by_moderator(town, duplicate, main)
    returned = town.move(again(main), "T9", town.neighbour, now=NOON + timedelta(days=22))
    assert (returned.status, returned.again) == (Status.ACCEPTED, True)
    ask_author(returned, "Де саме?", actor=town.roads_worker, organisation=town.roads, now=NOON + timedelta(days=22))
    said = contribute.reply(again(main), "Біля школи.", actor=town.neighbour, now=NOON + timedelta(days=23))
    assert said.author == town.neighbour


def test_its_author_does_not_learn_the_other_authors_name(town, merged, client):
    main, _duplicate = merged
    client.force_login(town.neighbour)
    page = client.get(main.get_absolute_url()).content.decode()
    assert "Ганна" not in page


def test_the_words_of_the_main_one_stay_its_reporters(town, merged):
    main, _duplicate = merged
    changes = correct_issue.Changes.of(again(main))
    with pytest.raises(NotPermitted):
        correct_issue.correct_own(main, changes, actor=town.neighbour, now=NOON)
    with pytest.raises(NotPossible):
        correct_issue.withdraw(main, actor=town.author, now=NOON)


def test_those_merged_before_follow_to_the_new_main_one(town, merged):
    middle, first = merged
    third = person("third@people.example", name="Третій Автор")
    main = town.issue(author=third)
    main = by_moderator(town, middle, main)
    first = again(first)
    assert first.duplicate_of_id == main.pk
    assert again(middle).duplicate_count == 0
    assert main.duplicate_count == 2
    assert set(CoAuthor.objects.filter(issue=main).values_list("user_id", flat=True)) == {
        town.author.pk,
        town.neighbour.pk,
    }
    assert templates(first)[-1] == ("merged", f"user:{town.neighbour.pk}")
    assert templates(middle)[-2][1] == f"user:{town.author.pk}"
    assert list(issue_differences()) == []


def test_a_closed_or_archived_main_issue_is_lawful(town):
    for main in (town.close(town.issue()), town.archive(town.issue())):
        duplicate = town.issue(author=town.neighbour)
        assert by_moderator(town, duplicate, main).duplicate_count == 1


def test_what_cannot_be_merged(town, merged):
    main, duplicate = merged
    other = town.issue()
    hidden = town.issue()
    moderate_issue.take_down(hidden, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)
    for one, into in (
        (other, other),
        (other, duplicate),
        (duplicate, other),
        (other, hidden),
        (hidden, other),
        (main, duplicate),
    ):
        with pytest.raises(NotPossible):
            by_moderator(town, one, into)
    assert again(main).duplicate_count == 1


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "lighting_worker", "controller", "operator"])
def test_only_the_moderator_merges_and_splits(town, merged, who):
    main, duplicate = merged
    other = town.issue()
    actor = person("operator@x.example", is_superuser=True) if who == "operator" else getattr(town, who)
    for organisation in (town.roads, town.control, town.ngo):
        with pytest.raises(NotPermitted):
            merge(other, main, actor=actor, organisation=organisation, now=NOON)
        with pytest.raises(NotPermitted):
            split(duplicate, "Інше", actor=actor, organisation=organisation, now=NOON)
    assert again(other).publication == Publication.PUBLISHED


# --- and undone ------------------------------------------------------------------------------------------------------------


def test_a_split_puts_it_back_as_it_was_with_new_deadlines(town):
    main = town.issue()
    duplicate = town.accept(town.issue(author=town.neighbour), town.roads)
    by_moderator(town, duplicate, main)
    later = NOON + timedelta(days=2)
    split(again(duplicate), "Це інша яма.", actor=town.moderator, organisation=town.ngo, now=later)
    duplicate, main = again(duplicate), again(main)
    assert (duplicate.publication, duplicate.live, duplicate.duplicate_of) == (Publication.PUBLISHED, True, None)
    assert duplicate.status == Status.ACCEPTED
    assert duplicate.assignments.get().state == AssignmentState.ACCEPTED
    running = Deadline.objects.running().filter(issue=duplicate)
    assert set(running.values_list("clause", "started_at")) == {("4.4", later)}
    assert main.duplicate_count == 0
    assert not main.is_by(town.neighbour.pk)
    assert list(issue_differences()) == []
    assert list(map_differences()) == []
    by_moderator(town, duplicate, main)
    assert again(main).duplicate_count == 1


def test_a_split_needs_a_reason_and_a_merged_issue(town, merged):
    main, duplicate = merged
    with pytest.raises(Missing):
        split(duplicate, " ", actor=town.moderator, organisation=town.ngo, now=NOON)
    with pytest.raises(NotPossible):
        split(main, "Так", actor=town.moderator, organisation=town.ngo, now=NOON)


# --- what is seen ----------------------------------------------------------------------------------------------------------


def test_its_address_leads_to_the_main_one_and_is_not_indexed(town, merged, client):
    main, duplicate = merged
    contribute.comment(main, "Так і є", actor=town.neighbour, now=NOON)
    for member in (None, town.author, town.neighbour, town.moderator, town.roads_worker):
        client.logout()
        if member:
            client.force_login(member)
        answer = client.get(duplicate.get_absolute_url())
        assert answer.status_code == 200
        body = answer.content.decode()
        assert "Знову яма" in body
        assert f'href="{main.get_absolute_url()}"' in body
        assert "noindex" in body
        assert answer["X-Robots-Tag"] == "noindex"


def test_it_is_on_no_list_map_feed_or_sitemap(town, merged, client):
    main, duplicate = merged
    for address in ("issue_list", "issues_geojson", "issues_csv", "issues_rss", "map"):
        answer = client.get(reverse(f"opencity_issues:{address}"))
        body = (answer.getvalue() if answer.streaming else answer.content).decode()
        assert "Знову яма" not in body, address
        assert main.title in body, address
    assert client.get("/api/v1/issues/").json()["count"] == 1
    assert client.get(reverse("opencity_issues:card_preview", args=[duplicate.number])).status_code == 404
    assert not IssuePage.objects.live().filter(pk=duplicate.pk).exists()


def test_the_main_card_says_how_often_it_was_reported_and_leads_to_each(town, merged, client):
    main, duplicate = merged
    body = client.get(main.get_absolute_url()).content.decode()
    assert f'href="{duplicate.get_absolute_url()}"' in body
    assert "Знову яма" in body


def test_photos_of_a_merged_issue_are_public_while_the_main_one_is(town, client):
    upload = SimpleUploadedFile("a.jpg", photo_bytes(), "image/jpeg")
    media = take(upload, uploader=town.neighbour).media
    main = town.issue()
    duplicate = town.issue(author=town.neighbour, media=[media])
    by_moderator(town, duplicate, main)
    address = Media.objects.get(pk=media.pk).url("thumb")
    assert client.get(address).status_code == 200
    moderate_issue.take_down(main, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)
    assert client.get(address).status_code == 404
    assert client.get(duplicate.get_absolute_url()).status_code == 404


def test_my_issues_show_the_merged_one_with_its_main_one(town, merged, client):
    main, _duplicate = merged
    client.force_login(town.neighbour)
    body = client.get(reverse("opencity_issues:my_issues")).content.decode()
    assert "Знову яма" in body
    assert f'href="{main.get_absolute_url()}"' in body


def test_rest_leads_to_the_main_one_and_takes_nothing_more(town, merged, client):
    main, duplicate = merged
    answer = client.get(f"/api/v1/issues/{duplicate.number}/")
    assert answer.status_code == 200
    assert answer.json()["number"] == duplicate.number
    assert answer["Link"] == f'<http://testserver/api/v1/issues/{main.number}/>; rel="canonical"'
    assert "Link" not in client.get(f"/api/v1/issues/{main.number}/")
    client.force_login(town.neighbour)
    said = client.post(f"/api/v1/issues/{duplicate.number}/comments/", {"text": "Ще"}, content_type="application/json")
    assert said.status_code == 409


def test_a_merged_issue_takes_no_words_and_no_transitions(town, merged):
    _main, duplicate = merged
    with pytest.raises(NotPossible):
        correct_issue.withdraw(duplicate, actor=town.neighbour, now=NOON)
    changes = correct_issue.Changes.of(duplicate)
    with pytest.raises(NotPossible):
        correct_issue.correct_own(duplicate, changes, actor=town.neighbour, now=NOON)
    with pytest.raises(NotPossible):
        contribute.comment(duplicate, "Так", actor=town.author, now=NOON)
    with pytest.raises(NotPossible):
        town.accept(duplicate, town.roads)
    with pytest.raises(NotPossible):
        assign(duplicate, town.housing, actor=town.controller, organisation=town.control, now=NOON)


# --- the room ----------------------------------------------------------------------------------------------------------------


def room(organisation, issue):
    return reverse("opencity_issues:duplicates", args=[organisation.slug, issue.number])


def test_the_moderator_merges_in_the_room(town, client):
    now = timezone.now()
    main, duplicate = (
        town.issue(now=now),
        town.issue(now=now, author=town.neighbour, title="Знову яма", location=at(20)),
    )
    client.force_login(town.moderator)
    page = client.get(room(town.ngo, duplicate)).content.decode()
    assert main.title in page
    assert client.post(room(town.ngo, duplicate), {"number": "0"}).status_code == 400
    assert client.post(room(town.ngo, duplicate), {"number": "999999"}).status_code == 400
    assert client.post(room(town.ngo, duplicate), {"number": duplicate.number}).status_code in (400, 409)
    assert client.post(room(town.ngo, duplicate), {"number": main.number}).status_code == 302
    assert again(duplicate).duplicate_of_id == main.pk
    desk = client.get(reverse("opencity_issues:cabinet", args=["ngo"]), {"issue": duplicate.number}).content.decode()
    assert "do=split" in desk


def test_the_room_is_the_moderators_alone(town, client):
    issue = town.issue()
    assert client.get(room(town.ngo, issue)).status_code == 302
    for member, organisation in (
        (town.author, town.ngo),
        (town.roads_worker, town.ngo),
        (town.roads_worker, town.roads),
        (town.controller, town.control),
    ):
        client.force_login(member)
        assert client.get(room(organisation, issue)).status_code == 403
        assert client.post(room(organisation, issue), {"number": 1}).status_code == 403


@pytest.mark.parametrize("rows", [1, 8])
def test_the_room_costs_the_same_however_many_are_near(town, client, rows, django_assert_max_num_queries):
    issue = town.issue()
    for step in range(rows):
        town.issue(location=at(step), author=person(f"p{step}@people.example"))
    client.force_login(town.moderator)
    client.get(room(town.ngo, issue))
    with django_assert_max_num_queries(20):
        client.get(room(town.ngo, issue))
