"""The one door, story by story: what the table of 3.2 means for assignments, deadlines and letters."""

from datetime import timedelta

import pytest

from opencity_issues.actions.message_organisation import repeat_message
from opencity_issues.enums import AssignmentState, EventKind, Status
from opencity_issues.models import IssuePage, MapCell, Notice
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from tests.factories import NOON, Town, person


def fresh(issue: IssuePage) -> IssuePage:
    return IssuePage.objects.get(pk=issue.pk)


def status_events(issue: IssuePage) -> list[tuple[str, str]]:
    return list(issue.events.filter(kind=EventKind.STATUS).order_by("sequence").values_list("transition", "target"))


def test_an_issue_of_two_categories_goes_to_both_organisations_and_to_the_control_mailbox(town: Town) -> None:
    issue = town.issue(categories=["3.8", "2.2.1"])
    assert {one.organisation.slug for one in issue.assignments.all()} == {"roads", "lighting"}
    recipients = set(Notice.objects.filter(issue=issue).values_list("template", "recipient"))
    assert recipients == {
        ("routed", f"organisation:{town.roads.pk}"),
        ("routed", f"organisation:{town.lighting.pk}"),
        ("new_issue", f"control:{town.city.pk}"),
        ("published", f"user:{town.author.pk}"),
    }


def test_a_category_without_a_row_uses_its_parents_and_one_that_leads_nowhere_waits_for_control(town: Town) -> None:
    assert {one.organisation.slug for one in town.issue(categories=["3.10"]).assignments.all()} == {"roads"}
    nowhere = town.issue(categories=["8"])
    assert not nowhere.assignments.exists()
    assert nowhere.events.filter(kind=EventKind.UNROUTED).count() == 1


def test_only_the_first_acceptance_changes_the_status_and_only_the_last_done_closes(town: Town) -> None:
    issue = town.issue(categories=["3.8", "2.2.1"])
    assert town.accept(issue, town.roads).status == Status.ACCEPTED
    assert town.accept(issue, town.lighting).status == Status.ACCEPTED
    assert town.finish(issue, town.roads).status == Status.ACCEPTED
    assert town.finish(issue, town.lighting).status == Status.CLOSED
    assert status_events(issue) == [("T1", "open"), ("T2", "accepted"), ("T5", "closed")]


def test_an_organisation_that_only_controls_does_not_hold_the_closing_back(town: Town) -> None:
    issue = town.issue(categories=["3.8", "2.2.1"])
    town.accept(issue, town.roads)
    town.accept(issue, town.lighting, kind="control")
    assert town.finish(issue, town.roads).status == Status.CLOSED
    assert issue.assignments.get(organisation=town.lighting).state == AssignmentState.ENDED


def test_after_a_reopening_by_4_7_the_responsible_worker_cannot_close_but_the_control_body_can(town: Town) -> None:
    issue = town.close(town.issue())
    issue = town.move(issue, "T14", town.author, now=NOON + timedelta(days=2))
    assert (issue.status, issue.again) == (Status.OPEN, True)
    for _attempt in ("open", "accepted"):
        with pytest.raises(NotPossible):
            town.move(issue, "T11", town.roads_worker, town.roads, NOON + timedelta(days=3))
        with pytest.raises(NotPossible):
            town.move(issue, "T5", town.roads_worker, town.roads, NOON + timedelta(days=3))
        if issue.status == Status.OPEN:
            issue = town.accept(issue, town.roads, NOON + timedelta(days=3))
    assert town.move(issue, "T6", town.controller, town.control, NOON + timedelta(days=4)).status == Status.CLOSED


def test_after_a_reopening_from_the_archive_the_responsible_worker_may_close(town: Town) -> None:
    issue = town.archive(town.issue())
    later = NOON + timedelta(days=60)
    issue = town.move(issue, "T10", town.moderator, town.ngo, later)
    assert (issue.status, issue.again) == (Status.OPEN, True)
    assert town.move(issue, "T11", town.roads_worker, town.roads, later).status == Status.CLOSED


def test_t4_needs_a_repeated_message_since_the_issue_last_became_open(town: Town) -> None:
    issue = town.issue()
    with pytest.raises(NotPossible):
        town.move(issue, "T4", town.controller, town.control)
    repeat_message(issue, town.roads, "Просимо прийняти.", actor=town.moderator, organisation=town.ngo, now=NOON)
    assert town.move(issue, "T4", town.controller, town.control).status == Status.ACCEPTED
    town.accept(issue, town.roads)
    issue = town.finish(issue, town.roads)
    issue = town.move(issue, "T14", town.author, now=NOON + timedelta(days=1))
    with pytest.raises(NotPossible):
        town.move(issue, "T4", town.controller, town.control, NOON + timedelta(days=1))


def test_archiving_counts_from_closing_however_late_it_runs(town: Town) -> None:
    issue = town.archive(town.issue())
    assert issue.archived_at == NOON + timedelta(days=20)
    with pytest.raises(NotPossible):
        town.move(issue, "T9", town.author, now=NOON + timedelta(days=41))
    assert town.move(issue, "T9", town.author, now=NOON + timedelta(days=39)).status == Status.ACCEPTED


def test_an_overdue_archiving_comes_before_any_other_transition(town: Town) -> None:
    issue = town.close(town.issue())
    with pytest.raises(NotPossible):
        town.move(issue, "T14", town.author, now=NOON + timedelta(days=20))
    assert fresh(issue).status == Status.ARCHIVED


def test_t9_returns_what_had_been_accepted_even_when_control_closed_it_after_a_reopening(town: Town) -> None:
    issue = town.close(town.issue(categories=["3.8", "2.2.1"]))
    issue = town.move(issue, "T14", town.author, now=NOON + timedelta(days=1))
    issue = town.move(issue, "T12", town.controller, town.control, NOON + timedelta(days=2))
    issue = town.move(issue, "T9", town.author, now=NOON + timedelta(days=30))
    assert {one.state for one in issue.assignments.all()} == {AssignmentState.ACCEPTED}
    assert issue.deadlines.running().filter(clause="4.4").count() == 2


def test_a_transition_says_what_is_missing_and_changes_nothing(town: Town) -> None:
    issue = town.issue()
    before = issue.events.count()
    with pytest.raises(Missing) as refused:
        town.move(issue, "T2", town.roads_worker, town.roads, executor="  ")
    assert set(refused.value.fields) == {"executor"}
    assert fresh(issue).status == Status.OPEN
    assert issue.events.count() == before


def test_a_former_worker_and_the_operator_have_no_transition(town: Town) -> None:
    issue = town.issue()
    town.roads.memberships.update(left_at=NOON)
    operator = person("operator@city.example", is_superuser=True)
    for actor in (town.roads_worker, operator):
        with pytest.raises(NotPermitted):
            town.move(issue, "T2", actor, town.roads)


def test_the_map_counts_what_is_published_by_status(town: Town) -> None:
    issue = town.accept(town.issue(), town.roads)
    counted = MapCell.objects.filter(category_id=0, zoom=CELL_ZOOM, count__gt=0).values_list("status", "count")
    assert list(counted) == [(issue.status, 1)]
