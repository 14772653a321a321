"""Several issues at once: what the preview says, what is done and refused, and for whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from opencity_issues.enums import AssignmentState, EventKind
from opencity_issues.models import AnswerTemplate, Assignment, Contribution, Event, Membership
from opencity_issues.views.desk.bulk_deeds import AT_ONCE, BULK_DEEDS
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def several(organisation, **query):
    return reverse("opencity_issues:desk_bulk", args=[organisation.slug], query=query or None)


def issues_of(town, now, count=3, **said):
    return [town.issue(now=now, author=person(f"p{n}@people.example"), **said) for n in range(count)]


def numbers(issues):
    return [issue.number for issue in issues]


def do(client, own, name, issues, /, *, follow=True, **given):
    return client.post(several(own), {"do": name, "issue": numbers(issues), **given}, follow=follow)


def test_looking_at_the_preview_changes_nothing(town, client, now):
    issues = issues_of(town, now)
    before = Event.objects.count()
    client.force_login(town.roads_worker)
    answer = client.get(several(town.roads, do="T2", issue=numbers(issues)))
    assert answer.status_code == 200
    assert [row.issue.number for row in answer.context["possible"]] == numbers(issues)
    client.post(several(town.roads), {"do": "T2", "issue": numbers(issues), "step": "look", "executor": "Майстер"})
    assert Event.objects.count() == before


def test_one_executor_accepts_several(town, client, now):
    issues = issues_of(town, now)
    client.force_login(town.roads_worker)
    answer = do(client, town.roads, "T2", issues, executor="Майстер дільниці", kind="solve")
    assert [row[0] for row in answer.context["done"]] == numbers(issues)
    assert answer.context["refused"] == []
    for issue in issues:
        part = issue.assignments.get()
        assert (part.state, part.executor) == (AssignmentState.ACCEPTED, "Майстер дільниці")
        assert issue.events.filter(kind=EventKind.STATUS, transition="T2").count() == 1


def test_what_is_missing_keeps_what_was_typed_and_does_nothing(town, client, now):
    issues = issues_of(town, now)
    client.force_login(town.roads_worker)
    answer = do(client, town.roads, "T2", issues, executor="", kind="consider", planned_date="2030-01-02")
    assert answer.status_code == 400
    assert 'value="2030-01-02"' in answer.content.decode()
    assert not Assignment.objects.filter(state=AssignmentState.ACCEPTED).exists()


def test_the_preview_says_why_not(town, client, now):
    free, taken = issues_of(town, now, 2)
    town.accept(taken, town.roads, now)
    client.force_login(town.roads_worker)
    answer = client.get(several(town.roads, do="T2", issue=[free.number, taken.number, 999_999]))
    assert [row.issue.number for row in answer.context["possible"]] == [free.number]
    (refused,) = answer.context["impossible"]
    assert refused.issue.number == taken.number
    assert str(AssignmentState.ACCEPTED.label).lower() in refused.refusal
    assert answer.context["not_here"] == 1


def test_one_refusal_does_not_hold_up_the_others(town, client, now):
    issues = issues_of(town, now)
    town.accept(issues[1], town.roads, now)
    client.force_login(town.roads_worker)
    answer = do(client, town.roads, "T2", issues, executor="Майстер", kind="solve")
    assert [row[0] for row in answer.context["done"]] == [issues[0].number, issues[2].number]
    assert [row[0] for row in answer.context["refused"]] == [issues[1].number]


def test_what_was_typed_comes_back_for_the_refused(town, client, now):
    issues = issues_of(town, now, 2)
    town.accept(issues[0], town.roads, now)
    client.force_login(town.roads_worker)
    do(client, town.roads, "T2", issues[:1], executor="Майстер із рідкісним ім’ям", kind="solve")
    again = client.get(several(town.roads, do="T2", issue=numbers(issues), again=1))
    assert "Майстер із рідкісним ім’ям" in again.content.decode()


def test_reloading_the_page_that_says_what_was_done_does_nothing(town, client, now):
    issues = issues_of(town, now - timedelta(days=20), 2)
    client.force_login(town.controller)
    answer = do(client, town.control, "warn", issues, follow=False)
    assert answer.status_code == 302
    warnings = Event.objects.filter(kind=EventKind.WARNING).count()
    for _time in range(2):
        assert client.get(answer["Location"]).status_code == 200
    assert Event.objects.filter(kind=EventKind.WARNING).count() == warnings == 2


def test_the_control_body_warns_those_that_are_late_with_their_own_text(town, client, now):
    late, fresh = issues_of(town, now - timedelta(days=20), 1)[0], town.issue(now=now)
    client.force_login(town.controller)
    preview = client.get(several(town.control, do="warn", issue=[late.number, fresh.number]))
    assert [row.issue.number for row in preview.context["possible"]] == [late.number]
    assert town.roads.name in preview.context["possible"][0].words[0]
    assert [row.issue.number for row in preview.context["impossible"]] == [fresh.number]
    do(client, town.control, "warn", [late, fresh])
    warning = Contribution.objects.get(kind="warning")
    assert warning.issue == late
    assert f"{late.number}" in warning.text
    assert late.deadlines.filter(clause="4.3", warned_at__isnull=False).exists()


def test_the_control_body_assigns_what_is_with_nobody(town, client, now):
    lost = issues_of(town, now, 2, categories=["8"])
    client.force_login(town.controller)
    empty = do(client, town.control, "assign", lost)
    assert empty.status_code == 400
    done = do(client, town.control, "assign", lost, organisation=town.housing.pk)
    assert len(done.context["done"]) == 2
    again = client.post(
        several(town.control),
        {"do": "assign", "issue": numbers(lost), "organisation": town.housing.pk, "step": "look"},
    )
    assert [row.issue.number for row in again.context["impossible"]] == numbers(lost)


def test_the_moderator_repeats_messages(town, client, now):
    issues = issues_of(town, now - timedelta(days=20), 2)
    client.force_login(town.moderator)
    do(client, town.ngo, "repeat", issues, text="Прийміть, будь ласка.")
    assert (
        list(Contribution.objects.filter(kind="repeated").values_list("text", flat=True))
        == ["Прийміть, будь ласка."] * 2
    )
    issues[0].refresh_from_db()
    assert issues[0].repeated_at


def test_workers_mark_as_seen_inform_the_head_and_name_executors(town, client, now):
    issues = issues_of(town, now, 2)
    client.force_login(town.roads_worker)
    do(client, town.roads, "seen", issues)
    assert not Assignment.objects.filter(seen_at=None).exists()
    do(client, town.roads, "inform-head", issues, way="meeting")
    assert not Assignment.objects.filter(head_informed_at=None).exists()
    for issue in issues:
        town.accept(issue, town.roads, now)
    do(client, town.roads, "name-executor", issues, executor="Інший майстер")
    assert set(Assignment.objects.values_list("executor", flat=True)) == {"Інший майстер"}


def test_one_template_answers_several_authors(town, client, now):
    issues = [town.accept(issue, town.roads, now) for issue in issues_of(town, now, 2)]
    template = AnswerTemplate.objects.create(
        organisation=town.roads, title="У плані", text="Проблему № {number} виконує {executor}."
    )
    client.force_login(town.roads_worker)
    do(client, town.roads, "answer", issues, template=template.pk)
    assert set(Contribution.objects.filter(kind="answer").values_list("text", flat=True)) == {
        f"Проблему № {issue.number} виконує Майстер дільниці." for issue in issues
    }


def test_a_blank_that_an_issue_cannot_fill_is_refused(town, client, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    client.force_login(town.roads_worker)
    answer = do(client, town.roads, "answer", [issue], text="Зробимо до {planned_date}.")
    assert "{planned_date}" in answer.context["refused"][0][2]
    assert not Contribution.objects.filter(kind="answer").exists()


def test_anothers_template_is_no_choice(town, client, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    foreign = AnswerTemplate.objects.create(organisation=town.lighting, title="Чужий", text="Чужий текст")
    client.force_login(town.roads_worker)
    assert do(client, town.roads, "answer", [issue], template=foreign.pk).status_code == 400


def test_all_of_a_narrowed_queue_can_be_chosen(town, client, now):
    late = issues_of(town, now - timedelta(days=20), 3)
    town.issue(now=now)
    client.force_login(town.controller)
    answer = client.get(several(town.control, do="warn", all=1, queue="to-warn", text=f"№{late[1].number}"))
    assert [row.issue.number for row in answer.context["possible"]] == [late[1].number]
    answer = client.get(several(town.control, do="warn", all=1, queue="now"))
    assert {row.issue.number for row in answer.context["possible"]} == set(numbers(late))


def test_at_most_a_hundred_go_at_once(town, client, now):
    issue = town.issue(now=now)
    client.force_login(town.roads_worker)
    answer = client.get(several(town.roads, do="seen", issue=[issue.number, *range(10_000, 10_150)]))
    assert answer.context["not_here"] == AT_ONCE - 1
    assert answer.context["limit"] == AT_ONCE


def test_nothing_chosen_is_said(town, client):
    client.force_login(town.roads_worker)
    for query in ({}, {"do": "T2"}, {"do": "nonsense", "issue": 1}, {"do": "T5", "issue": 1}, {"said": 1}):
        assert client.get(several(town.roads, **query)).status_code == 400


def test_the_preview_costs_the_same_for_1_and_12_issues(town, client, now, django_assert_max_num_queries):
    issues = issues_of(town, now - timedelta(days=20), 12)
    client.force_login(town.controller)
    for chosen in (issues[:1], issues):
        with django_assert_max_num_queries(16):
            client.get(several(town.control, do="warn", issue=numbers(chosen)))


# Who may.

PEOPLE = ["author", "neighbour", "roads_worker", "lighting_worker", "controller", "moderator", "operator", None]
OF = {"work": ("roads", "roads_worker"), "control": ("control", "controller"), "moderation": ("ngo", "moderator")}
GIVEN = {
    "executor": "Майстер",
    "kind": "solve",
    "text": "Зробимо.",
    "way": "meeting",
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", sorted(BULK_DEEDS))
def test_only_members_of_the_right_body_do_it(town, client, now, name, who):
    issue = town.issue(now=now - timedelta(days=20))
    if name in ("name-executor", "answer"):
        town.accept(issue, town.roads, now - timedelta(days=19))
    slug, member = OF[BULK_DEEDS[name].function]
    organisation = getattr(town, slug)
    user = person("operator@city.example", is_superuser=True) if who == "operator" else getattr(town, who or "", None)
    if user is not None:
        client.force_login(user)
    before = Event.objects.count()
    answer = do(client, organisation, name, [issue], follow=False, organisation=town.housing.pk, **GIVEN)
    if who == member:
        assert answer.status_code == 302
        assert Event.objects.count() > before
    else:
        assert answer.status_code == (302 if who is None else 403)
        assert Event.objects.count() == before


@pytest.mark.parametrize("name", sorted(BULK_DEEDS))
def test_at_a_foreign_desk_a_deed_of_another_body_is_refused_issue_by_issue(town, client, now, name):
    """Members act at their own desks, but with what is another body's business."""
    issue = town.issue(now=now - timedelta(days=20))
    for slug, member in OF.values():
        if (slug, member) == OF[BULK_DEEDS[name].function]:
            continue
        client.force_login(getattr(town, member))
        before = Event.objects.count()
        answer = do(client, getattr(town, slug), name, [issue], organisation=town.housing.pk, **GIVEN)
        assert Event.objects.count() == before
        assert answer.context.get("done", []) == []


