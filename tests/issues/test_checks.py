"""Checking solved issues in place (T10, 4.7): who may, what is public, what is opened again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute
from opencity_issues.actions.check_issue import check_issue, reopen
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.actions.work_on_assignment import report_rework_done
from opencity_issues.enums import CheckOutcome, ContributionKind, EventKind, Status
from opencity_issues.models import Contribution, Event, IssuePage, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from tests.factories import NOON, person
from tests.issues.media_samples import photo as photo_bytes

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def again(issue):
    return IssuePage.objects.get(pk=issue.pk)


def check(town, issue, outcome, text="Був на місці.", now=NOON + DAY, **more):
    return check_issue(issue, outcome, text, actor=town.moderator, organisation=town.ngo, now=now, **more)


def kinds(issue):
    return list(issue.events.order_by("sequence").values_list("kind", "transition"))


def letters(issue):
    return set(Notice.objects.filter(issue=issue, send_after__gt=NOON).values_list("template", "recipient"))


def test_found_solved_is_public_and_changes_no_status(town):
    issue = town.close(town.issue())
    words = check(town, issue, "solved")
    assert (words.kind, words.outcome, words.organisation) == (ContributionKind.CHECK, CheckOutcome.SOLVED, town.ngo)
    assert Contribution.objects.public().filter(pk=words.pk).exists()
    assert again(issue).status == Status.CLOSED
    assert kinds(issue)[-1] == (EventKind.CHECKED, "")
    told = {template for template, _recipient in letters(issue)}
    assert {"checked", "checked_control"} <= told


def test_found_solved_needs_no_words_but_the_others_do(town):
    issue = town.close(town.issue())
    assert check(town, issue, "solved", "  ").text
    for outcome in ("not_solved", "unclear"):
        with pytest.raises(Missing) as missing:
            check(town, issue, outcome, " ")
        assert set(missing.value.fields) == {"text"}
    with pytest.raises(Missing) as missing:
        check(town, issue, "perhaps")
    assert set(missing.value.fields) == {"outcome"}


def test_found_not_solved_opens_a_closed_issue_by_t14(town):
    issue = town.close(town.issue())
    check(town, issue, "not_solved", "Яма на місці.")
    issue = again(issue)
    assert (issue.status, issue.again, issue.reopening) == (Status.OPEN, True, "closed")
    assert kinds(issue)[-2:] == [(EventKind.CHECKED, "T14"), (EventKind.STATUS, "T14")]
    told = {template for template, _recipient in letters(issue)}
    assert {"reopened", "reopened_author", "reopened_control"} <= told
    assert not told & {"checked", "checked_control", "checked_notice"}


def test_found_not_solved_opens_an_archived_issue_by_t10(town):
    issue = town.archive(town.issue())
    check(town, issue, "not_solved", now=NOON + 30 * DAY)
    issue = again(issue)
    assert (issue.status, issue.again, issue.reopening) == (Status.OPEN, True, "archive")
    assert kinds(issue)[-1] == (EventKind.STATUS, "T10")


def test_what_is_due_for_the_archive_is_opened_from_there(town):
    """An overdue T8 comes before any other transition."""
    issue = town.close(town.issue())
    check(town, issue, "not_solved", now=NOON + 25 * DAY)
    assert again(issue).reopening == "archive"
    changes = [transition for kind, transition in kinds(issue) if kind == EventKind.STATUS]
    assert changes[-2:] == ["T8", "T10"]


def test_what_could_not_be_told_leaves_everything(town):
    issue = town.close(town.issue())
    flag = contribute.flag_unsolved(issue, "Ні!", actor=town.neighbour, now=NOON)
    check(town, issue, "unclear")
    flag.refresh_from_db()
    assert again(issue).status == Status.CLOSED
    assert flag.handled_at is None


@pytest.mark.parametrize("outcome", ["solved", "not_solved"])
def test_a_result_settles_what_residents_flagged(town, outcome):
    issue = town.close(town.issue())
    flag = contribute.flag_unsolved(issue, "Ні!", actor=town.neighbour, now=NOON)
    check(town, issue, outcome)
    flag.refresh_from_db()
    assert flag.handled_at == NOON + DAY
    assert Event.objects.filter(issue=issue, kind=EventKind.FLAG_HANDLED).count() == 1


def test_rework_is_checked_without_a_change_of_status(town):
    issue = town.close(town.issue())
    issue = town.move(issue, "T14", town.author)
    issue = town.accept(issue, town.roads)
    report_rework_done(issue, "Зробили.", actor=town.roads_worker, organisation=town.roads, now=NOON)
    for outcome in ("not_solved", "solved"):
        check(town, issue, outcome)
        assert again(issue).status == Status.ACCEPTED
    closed = town.move(issue, "T7", town.moderator, town.ngo, NOON + DAY, answer="За перевіркою.")
    assert closed.status == Status.CLOSED


def test_what_was_never_closed_or_is_not_public_is_not_checked(town):
    with pytest.raises(NotPossible):
        check(town, town.issue(), "solved")
    issue = town.close(town.issue())
    take_down(issue, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)
    with pytest.raises(NotPossible):
        check(town, issue, "solved")


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "lighting_worker", "controller", "operator"])
def test_only_the_moderator_checks(town, who):
    issue = town.close(town.issue())
    actor = person("operator@x.example", is_superuser=True) if who == "operator" else getattr(town, who)
    for organisation in (town.roads, town.control, town.ngo):
        with pytest.raises(NotPermitted):
            check_issue(issue, "not_solved", "Так", actor=actor, organisation=organisation, now=NOON)
    assert again(issue).status == Status.CLOSED


def test_opening_again_settles_the_flags_that_it_answers(town):
    issue = town.close(town.issue())
    flag = contribute.flag_unsolved(issue, "Ні!", actor=town.neighbour, now=NOON)
    reopen(issue, "T14", "Не вирішено.", actor=town.moderator, organisation=town.ngo, now=NOON + DAY)
    flag.refresh_from_db()
    assert flag.handled_at == NOON + DAY
    with pytest.raises(NotPossible):
        reopen(issue, "T14", "Не вирішено.", actor=town.moderator, organisation=town.ngo, now=NOON + DAY)


# --- on the screen -------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(town):
    now = timezone.now()
    return town.close(town.issue(now=now), now)


def address(organisation, issue):
    return reverse("opencity_issues:visit", args=[organisation.slug, issue.number])


def test_the_check_with_a_photo_stands_on_the_card_as_one_entry(town, client, closed):
    client.force_login(town.moderator)
    page = client.get(address(town.ngo, closed)).content.decode()
    assert closed.title in page
    upload = SimpleUploadedFile("a.jpg", photo_bytes(), "image/jpeg")
    said = {"outcome": "not_solved", "text": "Яма на місці, ось вона.", "files": [upload]}
    answer = client.post(address(town.ngo, closed), said)
    assert answer.status_code == 302
    words = Contribution.objects.get(issue=closed, kind=ContributionKind.CHECK)
    photo = words.media.get()
    client.logout()
    card = client.get(closed.get_absolute_url()).content.decode()
    assert card.count("Яма на місці, ось вона.") == 1
    assert photo.url("thumb") in card
    assert client.get(photo.url("thumb")).status_code == 200
    assert again(closed).status == Status.OPEN


def test_an_error_keeps_what_was_typed_and_the_photo(town, client, closed):
    client.force_login(town.moderator)
    upload = SimpleUploadedFile("a.jpg", photo_bytes(), "image/jpeg")
    answer = client.post(address(town.ngo, closed), {"outcome": "unclear", "text": "", "files": [upload]})
    assert answer.status_code == 400
    page = answer.content.decode()
    token = page.partition('name="kept" value="')[2].partition('"')[0]
    assert token
    said = {"outcome": "unclear", "text": "Паркан закритий.", "kept": [token]}
    assert client.post(address(town.ngo, closed), said).status_code == 302
    assert Contribution.objects.get(issue=closed, kind=ContributionKind.CHECK).media.get().token == token


def test_the_form_is_the_moderators_alone(town, client, closed):
    assert client.get(address(town.ngo, closed)).status_code == 302
    said = {"outcome": "not_solved", "text": "Так"}
    for member, organisation in (
        (town.author, town.ngo),
        (town.roads_worker, town.ngo),
        (town.roads_worker, town.roads),
        (town.controller, town.control),
    ):
        client.force_login(member)
        assert client.get(address(organisation, closed)).status_code == 403
        assert client.post(address(organisation, closed), said).status_code == 403
    assert again(closed).status == Status.CLOSED


def test_opening_again_from_a_flag_brings_its_words_along(town, client, closed):
    contribute.flag_unsolved(closed, "Вода стоїть і досі", actor=town.neighbour)
    client.force_login(town.moderator)
    desk = reverse("opencity_issues:cabinet", args=["ngo"])
    assert "do=T14" in client.get(desk, {"issue": closed.number}).content.decode()
    page = client.get(desk, {"issue": closed.number, "do": "T14"}).content.decode()
    assert "«Вода стоїть і досі»" in page
    assert client.post(f"{desk}?issue={closed.number}&do=T14", {"reason": "Вода стоїть."}).status_code == 302
    assert not Contribution.objects.filter(kind=ContributionKind.FLAG, handled_at=None).exists()
