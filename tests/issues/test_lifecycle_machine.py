"""A machine plays the procedure at random beside a model of it that was written from the text: they never differ."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from opencity_issues.actions import message_organisation, work_on_assignment
from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.enums import EventKind, Status
from opencity_issues.models import IssuePage, MapCell
from opencity_issues.models.map_cell import LATE
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.lifecycle import fold
from opencity_issues.procedure.refusals import Refusal
from tests.factories import NOON, Town

FILLED = Move(executor="Майстер дільниці", answer="Зроблено.", reason="Є підстави.")
SOLVING = ("roads", "lighting")
TRANSITIONS = ("T2", "T3", "T4", "T5", "T6", "T7", "T9", "T10", "T11", "T12", "T13", "T14")
ROLES = ("author", "roads", "lighting", "control", "moderator")


class Model:
    """Clauses 3.2, 4.6 and 4.7 in a few lines, for one issue of two organisations."""

    def __init__(self) -> None:
        self.status, self.origin = "open", ""
        self.again = False
        self.parts = dict.fromkeys(SOLVING, "sent")
        self.ever_accepted: set[str] = set()
        self.repeated = False
        self.closed_at = self.archived_at = NOON

    def active(self) -> list[str]:
        return [name for name, part in self.parts.items() if part in ("sent", "accepted")]

    def tick(self, now: datetime) -> None:
        if self.status == "closed" and now >= self.closed_at + timedelta(days=20):
            self.status, self.archived_at = "archived", self.closed_at + timedelta(days=20)

    def allows(self, transition: str, role: str, now: datetime) -> bool:
        part = self.parts.get(role)
        again = self.status == "open" and self.again
        return {
            "T2": self.status in ("open", "accepted") and part == "sent",
            "T3": self.status == "open" and role == "moderator",
            "T4": self.status == "open" and role == "control" and self.repeated,
            "T5": self.status == "accepted" and part == "accepted" and self.origin != "4.7",
            "T6": self.status == "accepted" and role == "control",
            "T7": self.status == "accepted" and role == "moderator",
            "T9": self.status == "archived" and role == "author" and now < self.archived_at + timedelta(days=20),
            "T10": self.status == "archived" and role == "moderator",
            "T11": again and part in ("sent", "accepted") and self.origin == "archive",
            "T12": again and role == "control",
            "T13": again and role == "moderator",
            "T14": self.status == "closed" and role in ("moderator", "author"),
        }[transition]

    def apply(self, transition: str, role: str, now: datetime) -> None:
        if transition == "T2":
            self.parts[role] = "accepted"
            self.ever_accepted.add(role)
            self.status = "accepted"
        elif transition in ("T3", "T4"):
            self.status = "accepted"
        elif transition in ("T5", "T11"):
            self.parts[role] = "done"
            if not self.active():
                self._close(now)
        elif transition in ("T6", "T7", "T12", "T13"):
            self._close(now)
        elif transition == "T9":
            self.parts = {
                name: "accepted" if name in self.ever_accepted and part in ("done", "ended") else part
                for name, part in self.parts.items()
            }
            self.status, self.again, self.origin = "accepted", True, "archive"
        else:
            self.parts = {name: part if part == "returned" else "sent" for name, part in self.parts.items()}
            self.status, self.again, self.repeated = "open", True, False
            self.origin = "archive" if transition == "T10" else "4.7"

    def _close(self, now: datetime) -> None:
        self.status, self.again, self.closed_at = "closed", False, now
        self.parts = {name: "ended" if part in ("sent", "accepted") else part for name, part in self.parts.items()}


class Machine(RuleBasedStateMachine):
    town: Town

    @initialize()
    def report(self) -> None:
        self.now = NOON
        self.model = Model()
        author = self.town.author
        IssuePage.objects.filter(author=author).update(
            author=self.town.neighbour, submitted_at=NOON - timedelta(days=90)
        )
        self.issue = self.town.issue(categories=["3.8", "2.2.1"])

    def who(self, role: str) -> tuple[Any, Any]:
        return {
            "author": (self.town.author, None),
            "roads": (self.town.roads_worker, self.town.roads),
            "lighting": (self.town.lighting_worker, self.town.lighting),
            "control": (self.town.controller, self.town.control),
            "moderator": (self.town.moderator, self.town.ngo),
        }[role]

    @rule(hours=st.sampled_from([1, 30, 24 * 7, 24 * 19, 24 * 21]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        archive_due(self.now)
        self.model.tick(self.now)

    @rule(transition=st.sampled_from(TRANSITIONS), role=st.sampled_from(ROLES))
    def attempt(self, transition: str, role: str) -> None:
        actor, organisation = self.who(role)
        self.model.tick(self.now)
        allowed = self.model.allows(transition, role, self.now)
        try:
            change_status(self.issue, transition, actor=actor, organisation=organisation, move=FILLED, now=self.now)
            done = True
        except Refusal:
            done = False
        assert done == allowed, (transition, role, vars(self.model))
        if done:
            self.model.apply(transition, role, self.now)

    @rule(name=st.sampled_from(SOLVING))
    def repeat_message(self, name: str) -> None:
        if self.model.parts[name] not in ("sent", "accepted"):
            return
        self.now += timedelta(minutes=1)
        message_organisation.repeat_message(
            self.issue,
            self.who(name)[1],
            "Просимо прийняти.",
            actor=self.town.moderator,
            organisation=self.town.ngo,
            now=self.now,
        )
        self.model.repeated = True

    @rule(name=st.sampled_from(SOLVING))
    def return_as_not_ours(self, name: str) -> None:
        if self.model.parts[name] not in ("sent", "accepted"):
            return
        actor, organisation = self.who(name)
        work_on_assignment.return_assignment(
            self.issue, "Не наше.", actor=actor, organisation=organisation, now=self.now
        )
        self.model.parts[name] = "returned"

    @rule(name=st.sampled_from(SOLVING))
    def report_rework(self, name: str) -> None:
        if self.model.parts[name] not in ("sent", "accepted") or self.model.origin != "4.7":
            return
        actor, organisation = self.who(name)
        work_on_assignment.report_rework_done(
            self.issue, "Готово.", actor=actor, organisation=organisation, now=self.now
        )
        self.model.parts[name] = "done"

    @invariant()
    def the_issue_is_as_the_model_says(self) -> None:
        if not hasattr(self, "issue"):
            return
        issue = IssuePage.objects.get(pk=self.issue.pk)
        archived_only_by_clock = issue.status == "closed" and self.model.status == "archived"
        assert archived_only_by_clock or (issue.status, issue.again) == (self.model.status, self.model.again)
        assert {
            one.organisation.slug: one.state for one in issue.assignments.select_related("organisation")
        } == self.model.parts
        targets = issue.events.filter(kind=EventKind.STATUS).order_by("sequence").values_list("target", flat=True)
        assert fold(Status(target) for target in targets) == issue.status
        assert list(issue.events.order_by("sequence").values_list("sequence", flat=True)) == list(
            range(1, issue.event_count + 1)
        )
        # What is late is counted a second time, see LATE.
        counted = MapCell.objects.filter(category_id=0, zoom=CELL_ZOOM).exclude(status__startswith=LATE)
        assert sum(counted.values_list("count", flat=True)) == IssuePage.objects.published().count()
        running = issue.deadlines.running().filter(assignment__isnull=False).select_related("assignment")
        assert all(one.assignment.is_active for one in running)


@pytest.mark.django_db
def test_the_issue_lives_as_the_procedure_says_whatever_people_do(town: Town) -> None:
    machine = type("TownMachine", (Machine,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
