"""Writes lives of issues in great numbers: the rows that the actions would have written, many at a time.

No letters are written: they would have been sent long ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from opencity_issues.actions.hang_issues import hang_many
from opencity_issues.actions.keep_statistics import count_all
from opencity_issues.demo.lives import Life, Lives, Part, Terms
from opencity_issues.demo.town import DOMAIN, Town
from opencity_issues.enums import (
    AcceptanceKind,
    AssignmentState,
    ContributionKind,
    EventKind,
    Party,
    Publication,
    Status,
)
from opencity_issues.models import (
    Assignment,
    Citizen,
    Contribution,
    Deadline,
    Event,
    IssueCategory,
    IssuePage,
)
from opencity_issues.models.map_cell import recount

CHUNK = 1000
ISSUES_BY_PERSON = 40
FIRST_NAMES = ("Марта", "Данило", "Уляна", "Захар", "Злата", "Арсен", "Дарка", "Лук’ян", "Мотря", "Орест")
LAST_NAMES = ("Верба", "Джерело", "Калина", "Мальва", "Огірко", "Полин", "Сойка", "Тополя", "Хміль", "Шипшина")


def make_many(town: Town, count: int, *, seed: int, now: datetime, told: Callable[[int], object] | None = None) -> int:
    """Add `count` issues with their past and return how many were added; each thousand is one transaction.

    The counts of map and statistics are made anew at the end: a run that was broken off is completed by the next one.
    """
    random = Random(f"many {seed} {count}")  # noqa: S311 -- a town's chance, no secret
    lives = Lives(town, _authors(count), random, now)
    moments = lives.moments(count)
    for start in range(0, count, CHUNK):
        chunk = [lives.life(moment) for moment in moments[start : start + CHUNK]]
        with transaction.atomic():
            _Chunk(town, lives.terms, chunk, now).write()
        if told:
            told(start + len(chunk))
    recount(town.city)
    count_all(town.city, now)
    return count


def _authors(count: int) -> list[Any]:
    """People of the town who cannot sign in; made where they are missing."""
    model = get_user_model()
    emails = [f"resident{number}@{DOMAIN}" for number in range(100, 120 + count // ISSUES_BY_PERSON)]
    known = set(model.objects.filter(email__in=emails).values_list("email", flat=True))
    people = []
    for number, email in enumerate(emails):
        if email not in known:
            person = model(email=email, first_name=FIRST_NAMES[number % 10], last_name=LAST_NAMES[number // 10 % 10])
            person.set_unusable_password()
            if model.USERNAME_FIELD != "email":
                setattr(person, model.USERNAME_FIELD, email)
            people.append(person)
    with transaction.atomic():
        model.objects.bulk_create(people)
        found = list(model.objects.filter(email__in=emails).order_by("pk"))
        Citizen.objects.bulk_create([Citizen(user=person) for person in found], ignore_conflicts=True)
    return found


class _Chunk:
    """Some lives on their way into the tables."""

    def __init__(self, town: Town, terms: Terms, lives: Sequence[Life], now: datetime) -> None:
        self.town, self.terms, self.lives, self.now = town, terms, lives, now
        self.histories = [list(self._events(life)) for life in lives]

    def write(self) -> None:
        """Write everything of these lives. Call it inside a transaction."""
        issues = self._write_pages()
        IssueCategory.objects.bulk_create(
            IssueCategory(issue_id=issue.pk, category_id=pk)
            for issue, life in zip(issues, self.lives, strict=True)
            for pk in self._category_ids(life)
        )
        pairs = [(issue, life, part) for issue, life in zip(issues, self.lives, strict=True) for part in life.parts]
        assignments = Assignment.objects.bulk_create(self._assignment(*pair) for pair in pairs)
        answers = Contribution.objects.bulk_create(
            self._answer(issue, part) for issue, _life, part in pairs if part.done_at
        )
        words = {(answer.issue_id, answer.organisation_id): answer for answer in answers}
        Deadline.objects.bulk_create(
            deadline
            for (issue, life, part), assignment in zip(pairs, assignments, strict=True)
            for deadline in self._own_deadlines(issue, life, part, assignment)
        )
        Deadline.objects.bulk_create(
            deadline
            for issue, life in zip(issues, self.lives, strict=True)
            for deadline in self._deadlines(issue, life)
        )
        Event.objects.bulk_create(
            event
            for issue, history in zip(issues, self.histories, strict=True)
            for event in self._tied(issue, history, words)
        )

    # --- pages ---------------------------------------------------------------------------------------------------------

    def _write_pages(self) -> list[IssuePage]:
        return hang_many(
            self.town.city,
            [self._page(life, len(history)) for life, history in zip(self.lives, self.histories, strict=True)],
        )

    def _page(self, life: Life, event_count: int) -> IssuePage:
        issue = IssuePage(
            title=life.text.title,
            description=life.text.description,
            author_id=life.author.pk,
            address=life.address,
            publication=Publication.PUBLISHED,
            status=life.status,
            submitted_at=life.submitted_at,
            published_at=life.submitted_at,
            opened_at=life.submitted_at,
            accepted_at=life.accepted_at,
            closed_at=life.closed_at,
            archived_at=life.archived_at,
            event_count=event_count,
        )
        issue.place_at(life.location)
        issue.district_id = self.town.district_at(life.location)
        return issue

    def _category_ids(self, life: Life) -> list[int]:
        return [self.town.categories[code].pk for code in life.text.categories]

    # --- what hangs on them --------------------------------------------------------------------------------------------

    def _assignment(self, issue: IssuePage, life: Life, part: Part) -> Assignment:
        state = AssignmentState.SENT
        if part.accepted_at:
            state = AssignmentState.DONE if part.done_at else AssignmentState.ACCEPTED
        return Assignment(
            issue_id=issue.pk,
            organisation_id=part.organisation.pk,
            state=state,
            sent_at=life.submitted_at,
            seen_at=part.accepted_at,
            head_informed_at=part.accepted_at,
            accepted_at=part.accepted_at,
            kind=AcceptanceKind.SOLVE if part.accepted_at else "",
            executor=part.executor,
            worker_id=self._worker(part) if part.accepted_at else None,
            done_at=part.done_at,
        )

    def _worker(self, part: Part) -> int:
        return self.town.people[part.organisation.slug].pk

    def _answer(self, issue: IssuePage, part: Part) -> Contribution:
        return Contribution(
            issue_id=issue.pk,
            kind=ContributionKind.DONE,
            author_id=self._worker(part),
            organisation_id=part.organisation.pk,
            text=part.words,
            created_at=part.done_at,
        )

    def _own_deadlines(self, issue: IssuePage, life: Life, part: Part, assignment: Assignment) -> Iterator[Deadline]:
        """The clocks of 4.2–4.4."""
        for clause, met_at in (("4.2", part.accepted_at), ("4.3", part.accepted_at), ("4.4", part.done_at)):
            yield Deadline(
                issue_id=issue.pk,
                assignment_id=assignment.pk,
                clause=clause,
                started_at=life.submitted_at,
                due_at=self.terms.end(clause, life.submitted_at),
                met_at=met_at,
            )

    def _deadlines(self, issue: IssuePage, life: Life) -> Iterator[Deadline]:
        """The clocks of the issue as a whole: 4.6 and 4.7 from closing, T9 from archiving."""
        if life.closed_at:
            end, archived = self.terms.end("4.6", life.closed_at), life.archived_at
            common = {"issue_id": issue.pk, "started_at": life.closed_at, "due_at": end}
            yield Deadline(**common, clause="4.6", met_at=archived)
            yield Deadline(**common, clause="4.7", cancelled_at=archived)
        if life.archived_at:
            end = self.terms.end("T9", life.archived_at)
            yield Deadline(issue_id=issue.pk, clause="T9", started_at=life.archived_at, due_at=end)

    def _tied(
        self, issue: IssuePage, history: list[Event], words: dict[tuple[int, int | None], Contribution]
    ) -> Iterator[Event]:
        """The events of a life with their issue, their place in its sequence, and the words they speak of."""
        for sequence, event in enumerate(history, 1):
            event.issue_id, event.sequence = issue.pk, sequence
            if event.kind == EventKind.DONE:
                event.contribution_id = words[issue.pk, event.organisation_id].pk
            yield event

    def _events(self, life: Life) -> Iterator[Event]:
        """What happened, in order: the status follows the first acceptance and the last completion."""

        def event(kind: EventKind, at: datetime, party: Party, **more: Any) -> Event:
            return Event(kind=kind, at=at, recorded_at=self.now, party=party, **more)

        registered, author = life.submitted_at, life.author.pk
        yield event(EventKind.SUBMITTED, registered, Party.CITIZEN, actor_id=author)
        yield event(EventKind.STATUS, registered, Party.CITIZEN, actor_id=author, transition="T1", target=Status.OPEN)
        for part in life.parts:
            yield event(
                EventKind.ROUTED,
                registered,
                Party.SYSTEM,
                organisation_id=part.organisation.pk,
                data={"by_hand": False},
            )
        if not life.parts:
            yield event(EventKind.UNROUTED, registered, Party.SYSTEM)
        deeds = [(part.accepted_at, "T2", part) for part in life.parts if part.accepted_at]
        deeds += [(part.done_at, "T5", part) for part in life.parts if part.done_at]
        deeds.sort(key=lambda deed: deed[:2])
        for index, (at, transition, part) in enumerate(deeds):
            worker = Party.RESPONSIBLE_WORKER
            own = {"actor_id": self._worker(part), "organisation_id": part.organisation.pk, "transition": transition}
            if transition == "T2":
                data = {"executor_named": True, "kind": AcceptanceKind.SOLVE}
                yield event(EventKind.ACCEPTED, at, worker, **own, data=data)
                if index == 0:
                    yield event(EventKind.STATUS, at, worker, **own, source=Status.OPEN, target=Status.ACCEPTED)
                continue
            yield event(EventKind.DONE, at, worker, **own)
            if life.closed_at and index == len(deeds) - 1:
                yield event(EventKind.STATUS, at, worker, **own, source=Status.ACCEPTED, target=Status.CLOSED)
        if life.archived_at:
            yield event(
                EventKind.STATUS,
                life.archived_at,
                Party.SYSTEM,
                transition="T8",
                source=Status.CLOSED,
                target=Status.ARCHIVED,
            )
