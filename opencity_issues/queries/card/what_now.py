"""What happens now with an issue, in one or two sentences, with the nearest term that runs and its clause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, AssignmentState, Publication, Reopening, Status
from opencity_issues.models import Assignment, Deadline, IssuePage
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.card.sentences import Words, day_words, say

UNPUBLISHED: dict[str, tuple[Words, str]] = {
    Publication.HELD: (_("The moderator looks at the issue before it is published."), "5.1"),
    Publication.REFUSED: (_("The issue is not published. Its author can correct it and send it again."), "5.2"),
    Publication.TAKEN_DOWN: (_("The issue was taken down. Its author can correct it and send it again."), "5.1"),
    Publication.WITHDRAWN: (_("The author withdrew the issue. Nothing more happens with it."), "3.1"),
}

MERGED = _("It is one with issue No. %(number)s: what happens is told there.")
TO_ASSIGN = _("The control body chooses the organisation that will answer for the issue.")
TO_CHECK = _("The work is reported as done over. The moderator or the control body checks it and closes the issue.")
TO_ACCEPT = _("%(organisations)s: to accept the issue and to name an executor by %(day)s.")
TO_ACCEPT_LATE = _(
    "%(organisations)s: the issue was to be accepted and an executor named by %(day)s. This has not been done yet."
)
TO_ANSWER = _("%(organisations)s: works on the issue, an answer is due by %(day)s.")
WARNED = _("The control body warned about it on %(day)s.")
REPEATED = _("The moderator sent the message again on %(day)s.")
TO_ANSWER_LATE = _("%(organisations)s: an answer was due by %(day)s. There is none yet.")
PLANNED = _("%(organisations)s: plans to solve the issue by %(day)s.")
EXPLAINED = _("%(organisations)s: explained why the issue cannot be solved now. It stays accepted.")
SELF_ORGANISED = _("The issue is accepted and being solved.")
CLOSED = _(
    "Solved on %(closed)s. Until %(day)s the author or the moderator can open it again; then it goes to the archive."
)
CLOSED_FOR_GOOD = _("Solved on %(closed)s. The issue goes to the archive.")
RETURNABLE = _("In the archive. If the problem is still there, the author can return it to work until %(day)s.")
ARCHIVED = _("Solved and in the archive. Whoever sees that the problem is still there can tell the moderator.")
ONLY_OTHERS_CLOSE = _("It was opened again, so only the moderator or the control body can close it.")


@dataclass(frozen=True)
class WhatNow:
    """`sentence` in the reader's language; `clause` names the rule, or ""; `late`: a term has passed unmet."""

    sentence: str
    clause: str = ""
    late: bool = False


def what_now(issue: IssuePage, calendar: WorkingCalendar, now: datetime) -> WhatNow:
    """Reads the issue's prefetched assignments and deadlines; asks nothing of the database."""
    if issue.publication == Publication.MERGED and issue.duplicate_of is not None:
        return WhatNow(say(MERGED, number=issue.duplicate_of.number))
    if issue.publication != Publication.PUBLISHED:
        words, clause = UNPUBLISHED[issue.publication]
        return WhatNow(say(words), clause)
    teller = _Teller(issue, calendar, now)
    match issue.status:
        case Status.CLOSED:
            return teller.closed()
        case Status.ARCHIVED:
            return teller.archived()
    return teller.at_work()


class _Teller:
    def __init__(self, issue: IssuePage, calendar: WorkingCalendar, now: datetime) -> None:
        self.issue, self.calendar, self.now = issue, calendar, now
        self.active = [one for one in issue.assignments.all() if one.state in ACTIVE_ASSIGNMENTS]
        self.running = [one for one in issue.deadlines.all() if one.met_at is None and one.cancelled_at is None]

    def at_work(self) -> WhatNow:
        """Open or accepted: the term that ends first speaks, acceptance before answer."""
        if not self.active:
            return self._nobody_at_work()
        told = (
            self._due("4.3", TO_ACCEPT, TO_ACCEPT_LATE)
            or self._promised()
            or self._due("4.4", TO_ANSWER, TO_ANSWER_LATE)
        )
        if told is None and self.issue.explained:
            told = WhatNow(say(EXPLAINED, organisations=_names(self.active)), "4.4")
        told = told or WhatNow(say(SELF_ORGANISED))
        if self.issue.reopening == Reopening.CLOSED:
            return WhatNow(f"{told.sentence} {say(ONLY_OTHERS_CLOSE)}", told.clause, told.late)
        return told

    def _nobody_at_work(self) -> WhatNow:
        if any(one.state == AssignmentState.DONE for one in self.issue.assignments.all()):
            return WhatNow(say(TO_CHECK), "4.7")
        return WhatNow(say(TO_ASSIGN), "3.6")

    def _promised(self) -> WhatNow | None:
        """A planned date that an organisation has given and that has not passed."""
        planned = [one for one in self.active if one.planned_date and one.planned_date >= self._today]
        if not planned:
            return None
        first = min(planned, key=lambda one: one.planned_date or self._today)
        if any(one.due_at <= self.now for one in self._terms("4.4")):
            return None
        return WhatNow(
            say(PLANNED, organisations=first.organisation.name, day=self._words(first.planned_date or self._today)),
            "4.4",
        )

    def _due(self, clause: str, in_time: Words, late: Words) -> WhatNow | None:
        terms = self._terms(clause)
        if not terms:
            return None
        due = min(one.due_at for one in terms)
        ids = {one.assignment_id for one in terms if one.due_at == due}
        is_late = due <= self.now
        names = _names([one for one in self.active if one.pk in ids])
        sentence = say(late if is_late else in_time, organisations=names, day=self._words(self.calendar.last_day(due)))
        return WhatNow(
            " ".join([sentence, *self._followed([one for one in terms if one.due_at == due])]), clause, is_late
        )

    def _followed(self, late: list[Deadline]) -> Iterator[str]:
        """The warning and the repeated message that a missed deadline has led to, with their days."""
        for words, moments in (
            (WARNED, [one.warned_at for one in late if one.warned_at]),
            (REPEATED, [one.repeated_at for one in late if one.repeated_at]),
        ):
            if moments:
                yield say(words, day=self._words(self._local(max(moments))))

    def _terms(self, clause: str) -> list[Deadline]:
        ids = {one.pk for one in self.active}
        return [one for one in self.running if one.clause == clause and one.assignment_id in ids]

    def closed(self) -> WhatNow:
        closed = self._words(self._local(self.issue.closed_at or self.now))
        end = max((one.due_at for one in self.running if one.clause == "4.7"), default=None)
        if end is None or end <= self.now:
            return WhatNow(say(CLOSED_FOR_GOOD, closed=closed), "4.6")
        return WhatNow(say(CLOSED, closed=closed, day=self._words(self._local(end))), "4.7")

    def archived(self) -> WhatNow:
        end = max((one.due_at for one in self.running if one.clause == "T9"), default=None)
        if end is None or end <= self.now:
            return WhatNow(say(ARCHIVED), "4.6")
        return WhatNow(say(RETURNABLE, day=self._words(self._local(end))), "3.2")

    @property
    def _today(self) -> date:
        return self._local(self.now)

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(self.calendar.tz).date()

    def _words(self, day: date) -> str:
        return day_words(day, self._today)


def _names(assignments: list[Assignment]) -> str:
    return ", ".join(one.organisation.name for one in assignments)
