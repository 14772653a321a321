"""The terms of section 4 that began with an event, in the words of the history."""

from collections.abc import Iterable
from datetime import date, datetime

from opencity_issues.models import Assignment, Deadline
from opencity_issues.procedure.working_days import WorkingCalendar
from opencity_issues.queries.card import sentences
from opencity_issues.queries.card.sentences import day_words, say


class Terms:
    """The clocks of one issue, told by their last days in the city's calendar."""

    def __init__(self, deadlines: Iterable[Deadline], calendar: WorkingCalendar, today: date) -> None:
        self.deadlines, self.calendar, self.today = list(deadlines), calendar, today

    def that_began(self, assignments: Iterable[Assignment], start: datetime) -> str:
        """By when these organisations have to accept and to answer, the nearest of each; "" where nothing began then."""
        ids = {one.pk for one in assignments}
        began = [one for one in self.deadlines if one.assignment_id in ids and one.started_at == start]
        accept = min((one.due_at for one in began if one.clause == "4.3"), default=None)
        answer = min((one.due_at for one in began if one.clause == "4.4"), default=None)
        if answer is None:
            return ""
        if accept is None:
            return say(sentences.ANSWER_BY, answer=self._day(answer))
        return say(sentences.ACCEPT_AND_ANSWER_BY, accept=self._day(accept), answer=self._day(answer))

    def to_answer(self, assignment: Assignment, at: datetime) -> str:
        """By when an organisation had to answer, by the term that ran at a moment."""
        ran = [
            one
            for one in self.deadlines
            if one.assignment_id == assignment.pk and one.clause == "4.4" and one.started_at <= at
        ]
        if not ran:
            return ""
        return say(sentences.ANSWER_BY, answer=self._day(max(ran, key=lambda one: one.started_at).due_at))

    def _day(self, due: datetime) -> str:
        return day_words(self.calendar.last_day(due), self.today)
