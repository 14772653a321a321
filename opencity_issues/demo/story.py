"""One issue's past, lived through the real actions: the law itself decides what can happen.

A story has a clock of its own. `after` and `ago` set it, every deed moves it on: offices act in working hours, citizens
in waking ones, and nothing happens after the present moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from opencity_issues.actions import change_status as door
from opencity_issues.actions import (
    check_issue,
    contribute,
    correct_issue,
    message_organisation,
    moderate_issue,
    route_issue,
    work_on_assignment,
)
from opencity_issues.actions.change_status import Move
from opencity_issues.actions.clock.miss_deadlines import record_missed_on
from opencity_issues.actions.community import organise_initiative, take_part
from opencity_issues.actions.community.organise_initiative import InitiativeWords
from opencity_issues.actions.submit_issue import Report, submit_issue
from opencity_issues.actions.work_on_assignment import Answer
from opencity_issues.demo import photos
from opencity_issues.demo.material import Text
from opencity_issues.demo.town import Town
from opencity_issues.enums import AcceptanceKind, AssignmentState, Status
from opencity_issues.models import Contribution, Initiative, IssuePage, Media, Organisation

OFFICE = (time(8, 10), time(16, 50))
WAKING = (time(6, 50), time(22, 40))


class Story:
    """What happens to one issue of `author`; the deeds are methods in the order of the citizen's path."""

    def __init__(
        self, town: Town, author: Any, text: Text, *, submitted: datetime, now: datetime, random: Random
    ) -> None:
        self.town, self.author, self.text = town, author, text
        self.now, self.random = now, random
        self.start = self.target = self.at = submitted
        self.calendar = town.city.config.calendar()
        self.variant = random.randrange(photos.VARIANTS)
        self.issue: IssuePage
        self.main: IssuePage | None = None
        self.meeting: Initiative

    # --- the clock ---------------------------------------------------------------------------------------------------

    def after(self, days: float) -> Story:
        """What follows happens about this many days after the registration."""
        self.target = self.start + timedelta(days=days * self.random.uniform(0.8, 1.25))
        return self

    def ago(self, days: float) -> Story:
        """What follows happened this many days before the present."""
        self.target = self.now - timedelta(days=days)
        return self

    def later(self, days: float) -> Story:
        """What follows happens at most this many days after the last deed."""
        self.target = self.at + timedelta(days=days * self.random.uniform(0.1, 1))
        return self

    def _tick(self, hours: tuple[time, time], *, working: bool) -> datetime:
        """The next moment within these hours, never before the last one nor after the present."""
        earliest = self.at + timedelta(minutes=self.random.randint(3, 45))
        local = max(self.target, earliest).astimezone(self.calendar.tz)
        if local.time() > hours[1]:
            local = self._opening(local + timedelta(days=1), hours[0])
        elif local.time() < hours[0]:
            local = self._opening(local, hours[0])
        while working and not self.calendar.is_working(local.date()):
            local = self._opening(local + timedelta(days=1), hours[0])
        latest = self.now - timedelta(seconds=30)
        self.at = max(self.at, min(local, latest if earliest > latest else max(earliest, min(local, latest))))
        # What came due until then has been recorded by then.
        if hasattr(self, "issue"):
            record_missed_on(self.issue, self.at)
        return self.at

    def _opening(self, day: datetime, opening: time) -> datetime:
        minutes = self.random.randint(0, 150)
        return day.replace(hour=opening.hour, minute=opening.minute, second=self.random.randrange(60)) + timedelta(
            minutes=minutes
        )

    @property
    def _office(self) -> datetime:
        return self._tick(OFFICE, working=True)

    @property
    def _waking(self) -> datetime:
        return self._tick(WAKING, working=False)

    # --- who -----------------------------------------------------------------------------------------------------------

    def _worker(self, organisation: Organisation) -> Any:
        return self.town.people[organisation.slug]

    def _as(self, slug: str) -> dict[str, Any]:
        return {"actor": self.town.people[slug], "organisation": self.town.organisations[slug]}

    def _words(self, topic: str, organisation: Organisation) -> str:
        return self.town.material.about(topic, self.town.codes_of(organisation, self.text), self.random)

    def _done(self, organisation: Organisation) -> str:
        """The text's own answer for the first organisation, words of the category for others, of rework when it came back."""
        if self.issue.reopening:
            return self._said_plain("rework")
        first = self.town.receivers(self.text)[:1] == [organisation]
        return (first and self.text.answer) or self._words("done", organisation)

    def _reminder(self, topic: str) -> str:
        """Words about the term that was missed: 4.3 until an organisation has accepted, then 4.4."""
        clause = "4.4" if self.issue.status == Status.ACCEPTED else "4.3"
        return self.random.choice(self.town.material.talk[topic][clause])

    def _said(self, topic: str) -> str:
        return self.town.material.said(topic, self.text.scene, self.random)

    def organisations(self, state: AssignmentState | None = None) -> list[Organisation]:
        """The organisations that have the issue now, in one state or any active one."""
        assignments = self.issue.assignments.select_related("organisation").order_by("pk")
        wanted = assignments.active() if state is None else assignments.filter(state=state)
        return [assignment.organisation for assignment in wanted]

    def _photo(self, user: Any, at: datetime, *, mended: bool = False) -> list[Media]:
        """A drawn photo that has come in, waiting for what it belongs to; none where the scene has no drawing."""
        if not self.text.scene:
            return []
        return [photos.taken_in(self.text.scene, user, at, mended=mended, variant=self.variant)]

    # --- citizens ------------------------------------------------------------------------------------------------------

    def submit(
        self, *, placed: bool = True, pictured: bool = True, at: tuple[tuple[float, float], str] | None = None
    ) -> Story:
        """T1, unless the stop list holds it; `at` is a place with its address, else one beside what the text names."""
        location, address = at or self.town.material.somewhere(self.text.near, self.random)
        self.issue = submit_issue(
            self.town.city,
            Report(
                title=self.text.title,
                description=self.text.description,
                categories=[self.town.categories[code] for code in self.text.categories],
                location=location if placed else None,
                address=address if placed else "",
                show_author=self.author.opencity_citizen.show_name,
                media=self._photo(self.author, self.at) if pictured else [],
            ),
            author=self.author,
            now=self.at,
        )
        return self

    def comment(self, topic: str = "comments", *, pictured: bool = False) -> Contribution:
        """A resident's words, of "comments" or "thanks"."""
        somebody = self.random.choice([user for user in self.town.residents if user != self.author])
        at = self._waking
        media = self._photo(somebody, at) if pictured else []
        return contribute.comment(self.issue, self._said(topic), actor=somebody, media=media, now=at)

    def reply(self) -> Story:
        """The author answers an organisation's question."""
        words = self.town.material.about("replies", self.text.categories, self.random)
        contribute.reply(self.issue, words, actor=self.author, now=self._waking)
        return self

    def flag(self) -> Story:
        """A neighbour says that it is still not solved."""
        somebody = self.random.choice([user for user in self.town.residents if user != self.author])
        contribute.flag_unsolved(self.issue, self._said("flags"), actor=somebody, now=self._waking)
        return self

    def correct(self, row: dict[str, Any] | None = None) -> Story:
        """The author writes more, or something else."""
        present = correct_issue.Changes.of(self.issue)
        changes = correct_issue.Changes(
            row["title"] if row else present.title,
            row["description"] if row else f"{present.description} Уточнюю: найгірше вранці, коли всі йдуть на роботу.",
            [self.town.categories[code] for code in row["categories"]] if row else present.categories,
            present.location,
            present.address,
        )
        if row:
            self.text = Text(
                changes.title, changes.description, tuple(row["categories"]), self.text.near, self.text.scene
            )
        self.issue = correct_issue.correct_own(self.issue, changes, actor=self.author, now=self._waking)
        return self

    def withdraw(self) -> Story:
        """The author takes the issue back."""
        self.issue = correct_issue.withdraw(self.issue, actor=self.author, now=self._waking)
        return self

    def gather(self, days: float) -> Story:
        """A resident gathers others for a morning so many days ahead; some join, and one takes a task (1.1)."""
        at, plan = self._waking, self.random.choice(self.town.material.talk["meetings"])
        organiser, *others = self.random.sample([one for one in self.town.residents if one != self.author], 5)
        day = (at + timedelta(days=days)).astimezone(self.calendar.tz).replace(hour=10, minute=0, second=0)
        words = InitiativeWords(**{**plan, "starts_at": day, "show_organiser": organiser.opencity_citizen.show_name})
        self.meeting = organise_initiative.start(self.issue, words, actor=organiser, now=at)
        for one in [self.author, *others]:
            take_part.join(self.meeting, actor=one, now=at)
        for task, one in zip(self.meeting.tasks.all(), others[:1], strict=False):
            take_part.take_task(task, actor=one, now=at)
        return self

    def tell_result(self) -> Story:
        """The organiser tells how it went, with a photo."""
        at, organiser = self._waking, self.meeting.organiser
        media = self._photo(organiser, at, mended=True)
        words = self._said_plain("meetings_done")
        organise_initiative.report_result(self.meeting, words, actor=organiser, media=media, now=at)
        return self

    def author_reopens(self, transition: str) -> Story:
        """T9 or T14."""
        return self._move(transition, self.author, None, self._waking, reason=self._said("author_reopens"))

    # --- organisations -------------------------------------------------------------------------------------------------

    def see(self) -> Story:
        """All that have it look at it."""
        for organisation in self.organisations(AssignmentState.SENT):
            work_on_assignment.mark_seen(
                self.issue, actor=self._worker(organisation), organisation=organisation, now=self._office
            )
        return self

    def inform_head(self) -> Story:
        """All that have it inform their heads (4.2)."""
        for organisation in self.organisations(AssignmentState.SENT):
            work_on_assignment.inform_head(
                self.issue, actor=self._worker(organisation), organisation=organisation, now=self._office
            )
        return self

    def accept(self, *, of: Iterable[Organisation] | None = None, kind: AcceptanceKind = AcceptanceKind.SOLVE) -> Story:
        """T2 of all that have it, or of some."""
        for organisation in self.organisations(AssignmentState.SENT) if of is None else of:
            executor = self.random.choice(self.town.material.talk["executors"][organisation.slug])
            self._move("T2", self._worker(organisation), organisation, self._office, executor=executor, kind=kind)
        return self

    def ask(self) -> Story:
        """The first organisation asks the author (4.4)."""
        organisation = self.organisations()[0]
        work_on_assignment.ask_author(
            self.issue,
            self._words("questions", organisation),
            actor=self._worker(organisation),
            organisation=organisation,
            now=self._office,
        )
        return self

    def plan(self, days: int) -> Story:
        """An answer with a date, this many days from the answer."""
        organisation, at = self.organisations()[0], self._office
        planned = at.astimezone(self.calendar.tz).date() + timedelta(days=days)
        answer = Answer(self._words("planned", organisation), planned_date=planned)
        work_on_assignment.give_answer(
            self.issue, answer, actor=self._worker(organisation), organisation=organisation, now=at
        )
        return self

    def explain(self) -> Story:
        """Justified reasons why it cannot be solved, of all that have it (4.4)."""
        for organisation in self.organisations():
            answer = Answer(self._words("explained", organisation), explains=True)
            work_on_assignment.give_answer(
                self.issue, answer, actor=self._worker(organisation), organisation=organisation, now=self._office
            )
        return self

    def give_back(self) -> Story:
        """Returned as not ours by the first that has it."""
        organisation = self.organisations()[0]
        work_on_assignment.return_assignment(
            self.issue,
            self._words("returned", organisation),
            actor=self._worker(organisation),
            organisation=organisation,
            now=self._office,
        )
        return self

    def finish(self, transition: str = "T5", *, of: Iterable[Organisation] | None = None) -> Story:
        """T5 or T11 of all that work on it, or of some, often with a photo."""
        for organisation in self.organisations() if of is None else of:
            worker, at = self._worker(organisation), self._office
            media = self._photo(worker, at, mended=True) if self.random.random() < 0.6 else []
            self._move(transition, worker, organisation, at, answer=self._done(organisation), media=media)
        return self

    def report_rework(self) -> Story:
        """After T14: the rework is done, the closing is for others (4.7)."""
        for organisation in self.organisations():
            worker, at = self._worker(organisation), self._office
            work_on_assignment.report_rework_done(
                self.issue,
                self._done(organisation),
                actor=worker,
                organisation=organisation,
                media=self._photo(worker, at, mended=True),
                now=at,
            )
        return self

    # --- control body and moderator --------------------------------------------------------------------------------------

    def assign(self, slug: str) -> Story:
        """The control body sends it to an organisation by hand."""
        route_issue.assign(self.issue, self.town.organisations[slug], **self._as("control"), now=self._office)
        return self

    def warn(self) -> Story:
        """The control body's warning to the first that has it."""
        message_organisation.send_warning(
            self.issue, self.organisations()[0], self._reminder("warnings"), **self._as("control"), now=self._office
        )
        return self

    def repeat(self) -> Story:
        """The moderator's repeated message to the first that has it."""
        message_organisation.repeat_message(
            self.issue, self.organisations()[0], self._reminder("repeated"), **self._as("moderator"), now=self._office
        )
        return self

    def control(self, transition: str, topic: str = "closed_by_control") -> Story:
        """T4, T6 or T12."""
        words = self._said_plain(topic)
        return self._move(transition, **self._as("control"), at=self._office, answer=words, reason="")

    def moderator(self, transition: str, topic: str) -> Story:
        """T3, T7, T10, T13 or T14."""
        words = self._said_plain(topic)
        if transition in check_issue.REOPENS:
            self.issue = check_issue.reopen(self.issue, transition, words, **self._as("moderator"), now=self._office)
            return self
        field = "reason" if transition == "T3" else "answer"
        return self._move(transition, **self._as("moderator"), at=self._office, **{field: words})

    def refuse(self) -> Story:
        """Not published, by the text's own ground (5.2)."""
        self.issue = moderate_issue.refuse(
            self.issue, ground=self.text.ground, reason=self.text.reason, **self._as("moderator"), now=self._office
        )
        return self

    def take_down(self, ground: str = "", reason: str = "") -> Story:
        """Off the public site (5.1)."""
        self.issue = moderate_issue.take_down(
            self.issue,
            ground=ground or self.text.ground,
            reason=reason or self.text.reason,
            **self._as("moderator"),
            now=self._office,
        )
        return self

    def publish(self) -> Story:
        """Published by the moderator, or put back."""
        self.issue = moderate_issue.publish_held(self.issue, **self._as("moderator"), now=self._office)
        return self

    def hide(self, part: Media | Contribution, reason: str) -> Story:
        """One photo or comment hidden."""
        moderate_issue.hide(part, reason=reason, **self._as("moderator"), now=self._office)
        return self

    def archive(self) -> Story:
        """T8, if its moment has come by now."""
        door.archive_if_due(self.issue, self.now)
        self.issue.refresh_from_db()
        self.at = max(self.at, self.issue.archived_at or self.at)
        return self

    def _said_plain(self, topic: str) -> str:
        return self.random.choice(self.town.material.talk[topic])

    def _move(
        self, transition: str, actor: Any, organisation: Organisation | None, at: datetime, **given: Any
    ) -> Story:
        self.issue = door.change_status(
            self.issue, transition, actor=actor, organisation=organisation, move=Move(**given), now=at
        )
        return self
