"""An executor without an account works by a private link, and by nothing else (2.8, 4.3–4.5)."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import route_issue, work_on_assignment
from opencity_issues.actions.cabinet import executor_links, work_as_executor
from opencity_issues.actions.cabinet.executor_links import send_back
from opencity_issues.actions.offer_deeds import offered_deeds
from opencity_issues.actions.work_on_assignment import Answer, name_executor, return_assignment
from opencity_issues.enums import AssignmentState, ContributionKind, EventKind, Status, Way
from opencity_issues.models import Assignment, Contribution, ExecutorLink, IssuePage, Media, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.executor_links import SALT, LinkState, find, state_of, token_of, url_of
from opencity_issues.rules import Roles
from tests.factories import NOON, person
from tests.issues.media_samples import photo as jpeg

EXECUTOR = "Іван Майстер, дільниця № 2"
EMAIL = "ivan@works.example"


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def issue(town):
    issue = town.issue()
    town.accept(issue, town.roads, executor=EXECUTOR, executor_email=EMAIL)
    return IssuePage.objects.get(pk=issue.pk)


@pytest.fixture
def link(issue):
    return ExecutorLink.objects.select_related("assignment__issue", "assignment__organisation").get()


def page_of(link):
    return reverse("opencity_issues:executor", args=[token_of(link)])


def own_part(issue):
    return Assignment.objects.get(issue=issue)


def everything():
    """A digest of every row of every table of the package."""
    rows = [(model._meta.label, sorted(map(repr, model._base_manager.values_list()))) for model in apps.get_models()]
    return sha256(repr(rows).encode()).hexdigest()


# Given


def test_accepting_with_an_address_sends_the_executor_a_link(town, issue, link):
    assert (link.name, link.email, link.created_by) == (EXECUTOR, EMAIL, town.roads_worker)
    assert link.expires_at - link.created_at == timedelta(days=45)
    event = issue.events.get(kind=EventKind.LINK_SENT)
    assert event.data == {"link": link.pk}
    notice = Notice.objects.get(event=event)
    assert (notice.template, notice.recipient, notice.link) == ("executor_link", f"executor:{link.pk}", link)


def test_the_letter_carries_the_link_and_the_whole_issue(issue, link, mailoutbox):
    from opencity_issues.actions.letters.send_notices import send_waiting

    send_waiting()
    letter = next(one for one in mailoutbox if one.to == [EMAIL])
    assert url_of(link) in letter.body
    assert issue.description in letter.body
    assert not any(token_of(link) in one.body for one in mailoutbox if one.to != [EMAIL])


def test_accepting_without_an_address_gives_no_link(town):
    town.accept(town.issue(), town.roads)
    assert not ExecutorLink.objects.exists()


def test_a_wrong_address_is_told_at_its_field_and_accepts_nothing(town):
    issue = town.issue()
    with pytest.raises(Missing) as refused:
        town.accept(issue, town.roads, executor_email="not an address")
    assert "executor_email" in refused.value.fields
    assert own_part(issue).state == AssignmentState.SENT


def test_the_setting_says_how_long_a_link_works(town, settings):
    settings.OPENCITY_EXECUTOR_LINK_DAYS = 3
    town.accept(town.issue(), town.roads, executor_email=EMAIL)
    link = ExecutorLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(days=3)


def test_no_letter_event_or_token_tells_the_executors_address_to_the_public(client, issue):
    for path in (
        f"/issues/{issue.number}/",
        f"/api/v1/issues/{issue.number}/",
        f"/api/v1/issues/{issue.number}/events/",
    ):
        body = client.get(path).content.decode()
        assert EMAIL not in body
        assert "link_sent" not in body


# Found


def test_a_token_is_signed_and_holds_128_random_bits(link):
    assert re.fullmatch(rf"{link.pk}-[0-9a-f]{{32}}\.[\w-]{{43}}", token_of(link))
    assert find(token_of(link)) == link


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "9" + t, lambda t: t[:40], str.upper]
)
def test_a_changed_token_finds_nothing(client, link, change):
    token = change(token_of(link))
    assert find(token) is None
    assert client.get(reverse("opencity_issues:executor", args=[token])).status_code == 404


def test_a_signature_for_another_purpose_opens_nothing(link):
    from django.core.signing import Signer

    assert find(Signer(salt="another", sep=".").sign(f"{link.pk}-{link.nonce}")) is None
    assert find(Signer(salt=SALT, sep=".").sign(f"{link.pk}-{'0' * 32}")) is None
    assert find(Signer(salt=SALT, sep=".").sign("999999-0")) is None


# Ended


def test_it_expires(client, link):
    with time_machine.travel(link.expires_at + timedelta(seconds=1)):
        answer = client.get(page_of(link))
    assert answer.status_code == 410
    assert link.assignment.organisation.mailbox in answer.content.decode()


def test_another_executor_ends_it(town, issue, link):
    name_executor(issue, "Петро Інший", actor=town.roads_worker, organisation=town.roads)
    link.refresh_from_db()
    assert state_of(link, timezone.now()) == LinkState.REVOKED
    assert own_part(issue).executor_email == ""


def test_the_same_executor_can_get_a_new_one(town, issue, link):
    name_executor(issue, EXECUTOR, email=EMAIL, actor=town.roads_worker, organisation=town.roads)
    old, new = ExecutorLink.objects.order_by("pk")
    assert (old.revoked_at is None, new.revoked_at is None) == (False, True)
    assert not issue.events.filter(kind=EventKind.EXECUTOR_NAMED).exists()


def test_a_click_ends_it(town, issue, link):
    executor_links.revoke(issue, actor=town.roads_worker, organisation=town.roads)
    link.refresh_from_db()
    assert state_of(link, timezone.now()) == LinkState.REVOKED
    with pytest.raises(NotPossible):
        executor_links.revoke(issue, actor=town.roads_worker, organisation=town.roads)


def finished(town, issue):
    town.finish(issue, town.roads)


def returned(town, issue):
    return_assignment(issue, "Не наше.", actor=town.roads_worker, organisation=town.roads)


def withdrawn(town, issue):
    Assignment.objects.filter(issue=issue).update(state=AssignmentState.WITHDRAWN)


@pytest.mark.parametrize("ending", [finished, returned, withdrawn])
def test_the_end_of_the_assignment_ends_it(client, town, issue, link, ending):
    ending(town, issue)
    assert client.get(page_of(link)).status_code == 410
    with pytest.raises(NotPermitted):
        work_as_executor.ask_author(link, "Де саме?")


def test_an_issue_that_is_not_published_ends_it(client, issue, link):
    IssuePage.objects.filter(pk=issue.pk).update(publication="taken_down")
    assert client.get(page_of(link)).status_code == 410


def test_a_reopened_issue_does_not_revive_it(client, town, issue, link):
    town.finish(issue, town.roads)
    issue = IssuePage.objects.get(pk=issue.pk)
    town.move(issue, "T14", town.moderator, town.ngo)
    town.accept(IssuePage.objects.get(pk=issue.pk), town.roads)
    assert client.get(page_of(link)).status_code == 410


# The page


def test_the_page_shows_the_work_and_no_contacts(client, town, issue, link):
    body = client.get(page_of(link)).content.decode()
    assert issue.title in body
    assert issue.description in body
    assert "geo:51.344000,25.853000" in body
    assert town.author.get_full_name() in body
    assert town.author.email not in body
    assert town.author.email not in str(client.get(page_of(link)).headers)


def test_opening_it_changes_nothing_and_leaves_no_trace(client, link):
    before = everything()
    for _time in range(2):
        answer = client.get(page_of(link))
        assert answer.status_code == 200
    assert client.head(page_of(link)).status_code == 200
    assert everything() == before
    assert not answer.cookies
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_it_opens_no_other_page(client, town, issue, link):
    client.get(page_of(link))
    assert "_auth_user_id" not in client.session
    cabinet = client.get(reverse("opencity_issues:cabinet", args=[town.roads.slug]))
    assert cabinet.status_code == 302


def test_it_needs_no_cookie_to_post(link):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(page_of(link), {"do": "ask", "text": "Де саме?"}, headers={"origin": "null"})
    assert answer.status_code == 302
    assert not strict.cookies


def test_it_is_read_in_a_constant_number_of_queries(client, issue, link, django_assert_max_num_queries):
    for number in range(30):
        Contribution.objects.create(
            issue=issue, kind=ContributionKind.COMMENT, text=f"Слово {number}", created_at=timezone.now()
        )
    with django_assert_max_num_queries(20):
        assert client.get(page_of(link)).status_code == 200


# What the executor does


def test_the_executor_asks_the_author(client, town, issue, link):
    answer = client.post(page_of(link), {"do": "ask", "text": "З якого боку вулиці?"}, follow=True)
    assert answer.redirect_chain[0][1] == 302
    question = Contribution.objects.get(kind=ContributionKind.QUESTION)
    assert (question.author, question.organisation, question.executor) == (None, town.roads, EXECUTOR)
    assert Notice.objects.filter(template="question", user=town.author).exists()
    assert EXECUTOR in client.get(f"/issues/{issue.number}/").content.decode()


@pytest.mark.parametrize("explains", [True, False])
def test_only_justified_reasons_meet_4_4(town, issue, link, explains):
    day = (NOON + timedelta(days=10)).date()
    work_as_executor.explain(link, Answer("Асфальт буде навесні.", day, explains))
    own = own_part(issue)
    assert own.planned_date == day
    assert issue.deadlines.filter(clause="4.4", met_at__isnull=False).exists() == explains
    assert IssuePage.objects.get(pk=issue.pk).explained == explains


def test_a_planned_date_that_has_passed_is_not_taken(link):
    with pytest.raises(Missing):
        work_as_executor.explain(link, Answer("Скоро.", (NOON - timedelta(days=1)).date()))


def report(link, text="Яму засипано."):
    return work_as_executor.report_done(link, text)


def test_a_report_reaches_head_organisation_and_control_and_is_not_public(client, town, issue, link):
    report(link, "Секрет дільниці")
    own = own_part(issue)
    assert own.executor_done_at is not None
    assert own.state == AssignmentState.ACCEPTED
    letters = set(Notice.objects.filter(event__kind=EventKind.EXECUTOR_DONE).values_list("recipient", flat=True))
    assert letters == {f"organisation:{town.roads.pk}", f"head:{town.roads.pk}", f"control:{town.city.pk}"}
    for visitor in (None, town.author, town.neighbour):
        if visitor:
            client.force_login(visitor)
        for path in (f"/issues/{issue.number}/", f"/api/v1/issues/{issue.number}/events/"):
            body = client.get(path).content.decode()
            assert "Секрет дільниці" not in body
            assert "executor_done" not in body


def test_a_report_is_made_once_until_it_comes_back(town, issue, link):
    report(link)
    with pytest.raises(NotPossible):
        report(link)
    send_back(issue, "Ще тротуар.", actor=town.roads_worker, organisation=town.roads)
    report(link)


def test_stop_words_and_floods_are_not_taken(town, link):
    town.city.config.stop_words = "дурень"
    town.city.config.save()
    with pytest.raises(Missing):
        work_as_executor.ask_author(link, "Ви дурень?")
    for _time in range(work_as_executor.MESSAGES_A_DAY):
        work_as_executor.ask_author(link, "Де?")
    with pytest.raises(NotPossible):
        work_as_executor.ask_author(link, "Де?")


def with_photo(client, link, text="Яму засипано."):
    photo = SimpleUploadedFile("a.jpg", jpeg(), content_type="image/jpeg")
    return client.post(page_of(link), {"do": "done", "text": text, "files": photo})


def test_photos_come_through_the_gate_and_wait_with_the_report(client, town, issue, link):
    assert with_photo(client, link).status_code == 302
    media = Media.objects.get(contribution__kind=ContributionKind.EXECUTED)
    assert client.get(media.url("thumb")).status_code == 404
    client.force_login(town.roads_worker)
    assert client.get(media.url("thumb")).status_code == 200


def test_an_error_loses_no_photo(client, link):
    answer = with_photo(client, link, text="")
    assert answer.status_code == 400
    token = Media.objects.get().token
    assert token in answer.content.decode()
    client.post(page_of(link), {"do": "done", "text": "Готово.", "kept": token})
    assert Media.objects.get().contribution is not None


def test_a_file_that_is_no_photo_is_told_at_its_field(client, link):
    answer = client.post(
        page_of(link), {"do": "done", "text": "Готово.", "files": SimpleUploadedFile("a.jpg", b"MZ nothing")}
    )
    assert answer.status_code == 400
    assert not Contribution.objects.filter(kind=ContributionKind.EXECUTED).exists()


# The responsible worker confirms, or sends back


def test_the_report_calls_for_the_organisation_on_its_desk(client, town, issue, link):
    with_photo(client, link)
    client.force_login(town.roads_worker)
    desk = reverse("opencity_issues:cabinet", args=[town.roads.slug])
    body = client.get(f"{desk}?queue=executor-done&issue={issue.number}").content.decode()
    assert "executor-report" in body
    assert issue.title in body
    client.force_login(town.controller)
    desk = reverse("opencity_issues:cabinet", args=[town.control.slug])
    body = client.get(f"{desk}?issue={issue.number}").content.decode()
    assert "executor-report" not in body
    assert "Яму засипано." in body


def test_confirming_makes_words_and_photos_public(client, town, issue, link):
    with_photo(client, link)
    client.force_login(town.roads_worker)
    desk = reverse("opencity_issues:cabinet", args=[town.roads.slug])
    form = client.get(f"{desk}?issue={issue.number}&do=T5").content.decode()
    assert "Яму засипано." in form
    media = Media.objects.get()
    assert f'value="{media.pk}"' in form
    client.post(f"{desk}?issue={issue.number}&do=T5", {"answer": "Яму засипано й утрамбовано.", "executed": media.pk})
    issue.refresh_from_db()
    assert issue.status == Status.CLOSED
    media.refresh_from_db()
    assert (media.contribution.kind, media.contribution.text) == ("done", "Яму засипано й утрамбовано.")
    client.logout()
    assert client.get(media.url("thumb")).status_code == 200


def test_rework_is_confirmed_in_the_same_way(client, town, issue, link):
    town.finish(issue, town.roads)
    town.move(IssuePage.objects.get(pk=issue.pk), "T14", town.moderator, town.ngo)
    town.accept(IssuePage.objects.get(pk=issue.pk), town.roads, executor_email=EMAIL)
    with_photo(client, ExecutorLink.objects.get(revoked_at=None), text="Перероблено.")
    client.force_login(town.roads_worker)
    desk = f"{reverse('opencity_issues:cabinet', args=[town.roads.slug])}?issue={issue.number}&do=rework-done"
    assert "Перероблено." in client.get(desk).content.decode()
    media = Media.objects.get()
    assert client.post(desk, {"text": "Перероблено.", "executed": media.pk}).status_code == 302
    media.refresh_from_db()
    assert media.contribution.kind == ContributionKind.DONE
    assert IssuePage.objects.get(pk=issue.pk).status != Status.CLOSED


def test_a_photo_that_is_not_chosen_stays_between_offices(client, town, issue, link):
    with_photo(client, link)
    client.force_login(town.roads_worker)
    desk = reverse("opencity_issues:cabinet", args=[town.roads.slug])
    client.post(f"{desk}?issue={issue.number}&do=T5", {"answer": "Готово."})
    assert Media.objects.get().contribution.kind == ContributionKind.EXECUTED
    client.logout()
    assert client.get(Media.objects.get().url("thumb")).status_code == 404


def test_nobody_takes_the_photos_of_another_organisations_executor(client, town):
    issue = town.issue(categories=["3.8", "2.2"])
    town.accept(issue, town.roads, executor=EXECUTOR, executor_email=EMAIL)
    town.accept(issue, town.lighting)
    with_photo(client, ExecutorLink.objects.get())
    media = Media.objects.get()
    town.move(issue, "T5", town.lighting_worker, town.lighting, media=[media])
    media.refresh_from_db()
    assert media.contribution.kind == ContributionKind.EXECUTED


def test_sending_back_reaches_the_executor_with_the_link(client, town, issue, link):
    report(link)
    send_back(issue, "Засипте ще біля бордюру.", actor=town.roads_worker, organisation=town.roads)
    assert own_part(issue).executor_done_at is None
    notice = Notice.objects.get(template="executor_sent_back")
    assert notice.link == link
    assert "Засипте ще біля бордюру." in client.get(page_of(link)).content.decode()
    assert "Засипте ще" not in client.get(f"/issues/{issue.number}/").content.decode()


def test_a_report_does_not_outlive_the_part_it_was_about(town, issue, link):
    report(link)
    return_assignment(issue, "Не наше.", actor=town.roads_worker, organisation=town.roads)
    route_issue.assign(issue, town.roads, actor=town.controller, organisation=town.control)
    issue = IssuePage.objects.get(pk=issue.pk)
    offered = offered_deeds(issue, town.roads, Roles.of(town.roads_worker))
    assert not {"send-back", "end-link"} & set(offered)
    with pytest.raises(NotPossible):
        send_back(issue, "Ще.", actor=town.roads_worker, organisation=town.roads)


def test_sending_back_by_an_expired_link_gives_a_new_one(town, issue, link):
    report(link)
    ExecutorLink.objects.update(expires_at=NOON)
    send_back(issue, "Ще.", actor=town.roads_worker, organisation=town.roads)
    assert Notice.objects.get(template="executor_sent_back").link != link


def people(town):
    return {
        "citizen": person("someone@people.example"),
        "author": town.author,
        "neighbour": town.neighbour,
        "another": town.lighting_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": person("operator@people.example", is_superuser=True),
    }


@pytest.mark.parametrize("who", ["citizen", "author", "neighbour", "another", "control", "moderator", "operator"])
def test_only_the_organisations_worker_gives_ends_and_sends_back(town, issue, link, who):
    report(link)
    actor = people(town)[who]
    for deed in (
        lambda: name_executor(issue, "Інший", email=EMAIL, actor=actor, organisation=town.roads),
        lambda: executor_links.revoke(issue, actor=actor, organisation=town.roads),
        lambda: send_back(issue, "Ще.", actor=actor, organisation=town.roads),
    ):
        with pytest.raises(NotPermitted):
            deed()


def test_the_desk_sends_back_and_ends_the_link(client, town, issue, link):
    report(link)
    client.force_login(town.roads_worker)
    desk = f"{reverse('opencity_issues:cabinet', args=[town.roads.slug])}?issue={issue.number}"
    assert client.post(f"{desk}&do=send-back", {"reason": ""}).status_code == 400
    assert client.post(f"{desk}&do=send-back", {"reason": "Ще."}).status_code == 302
    assert client.post(f"{desk}&do=end-link").status_code == 302
    assert own_part(issue).executor_email == ""


# The head (4.2)


def test_the_head_is_informed_by_a_letter_with_the_whole_issue(town, mailoutbox):
    from opencity_issues.actions.letters.send_notices import send_waiting

    issue = town.issue()
    work_on_assignment.inform_head(issue, actor=town.roads_worker, organisation=town.roads, way=Way.EMAIL)
    assert issue.events.get(kind=EventKind.HEAD_INFORMED).data == {"way": "email"}
    assert issue.deadlines.get(clause="4.2").met_at is not None
    send_waiting()
    letter = next(one for one in mailoutbox if one.to == [town.roads.head_email])
    assert issue.description in letter.body


def test_what_was_said_otherwise_is_recorded_without_a_letter(client, town):
    issue = town.issue()
    client.force_login(town.roads_worker)
    desk = f"{reverse('opencity_issues:cabinet', args=[town.roads.slug])}?issue={issue.number}&do=inform-head"
    assert town.roads.head_email in client.get(desk).content.decode()
    assert client.post(desk, {"way": "phone"}).status_code == 302
    assert issue.events.get(kind=EventKind.HEAD_INFORMED).data == {"way": "phone"}
    assert not Notice.objects.filter(template="head_informed").exists()


def test_without_an_address_no_letter_is_offered(town):
    town.roads.head_email = ""
    town.roads.save()
    with pytest.raises(Missing):
        work_on_assignment.inform_head(town.issue(), actor=town.roads_worker, organisation=town.roads, way=Way.EMAIL)
