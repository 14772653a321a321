"""The terms of the procedure against a table of moments that was worked out by hand from wall calendars."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opencity_issues.procedure.deadlines import DEADLINES, MetBy, Start, Unit, WhenMissed, due_at
from opencity_issues.procedure.working_days import WorkingCalendar

KYIV = ZoneInfo("Europe/Kyiv")
CALENDARS = {
    "martial": WorkingCalendar(KYIV, martial_law=True),
    "peace": WorkingCalendar(KYIV, martial_law=False),
}
with Path(__file__).with_name("deadlines_golden.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = list(csv.DictReader(file))


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: "{law} {clause} {start}".format(**row))
def test_golden(row):
    due = due_at(row["clause"], datetime.fromisoformat(row["start"]), CALENDARS[row["law"]])
    assert due == datetime.fromisoformat(row["due"]), row["why"]
    assert due.tzinfo is UTC


def test_the_golden_table_is_large_and_complete():
    assert len(GOLDEN) >= 200
    assert {row["clause"] for row in GOLDEN} == set(DEADLINES)
    assert {row["law"] for row in GOLDEN} == set(CALENDARS)
    keys = [(row["law"], row["clause"], row["start"]) for row in GOLDEN]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("clause", "amount", "unit", "starts", "met_by", "when_missed", "scope"),
    [
        ("4.1", 1, Unit.DAILY, Start.LOOKED, MetBy.LOOKED, WhenMissed.DIGEST, "assignment"),
        (
            "4.2",
            1,
            Unit.WORKING_DAYS,
            Start.NOTIFIED,
            MetBy.HEAD_INFORMED,
            WhenMissed.SHOW_AND_TELL_CONTROL,
            "assignment",
        ),
        (
            "4.3",
            3,
            Unit.WORKING_DAYS,
            Start.ROUTED,
            MetBy.ACCEPTED_WITH_EXECUTOR,
            WhenMissed.WARN_AND_REPEAT,
            "assignment",
        ),
        (
            "4.4",
            30,
            Unit.CALENDAR_DAYS_TO_WORKING,
            Start.ROUTED,
            MetBy.SOLVED_OR_EXPLAINED,
            WhenMissed.WARN_AND_REPEAT,
            "assignment",
        ),
        ("4.6", 20, Unit.SAME_TIME_DAYS, Start.CLOSED, MetBy.ARCHIVED, WhenMissed.HAPPENS_BY_ITSELF, "issue"),
        ("4.7", 20, Unit.SAME_TIME_DAYS, Start.CLOSED, MetBy.REOPENED, WhenMissed.NO_LONGER_OFFERED, "issue"),
        ("T9", 20, Unit.SAME_TIME_DAYS, Start.ARCHIVED, MetBy.REOPENED, WhenMissed.NO_LONGER_OFFERED, "issue"),
    ],
)
def test_terms_are_those_of_the_procedure(clause, amount, unit, starts, met_by, when_missed, scope):
    rule = DEADLINES[clause]
    assert (rule.clause, rule.amount, rule.unit) == (clause, amount, unit)
    assert (rule.starts, rule.met_by, rule.when_missed, rule.scope) == (starts, met_by, when_missed, scope)


def test_no_other_clause_has_a_term():
    assert set(DEADLINES) == {"4.1", "4.2", "4.3", "4.4", "4.6", "4.7", "T9"}
    with pytest.raises(KeyError):
        due_at("4.5", datetime(2026, 11, 23, tzinfo=UTC), CALENDARS["martial"])


def test_archiving_and_reopening_end_at_the_same_instant():
    """What is archived can no longer be reopened under 4.7, and nothing lies between the two."""
    closed_at = datetime(2026, 10, 5, 0, 30, tzinfo=UTC)
    calendar = CALENDARS["martial"]
    assert due_at("4.6", closed_at, calendar) == due_at("4.7", closed_at, calendar)


def test_own_exceptions_move_terms():
    start = datetime.fromisoformat("2026-11-20T12:00:00+02:00")
    day_off = WorkingCalendar(KYIV, days={date(2026, 11, 23): False})
    worked_saturday = WorkingCalendar(KYIV, days={date(2026, 11, 21): True})
    assert due_at("4.2", start, day_off) == datetime.fromisoformat("2026-11-25T00:00:00+02:00")
    assert due_at("4.2", start, worked_saturday) == datetime.fromisoformat("2026-11-22T00:00:00+02:00")
