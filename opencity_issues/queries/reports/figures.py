"""The figures of a report on effectiveness (5.4, 2.9), as of the end of its period, with the period before beside them.

Everything is counted from events and terms by their own moments, so that a report for the past says the same whenever it
is made. Each figure is a pair, [this period, the one before]; the words for people, with the definition of each, are in
`report_paper.py`. Names are kept in Ukrainian and English as they were when it was counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from opencity_issues.enums import CheckOutcome, EventKind, Status
from opencity_issues.models import Category, District, IssueIndexPage, Organisation
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.procedure.moderation import Ground
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.consultation import consultation_figures
from opencity_issues.queries.reports.clocks import Span, Terms, clocks_of
from opencity_issues.queries.reports.events import (
    Happened,
    Happenings,
    events_between,
    hidden_at,
    statuses_at,
    written_between,
)
from opencity_issues.queries.reports.past import Belonging, belonging_at

VERSION = 1
LISTED_AT_MOST = 20_000
"""A longer list of issues is left out of the workbook."""

COUNTS = (
    "registered",
    "received",
    "closed",
    "closed_by_workers",
    "closed_by_control",
    "closed_by_moderator",
    "reopened",
    "T9",
    "T10",
    "T14",
    "T8",
    "returned",
    "warnings",
    "repeated",
    "flags",
    "complaints",
    "refused",
    "taken_down",
    "withdrawn",
    "merged",
)


@dataclass
class _Side:
    """One of the two periods, counted."""

    period: Period
    span: Span
    happened: Happenings
    terms: Terms
    written: dict[str, Any]
    statuses: Counter[str]
    belonging: Belonging
    hidden: dict[int, str]

    @property
    def overdue(self) -> set[int]:
        return set(self.terms.overdue_issues)


def figures_of(city: IssueIndexPage, organisation: Organisation, period: Period) -> dict[str, Any]:
    """All figures of a period as JSON, for a report of `organisation`. Some twenty queries, however many issues there are
    (and two more for each five thousand that the period touches).
    """
    zone = city.config.zone
    periods = (period, period.previous())
    spans = [Span(*one.instants(zone)) for one in periods]
    events = events_between(city, spans[1].start, spans[0].end)
    clocks = clocks_of(city, spans)
    ends = [span.end for span in spans]
    statuses, hidden = statuses_at(city, ends), hidden_at(city, ends)
    sides = []
    for place, (one, span) in enumerate(zip(periods, spans, strict=True)):
        happened, terms = Happenings.of(events, span, zone), Terms.of(clocks, span)
        for issue_id in terms.unsolved_overdue:
            if published_at := terms.overdue_issues[issue_id]:
                happened.to_closing.waiting.append(span.end - published_at)
        touched = happened.received | happened.closed | set(terms.overdue_issues)
        belonging = belonging_at(city, touched, span.end)
        written = written_between(city, span)
        sides.append(_Side(one, span, happened, terms, written, statuses[place], belonging, hidden[place]))
    return {
        "version": VERSION,
        **_names(city, organisation),
        "previous": [periods[1].first_day.isoformat(), periods[1].last_day.isoformat()],
        **_totals(sides),
        "consultation": _consultation(city, periods),
        "days": _days(sides[0]),
        "categories": _by_category(sides),
        "districts": _by_district(city, sides),
        "organisations": _by_organisation(city, sides),
        "issues": _listed(sides[0], [event for event in events if event.at >= spans[0].start], zone),
    }


def _names(city: IssueIndexPage, organisation: Organisation) -> dict[str, Any]:
    """Whose report, to whom, and about which city, as they are called now."""
    control = Organisation.objects.active().filter(city=city, is_control_body=True)
    return {
        "city": city.config.city_name,
        "organisation": _named(organisation),
        "addressees": [_named(body) for body in control],
        "language": organisation.language,
        "zone": city.config.time_zone,
    }


def _named(thing: Any) -> dict[str, str]:
    return {"uk": thing.name_uk, "en": thing.name_en or thing.name_uk}


def _totals(sides: list[_Side]) -> dict[str, Any]:
    def pairs(keys: Iterable[str], counters: list[Counter[str]]) -> dict[str, list[int]]:
        return {key: [counter[key] for counter in counters] for key in keys}

    return {
        "totals": {
            **pairs(COUNTS, [side.happened.counts for side in sides]),
            "overdue": [len(side.overdue) for side in sides],
            "explained": [sum(side.written["explained"].values()) for side in sides],
        },
        "statuses": pairs(Status.values, [side.statuses for side in sides]),
        "checks": pairs(CheckOutcome.values, [side.written["checks"] for side in sides]),
        "grounds": {
            decision: {
                ground.value: pair
                for ground in Ground
                if any(pair := [side.happened.grounds[decision, ground.value] for side in sides])
            }
            for decision in ("refused", "taken_down")
        },
        "terms": {clause: [side.terms.city[clause].as_json() for side in sides] for clause in MISSABLE},
        "to_closing": [side.happened.to_closing.as_json() for side in sides],
    }


def _consultation(city: IssueIndexPage, periods: Iterable[Period]) -> dict[str, list[Any]]:
    """The figures of consultation (5.5, 5.6) by name; ways of answering as "way_phone"…, the median in days."""
    found: dict[str, list[Any]] = {}
    for period in periods:
        figures = asdict(consultation_figures(city, period.first_day, period.last_day))
        ways, answer = figures.pop("by_way"), figures.pop("median_answer")
        figures.update({f"way_{way}": count for way, count in ways.items()})
        figures["median_days"] = None if answer is None else round(answer / timedelta(days=1), 1)
        for name, value in figures.items():
            found.setdefault(name, []).append(value)
    return found


def _days(side: _Side) -> list[list[Any]]:
    """Received and closed by day; by week from two months on, by month from a year on: [first day, received, closed]."""
    found: dict[date, list[int]] = {}
    day = side.period.first_day
    while day <= side.period.last_day:
        counts = found.setdefault(_beginning(day, side.period), [0, 0])
        counts[0] += side.happened.days["received", day]
        counts[1] += side.happened.days["closed", day]
        day += timedelta(days=1)
    return [[first.isoformat(), *counts] for first, counts in found.items()]


def _beginning(day: date, period: Period) -> date:
    if period.days > 366:
        return max(day.replace(day=1), period.first_day)
    if period.days > 62:
        return max(day - timedelta(days=day.weekday()), period.first_day)
    return day


def _by_category(sides: list[_Side]) -> list[dict[str, Any]]:
    """Branches and, under each, its categories of the second level; an issue counts once in each that it belongs to."""
    every = {one.pk: one for one in Category.objects.all()}
    lineages = {pk: _lineage(one, every)[:2] for pk, one in every.items()}

    def count(side: _Side, issues: set[int]) -> Counter[int]:
        counter: Counter[int] = Counter()
        for issue in issues:
            counter.update({pk for own in side.belonging.categories.get(issue, ()) for pk in lineages[own]})
        return counter

    rows = _counted(sides, count)
    shown = [one for one in sorted(every.values(), key=lambda one: (one.order, one.code)) if one.pk in rows]
    return [{"code": one.code, **_named(one), "level": one.depth - 1, **rows[one.pk]} for one in shown]


def _lineage(category: Category, every: dict[int, Category]) -> list[int]:
    """From the branch down to the category itself."""
    above = _lineage(every[category.parent_id], every) if category.parent_id else []
    return [*above, category.pk]


def _by_district(city: IssueIndexPage, sides: list[_Side]) -> list[dict[str, Any]]:
    """Each district of the city, and what lies in none or has no place; empty where the city has no districts."""
    districts = list(District.objects.filter(city=city).defer("outline"))
    if not districts:
        return []
    known = {one.pk for one in districts}

    def count(side: _Side, issues: set[int]) -> Counter[int]:
        places = (side.belonging.districts.get(issue) for issue in issues)
        return Counter(place if place in known else 0 for place in places)

    rows = _counted(sides, count)
    nothing = {name: [0, 0] for name in ("received", "closed", "overdue")}
    found = [{**_named(one), **rows.get(one.pk, nothing)} for one in districts]
    return [*found, {"uk": "", "en": "", **rows[0]}] if 0 in rows else found


def _counted(sides: list[_Side], count: Any) -> dict[int, dict[str, list[int]]]:
    """Received, closed and overdue issues by key, for both periods; keys without any are left out."""
    counters = {
        "received": [count(side, side.happened.received) for side in sides],
        "closed": [count(side, side.happened.closed) for side in sides],
        "overdue": [count(side, side.overdue) for side in sides],
    }
    keys = {key for pair in counters.values() for counter in pair for key in counter}
    return {key: {name: [counter[key] for counter in pair] for name, pair in counters.items()} for key in sorted(keys)}


def _by_organisation(city: IssueIndexPage, sides: list[_Side]) -> list[dict[str, Any]]:
    """Every organisation that had something to do in the period or the one before."""
    busy = {key for side in sides for key in side.terms.organisation_ids()}
    busy |= {key for side in sides for key, _name in side.happened.organisations}
    rows = []
    for one in Organisation.objects.filter(city=city, pk__in=busy).order_by("name_uk"):
        counts = {
            name: [side.happened.organisations[one.pk, name] for side in sides]
            for name in ("sent", "returned", "warnings", "repeated")
        }
        counts["explained"] = [side.written["explained"].get(one.pk, 0) for side in sides]
        terms = {
            clause: [side.terms.of_organisation(one.pk, clause).as_json() for side in sides] for clause in MISSABLE
        }
        rows.append({"slug": one.slug, **_named(one), **counts, "terms": terms})
    return rows


def _listed(side: _Side, events: Iterable[Happened], zone: ZoneInfo) -> dict[str, Any]:
    """The issues received in the period, as they stood when it ended: numbers, days and keys, nobody's words.

    A row: number, status, day of publication, acceptance and closing ("" for none), codes, district, organisations, overdue.
    """
    received = side.happened.received - side.hidden.keys()
    if len(received) > LISTED_AT_MOST:
        return {"left_out": len(received), "rows": []}
    days: dict[int, dict[str, str]] = {issue: {} for issue in received}
    statuses: dict[int, str] = {}
    bodies: dict[int, set[int]] = {}
    for event in events:
        if event.issue_id not in received:
            continue
        if event.kind == EventKind.STATUS:
            statuses[event.issue_id] = event.target
            days[event.issue_id][event.target] = event.at.astimezone(zone).date().isoformat()
        elif event.kind == EventKind.ROUTED and event.organisation_id:
            bodies.setdefault(event.issue_id, set()).add(event.organisation_id)
    codes = dict(Category.objects.values_list("pk", "code"))
    rows = [
        [
            side.belonging.numbers[issue],
            statuses[issue],
            *[days[issue].get(status, "") for status in (Status.OPEN, Status.ACCEPTED, Status.CLOSED)],
            sorted(codes[pk] for pk in side.belonging.categories.get(issue, ())),
            side.belonging.districts.get(issue),
            sorted(bodies.get(issue, ())),
            issue in side.terms.overdue_issues,
        ]
        for issue in received
    ]
    return {"left_out": 0, "rows": sorted(rows), "names": _names_of_listed(rows)}


def _names_of_listed(rows: list[list[Any]]) -> dict[str, dict[str, dict[str, str]]]:
    """What the keys in the list were called."""
    codes = {code for row in rows for code in row[5]}
    districts = {row[6] for row in rows} - {None}
    bodies = {key for row in rows for key in row[7]}
    return {
        "categories": {one.code: _named(one) for one in Category.objects.all() if one.code in codes},
        "districts": {str(pk): _named(one) for pk, one in District.objects.defer("outline").in_bulk(districts).items()},
        "organisations": {str(pk): _named(one) for pk, one in Organisation.objects.in_bulk(bodies).items()},
    }