def test_rights_that_end_in_between_end_the_run(town, client, now, monkeypatch):
    issues = issues_of(town, now)
    client.force_login(town.roads_worker)
    deed = BULK_DEEDS["seen"]
    carry_out = type(deed).carry_out

    def leaving(self, issue, wish, actor):
        done = carry_out(self, issue, wish, actor)
        Membership.objects.filter(user=town.roads_worker).update(left_at=now)
        return done

    monkeypatch.setattr(type(deed), "carry_out", leaving)
    do(client, town.roads, "seen", issues, follow=False)
    assert Assignment.objects.exclude(seen_at=None).count() == 1


def test_what_was_done_is_told_as_done(town, client, now):
    issues = issues_of(town, now, 2)
    client.force_login(town.roads_worker)
    answer = do(client, town.roads, "T2", issues, executor="Майстер дільниці", kind="solve")
    words = {row[2] for row in answer.context["done"]}
    assert words == {"прийнято; виконавець: Майстер дільниці"}


@pytest.mark.parametrize(
    ("who", "own", "queue", "deed"),
    [
        ("roads_worker", "roads", "new", "T2"),
        ("roads_worker", "roads", "at-work", None),
        ("controller", "control", "all", None),
        ("moderator", "ngo", "all", None),
    ],
)
def test_a_whole_list_is_offered_one_deed_only_where_all_of_it_waits_for_that(town, client, now, who, own, queue, deed):
    issues_of(town, now, 2)
    client.force_login(getattr(town, who))
    desk = client.get(reverse("opencity_issues:cabinet", args=[getattr(town, own).slug], query={"queue": queue}))
    offered = desk.context["for_all"]
    assert (offered.name if offered else None) == deed
    assert ("all=1" in desk.content.decode()) is (deed is not None)
