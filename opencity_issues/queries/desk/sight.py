"""An issue as one function of an organisation sees it: whose parts and terms count there, and how moments are told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_issues.enums import AssignmentState
from opencity_issues.models import Assignment, Deadline, IssuePage
from opencity_issues.procedure.deadlines import MISSABLE, WARNED
from opencity_issues.queries.card.sentences import day_words
from opencity_issues.queries.desk.queues import Function


@dataclass(frozen=True)
class Sight:
    """An issue as one function of an organisation sees it. `own` is the organisation's part, in its work alone."""

    issue: IssuePage
    function: Function
    own: Assignment | None
    now: datetime

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now, self.issue.city.config.zone)

    @cached_property
    def parts(self) -> list[Assignment]:
        return [one for one in self.issue.assignments.all() if one.state != AssignmentState.WITHDRAWN]

    @cached_property
    def active(self) -> list[Assignment]:
        return [self.own] if self.own and self.own.is_active else [one for one in self.parts if one.is_active]

    @cached_property
    def terms(self) -> list[Deadline]:
        """Terms of 4.2–4.4 that run, the first to end first: one's own, or anybody's."""
        return sorted(
            (
                one
                for one in self.issue.deadlines.all()
                if one.clause in MISSABLE
                and one.met_at is None
                and one.cancelled_at is None
                and (self.own is None or one.assignment_id == self.own.pk)
            ),
            key=lambda one: one.due_at,
        )

    @cached_property
    def missed(self) -> list[Deadline]:
        """Missed terms: those after which one warns come first (4.3, 4.4)."""
        late = [one for one in self.terms if one.due_at <= self.now]
        return sorted(late, key=lambda one: one.clause not in WARNED)

    def knows(self, fact: str) -> bool:
        """One of `FACTS`; not known of an issue that was read without them."""
        return bool(getattr(self.issue, fact, False))

    def last_day(self, term: Deadline) -> date:
        """The day that a term ends with."""
        return timezone.localdate(term.due_at - timedelta(microseconds=1), self.issue.city.config.zone)

    def ago(self, moment: datetime | date) -> str:
        """`today`, `yesterday`, `3 days ago`, `12 November`."""
        day = timezone.localdate(moment, self.issue.city.config.zone) if isinstance(moment, datetime) else moment
        days = (self.today - day).days
        if days <= 0:
            return _("today")
        if days == 1:
            return _("yesterday")
        if days > 30:
            return day_words(day, self.today)
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}

    def by(self, day: date) -> str:
        """`by the end of today`, `by the end of tomorrow`, `by 5 December`."""
        days = (day - self.today).days
        if days <= 0:
            return _("by the end of today")
        return _("by the end of tomorrow") if days == 1 else _("by %(date)s") % {"date": day_words(day, self.today)}
