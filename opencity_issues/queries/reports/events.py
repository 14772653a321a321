"""What happened in a period, read from the events once: who wrote, what became of it, who was reminded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from opencity_issues.enums import CheckOutcome, ContributionKind, EventKind, Party, Publication, Status
from opencity_issues.models import Contribution, Event, IssueIndexPage
from opencity_issues.queries.reports.clocks import Median, Span
from opencity_issues.queries.verification import Fold

COUNTED_KINDS = (
    EventKind.SUBMITTED,
    EventKind.STATUS,
    EventKind.ROUTED,
    EventKind.RETURNED,
    EventKind.WARNING,
    EventKind.REPEATED,
    EventKind.FLAG,
    EventKind.COMPLAINT,
    EventKind.REFUSED,
    EventKind.TAKEN_DOWN,
    EventKind.WITHDRAWN,
    EventKind.MERGED,
)
UNPUBLISHING = (EventKind.TAKEN_DOWN, EventKind.WITHDRAWN, EventKind.MERGED)


class Happened(NamedTuple):
    issue_id: int
    kind: str
    transition: str
    target: str
    party: str
    organisation_id: int | None
    at: datetime
    data: dict[str, Any]
    published_at: datetime | None


@dataclass
class Happenings:
    """The events of one period, counted."""

    counts: Counter[str] = field(default_factory=Counter)
    """By what a reader asks for: "received", "closed", "T9", "warnings"…"""
    grounds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By decision ("refused", "taken_down") and ground of 5.1, 5.2."""
    organisations: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By organisation and "sent", "returned", "warnings", "repeated"."""
    received: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    days: Counter[tuple[str, date]] = field(default_factory=Counter)
    to_closing: Median = field(default_factory=Median)

    @classmethod
    def of(cls, events: Iterable[Happened], span: Span, zone: ZoneInfo) -> "Happenings":
        found = cls()
        for event in events:
            if span.holds(event.at):
                found._take(event, event.at.astimezone(zone).date())
        return found

    def _take(self, event: Happened, day: date) -> None:
        match event.kind:
            case EventKind.STATUS:
                self._change_status(event, day)
            case EventKind.REFUSED | EventKind.TAKEN_DOWN:
                self.counts[event.kind] += 1
                self.grounds[event.kind, str(event.data.get("ground", ""))] += 1
            case _:
                name = _NAMES[EventKind(event.kind)]
                self.counts[name] += 1
                if event.organisation_id:
                    self.organisations[event.organisation_id, name] += 1

    def _change_status(self, event: Happened, day: date) -> None:
        self.counts[event.transition] += 1
        if event.transition == "T1":
            self.counts["received"] += 1
            self.received.add(event.issue_id)
            self.days["received", day] += 1
        elif event.target == Status.CLOSED:
            self.counts["closed"] += 1
            self.counts[f"closed_by_{_CLOSERS.get(event.party, 'workers')}"] += 1
            self.closed.add(event.issue_id)
            self.days["closed", day] += 1
            if event.published_at:
                self.to_closing.ended.append(event.at - event.published_at)
        elif event.transition in ("T9", "T10", "T14"):
            self.counts["reopened"] += 1


_NAMES = {
    EventKind.SUBMITTED: "registered",
    EventKind.ROUTED: "sent",
    EventKind.RETURNED: "returned",
    EventKind.WARNING: "warnings",
    EventKind.REPEATED: "repeated",
    EventKind.FLAG: "flags",
    EventKind.COMPLAINT: "complaints",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.MERGED: "merged",
}
_CLOSERS = {Party.CONTROL_BODY: "control", Party.MODERATOR: "moderator"}


def events_between(city: IssueIndexPage, start: datetime, end: datetime) -> list[Happened]:
    """The counted events of a city from `start` until before `end`, in the order of each issue. One query."""
    rows = Event.objects.filter(kind__in=COUNTED_KINDS, at__gte=start, at__lt=end, issue__city=city)
    columns = rows.order_by("issue_id", "sequence").values_list(
        "issue_id", "kind", "transition", "target", "party", "organisation_id", "at", "data", "issue__published_at"
    )
    return [Happened(*row) for row in columns.iterator(5000)]


def written_between(city: IssueIndexPage, span: Span) -> dict[str, Any]:
    """Explanations of 4.4 (by organisation) and checks by the moderator (by outcome) of a period. One query."""
    rows = (
        Contribution.objects.filter(
            Q(kind=ContributionKind.ANSWER, explains=True) | Q(kind=ContributionKind.CHECK),
            created_at__gte=span.start,
            created_at__lt=span.end,
            issue__city=city,
        )
        .order_by()
        .values_list("kind", "organisation_id", "outcome")
        .annotate(Count("pk"), Count("issue_id", distinct=True))
    )
    explained: Counter[int] = Counter()
    checks: Counter[str] = Counter()
    for kind, organisation_id, outcome, count, issues in rows:
        if kind == ContributionKind.CHECK:
            checks[outcome or CheckOutcome.UNCLEAR] += count
        else:
            explained[organisation_id] += issues
    return {"explained": explained, "checks": checks}


def statuses_at(city: IssueIndexPage, moments: Iterable[datetime]) -> list[Counter[str]]:
    """How many public issues stood in each status at each of these moments, by the events alone. Three queries.

    An issue that had been taken down, withdrawn or merged by then is not counted.
    """
    moments = list(moments)
    changes = (
        Event.objects.filter(kind=EventKind.STATUS, at__lt=max(moments), issue__city=city)
        .order_by()
        .values_list("source", "target")
        .annotate(**{f"at_{place}": Count("pk", filter=Q(at__lt=moment)) for place, moment in enumerate(moments)})
    )
    found: list[Counter[str]] = [Counter() for _ in moments]
    for source, target, *counts in changes:
        for place, count in enumerate(counts):
            found[place][target] += count
            if source:
                found[place][source] -= count
    for place, hidden in enumerate(hidden_at(city, moments)):
        for status in hidden.values():
            found[place][status] -= 1
    return found


def hidden_at(city: IssueIndexPage, moments: Iterable[datetime]) -> list[dict[int, str]]:
    """The issues that had been public but were not at each moment, with their status of the procedure then. Two queries."""
    moments = list(moments)
    ids = list(
        Event.objects.filter(kind__in=UNPUBLISHING, at__lt=max(moments), issue__city=city)
        .order_by()
        .values_list("issue_id", flat=True)
        .distinct()
    )
    folds: list[dict[int, Fold]] = [{} for _ in moments]
    for start in range(0, len(ids), 500):
        events = Event.objects.filter(issue_id__in=ids[start : start + 500]).order_by("issue_id", "sequence")
        columns = ("issue_id", "at", "sequence", "kind", "transition", "source", "target")
        for issue_id, at, *event in events.values_list(*columns):
            for by_issue, moment in zip(folds, moments, strict=True):
                if at < moment:
                    by_issue.setdefault(issue_id, Fold()).take(*event)
    return [
        {
            issue_id: fold.status
            for issue_id, fold in by_issue.items()
            if fold.publication != Publication.PUBLISHED and fold.was_public
        }
        for by_issue in folds
    ]
