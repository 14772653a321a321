"""The lives of issues made in great numbers: what would have happened, by chance, without asking the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from opencity_issues.demo.material import Text
from opencity_issues.demo.town import Town
from opencity_issues.enums import Status
from opencity_issues.models import Organisation
from opencity_issues.procedure.deadlines import MISSABLE, due_at

NEVER_ACCEPTED = 0.02
NEVER_DONE = 0.03
HISTORY = timedelta(days=75)
LONGEST_HISTORY = timedelta(days=1500)
ISSUES_A_DAY = 40
"""What a town of forty thousand reports."""


@dataclass
class Part:
    """An organisation's part of an issue; moments that have not come are None."""

    organisation: Organisation
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    words: str = ""
    executor: str = ""


@dataclass
class Life:
    """One issue from its registration (T1) to where it is now: through T2 and T5 to T8."""

    text: Text
    author: Any
    submitted_at: datetime
    location: tuple[float, float]
    address: str
    parts: list[Part] = field(default_factory=list)
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None

    @property
    def status(self) -> Status:
        """Where the life has come to."""
        if self.archived_at:
            return Status.ARCHIVED
        if self.closed_at:
            return Status.CLOSED
        return Status.ACCEPTED if self.accepted_at else Status.OPEN


class Lives:
    """Draws lives; the same random numbers give the same ones."""

    def __init__(self, town: Town, authors: list[Any], random: Random, now: datetime) -> None:
        self.town, self.authors, self.random, self.now = town, authors, random, now
        self.terms = Terms(town)
        self.streets = sorted(town.material.streets)
        self.receivers = {text: town.receivers(text) for text in town.material.issues}
        self.codes = {
            (text, organisation.pk): town.codes_of(organisation, text)
            for text, organisations in self.receivers.items()
            for organisation in organisations
        }

    def moments(self, count: int) -> list[datetime]:
        """When the issues were registered: in order, the further back the more of them there are."""
        span = min(LONGEST_HISTORY, max(HISTORY, timedelta(days=count / ISSUES_A_DAY)))
        return sorted(self._by_day(self.now - span * self.random.random()) for _ in range(count))

    def life(self, submitted_at: datetime) -> Life:
        """One issue registered at this moment, and what became of it by now."""
        text = self.random.choice(self.town.material.issues)
        near = self.random.choice(self.streets) if text.near in self.town.material.streets else text.near
        location, address = self.town.material.somewhere(near, self.random)
        life = Life(text, self.random.choice(self.authors), submitted_at, location, address)
        for organisation in self.receivers[text]:
            life.parts.append(self._part(life, organisation))
        accepted = [part.accepted_at for part in life.parts if part.accepted_at]
        life.accepted_at = min(accepted, default=None)
        done = [part.done_at for part in life.parts if part.done_at]
        if life.parts and len(done) == len(life.parts):
            life.closed_at = max(done)
            archived_at = self.terms.end("4.6", life.closed_at)
            life.archived_at = archived_at if archived_at <= self.now else None
        return life

    def _part(self, life: Life, organisation: Organisation) -> Part:
        part = Part(organisation)
        if self.random.random() < NEVER_ACCEPTED:
            return part
        accepted_at = self._in_office(life.submitted_at, self.random.expovariate(1 / 1.4))
        if accepted_at > self.now:
            return part
        part.accepted_at = accepted_at
        part.executor = self.random.choice(self.town.material.talk["executors"][organisation.slug])
        done_at = self._in_office(accepted_at, self.random.lognormvariate(2.1, 0.8))
        if self.random.random() >= NEVER_DONE and done_at <= self.now:
            part.done_at = done_at
            first = not life.parts and life.text.answer
            part.words = first or self.town.material.about("done", self.codes[life.text, organisation.pk], self.random)
        return part

    def _by_day(self, moment: datetime) -> datetime:
        """What falls into the night, which begins about 21:00 in UTC there, is moved to the day before."""
        if 5 <= moment.hour < 21:
            return moment.replace(microsecond=0)
        return (moment - timedelta(hours=self.random.uniform(8, 16))).replace(microsecond=0)

    def _in_office(self, start: datetime, days: float) -> datetime:
        """A moment of a working day some days later, after `start`."""
        day = start + timedelta(days=days)
        while not self.terms.calendar.is_working(day.date()):
            day += timedelta(days=1)
        moment = day.replace(hour=6, minute=15) + timedelta(minutes=self.random.randint(0, 450))
        return max(moment, start + timedelta(minutes=self.random.randint(5, 50)))


class Terms:
    """The ends of the terms of section 4, remembered by day: a hundred thousand issues share a few hundred days."""

    def __init__(self, town: Town) -> None:
        self.calendar = town.city.config.calendar()
        self._ends: dict[tuple[str, date], datetime] = {}

    def end(self, clause: str, start: datetime) -> datetime:
        """The instant at which the term of a clause ends."""
        if clause not in MISSABLE:
            return due_at(clause, start, self.calendar)
        key = clause, start.astimezone(self.calendar.tz).date()
        if key not in self._ends:
            self._ends[key] = due_at(clause, start, self.calendar)
        return self._ends[key]
