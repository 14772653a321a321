"""Times the first pass after the worker was away for three days over a weekend, with ten thousand items due. Started by `run outage`.

Prints the seconds of each part, and how many times the plain insert of the same events, letters and words it takes; and
the processor's seconds, which do not grow where other programs run beside.
"""
# ruff: noqa: E402 -- the models can be imported only after django.setup()

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.clock.remind_plans import remind_of_plans
from opencity_issues.enums import AssignmentState, EventKind, Status
from opencity_issues.models import Assignment, Contribution, Deadline, Event, IssueIndexPage, IssuePage, Notice
from opencity_issues.models.map_cell import recount
from opencity_issues.procedure.deadlines import due_at

WITHIN = 60.0
"""Seconds for ten thousand of each kind."""

MONDAY = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
SENT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""A Tuesday: what came then was to be accepted by the end of Friday, when the worker was away."""
AWAY = timedelta(days=3, hours=14)


class Fixture:
    """The demonstration town, its issues turned into ones that fell due while nobody looked."""

    def __init__(self, count: int) -> None:
        call_command("opencity_demo", issues=count * 9 // 4, seed=1, verbosity=0, stdout=sys.stderr)
        self.city = IssueIndexPage.objects.get()
        self.calendar = self.city.config.calendar()
        ids = list(IssuePage.objects.published().order_by("pk").values_list("pk", flat=True))
        Deadline.objects.all().delete()
        Assignment.objects.exclude(state=AssignmentState.SENT).delete()
        Assignment.objects.all().delete()
        self.late, self.closed = ids[:count], ids[count : 2 * count]
        if len(self.closed) < count:
            sys.exit("The demonstration has too few published issues.")
        self.organisations = list(self.city.organisations.filter(is_executor=True, is_active=True))

    def lay_out(self) -> None:
        """Half wait to be accepted since Tuesday, half were closed twenty days ago, all of it due within the absence."""
        with transaction.atomic():
            self._late()
            self._closed()
            recount(self.city)

    def _late(self) -> None:
        IssuePage.objects.filter(pk__in=self.late).update(
            status=Status.OPEN, again=False, reopening="", closed_at=None, archived_at=None, repeated_at=None
        )
        start = SENT
        assignments = Assignment.objects.bulk_create(
            Assignment(issue_id=key, organisation=self.organisations[key % len(self.organisations)], sent_at=start)
            for key in self.late
        )
        Deadline.objects.bulk_create(
            Deadline(
                issue_id=one.issue_id,
                assignment=one,
                clause=clause,
                started_at=start,
                due_at=due_at(clause, start, self.calendar),
                met_at=start if clause == "4.2" else None,
            )
            for one in assignments
            for clause in ("4.2", "4.3", "4.4")
        )

    def _closed(self) -> None:
        rows = []
        for place, key in enumerate(self.closed):
            moment = MONDAY - AWAY * (place + 1) / (len(self.closed) + 1) - timedelta(days=20)
            IssuePage.objects.filter(pk=key).update(
                status=Status.CLOSED, again=False, reopening="", closed_at=moment, archived_at=None
            )
            rows += [
                Deadline(issue_id=key, clause=clause, started_at=moment, due_at=due_at(clause, moment, self.calendar))
                for clause in ("4.6", "4.7")
            ]
        Deadline.objects.bulk_create(rows)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def newest(models: list[type[Model]]) -> dict[type[Model], int]:
    return {model: model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in models}


def plain_inserts(before: dict[type[Model], int]) -> float:
    """Seconds that the database needs to take the same new rows again, and nothing else; they are taken out again."""
    total = 0.0
    for model, last in before.items():
        rows = list(model._default_manager.filter(pk__gt=last))
        for row in rows:
            row.pk = None
            row._state.adding = True
            if isinstance(row, Event):
                row.sequence += 10_000
            if isinstance(row, Notice):
                row.event_id, row.key, row.message_id = None, f"again-{row.message_id}", f"again-{row.message_id}"
        with transaction.atomic():
            spent, _rows = seconds(lambda model=model, rows=rows: model._default_manager.bulk_create(rows))
            transaction.set_rollback(True)
        total += spent
    return total


def check(count: int, last: int) -> None:
    """Everything once, as of its own moment."""
    end = due_at("4.3", SENT, IssueIndexPage.objects.get().config.calendar())
    new = Event.objects.filter(pk__gt=last)
    messages = (EventKind.MISSED, EventKind.WARNING, EventKind.REPEATED)
    wrong = [
        new.filter(kind=kind).exclude(at=end).exists() or new.filter(kind=kind).count() != count for kind in messages
    ]
    wrong += [new.filter(transition="T8").count() != count, record_missed(MONDAY) + archive_due(MONDAY) != 0]
    if any(wrong):
        sys.exit(f"Not everything happened exactly once: {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=10_000, help="items due of each kind (default: 10,000)")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if IssuePage.objects.exists():
        sys.exit("This database has issues already: give an empty one.")
    Fixture(options.due).lay_out()
    last = newest([Event])[Event]
    rows: list[type[Model]] = [Event, Contribution, Notice, Deadline]
    say = sys.stdout.write
    say(f"\n{connection.vendor}; {options.due:,} of each due after three days off over a weekend\n\n")
    say(f"{'part':<28}{'done':>8}{'seconds':>9}{'plain inserts':>15}{'ratio':>7}  aim\n")
    total = busy = 0.0
    parts = {
        "missed, warned, repeated": record_missed,
        "archived (T8)": archive_due,
        "reminded of plans": remind_of_plans,
    }
    for name, part in parts.items():
        before = newest(rows)
        busy -= time.process_time()
        spent, done = seconds(lambda part=part: part(MONDAY))
        busy += time.process_time()
        total += spent
        plain = plain_inserts(before)
        say(f"{name:<28}{done:>8}{spent:>9.1f}{plain:>15.1f}{f'{spent / plain:.1f}' if done else '–':>7}\n")
    say(f"{'one pass':<28}{'':>8}{total:>9.1f}{'':>22}  ≤ {WITHIN:g} s: {'holds' if total <= WITHIN else 'MISSED'}\n")
    say(f"{'of it the processor was busy':<28}{'':>8}{busy:>9.1f}\n")
    check(options.due, last)


if __name__ == "__main__":
    main()
