"""The terms of 4.2–4.4 over a period, as they stood when it ended: kept in time, kept late, not kept yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.db.models import Q

from opencity_issues.models import Deadline, IssueIndexPage
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.statistics.medians import MEDIAN_FROM


class Span(NamedTuple):
    """A period as instants: from `start` until just before `end`."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


class Clock(NamedTuple):
    """One term of one organisation; `published_at` is the issue's."""

    issue_id: int
    organisation_id: int
    clause: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    cancelled_at: datetime | None
    published_at: datetime | None

    def runs_at(self, moment: datetime) -> bool:
        """Whether it ran, unmet, at a moment, whatever came later."""
        return (
            self.started_at < moment
            and (self.met_at is None or self.met_at >= moment)
            and (self.cancelled_at is None or self.cancelled_at >= moment)
        )

    def is_overdue_at(self, moment: datetime) -> bool:
        return self.due_at <= moment and self.runs_at(moment)


@dataclass
class Median:
    """How long something took: cases that ended in the period, and overdue ones that had not, by their age then."""

    ended: list[timedelta] = field(default_factory=list)
    waiting: list[timedelta] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Days with one decimal, None under MEDIAN_FROM cases; how many cases; how many of them still waited."""
        every = [*self.ended, *self.waiting]
        days = round(median(one / timedelta(days=1) for one in every), 1) if len(every) >= MEDIAN_FROM else None
        return {"days": days, "cases": len(every), "waiting": len(self.waiting)}


@dataclass
class Kept:
    """How one clause was kept: ended in time or late within the period; not ended when it was over, and overdue."""

    in_time: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0
    median: Median = field(default_factory=Median)

    def take(self, clock: Clock, span: Span) -> None:
        if span.holds(clock.met_at) and clock.met_at is not None:
            if clock.met_at < clock.due_at:
                self.in_time += 1
            else:
                self.late += 1
            self.median.ended.append(clock.met_at - clock.started_at)
        elif clock.runs_at(span.end):
            self.waiting += 1
            if clock.is_overdue_at(span.end):
                self.overdue += 1
                self.median.waiting.append(span.end - clock.started_at)

    def as_json(self) -> dict[str, Any]:
        return {
            "in_time": self.in_time,
            "late": self.late,
            "waiting": self.waiting,
            "overdue": self.overdue,
            "median": self.median.as_json(),
        }


def clocks_of(city: IssueIndexPage, spans: Iterable[Span]) -> list[Clock]:
    """Every term of 4.2–4.4 that ended within one of the spans, or ran when one was over. One query."""
    touched = Q()
    for span in spans:
        ended = Q(met_at__gte=span.start, met_at__lt=span.end)
        ran = (
            Q(started_at__lt=span.end)
            & (Q(met_at=None) | Q(met_at__gte=span.end))
            & (Q(cancelled_at=None) | Q(cancelled_at__gte=span.end))
        )
        touched |= ended | ran
    rows = Deadline.objects.filter(touched, clause__in=MISSABLE, issue__city=city).order_by()
    columns = rows.values_list(
        "issue_id",
        "assignment__organisation_id",
        "clause",
        "started_at",
        "due_at",
        "met_at",
        "cancelled_at",
        "issue__published_at",
    )
    return [Clock(*row) for row in columns.iterator(5000)]


@dataclass
class Terms:
    """The terms of one period: of the whole city by clause, and of each organisation by organisation and clause."""

    city: dict[str, Kept] = field(default_factory=lambda: {clause: Kept() for clause in MISSABLE})
    organisations: dict[tuple[int, str], Kept] = field(default_factory=dict)
    overdue_issues: dict[int, datetime | None] = field(default_factory=dict)
    """Issues with a term that had run out unmet when the period was over, with their publication."""
    unsolved_overdue: set[int] = field(default_factory=set)
    """Those of them whose 4.4 had run out."""

    @classmethod
    def of(cls, clocks: Iterable[Clock], span: Span) -> "Terms":
        terms = cls()
        for clock in clocks:
            terms.city[clock.clause].take(clock, span)
            terms.organisations.setdefault((clock.organisation_id, clock.clause), Kept()).take(clock, span)
            if clock.is_overdue_at(span.end):
                terms.overdue_issues[clock.issue_id] = clock.published_at
                if clock.clause == "4.4":
                    terms.unsolved_overdue.add(clock.issue_id)
        return terms

    def of_organisation(self, key: int, clause: str) -> Kept:
        return self.organisations.get((key, clause)) or Kept()

    def organisation_ids(self) -> Iterator[int]:
        for (key, _clause), kept in self.organisations.items():
            if kept.in_time or kept.late or kept.waiting:
                yield key
