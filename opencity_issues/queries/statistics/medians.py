"""How long answers take: medians with their count, never averages, and none from too few cases (nor in the reports)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

MEDIAN_FROM = 5
"""Fewer cases than this say nothing of an organisation: then no median is shown."""


@dataclass(frozen=True)
class Duration:
    """Half of the cases took so many days or fewer. `days` is None under MEDIAN_FROM cases.

    `waiting` of the cases are overdue and not ended: they count with what they have waited so far.
    """

    days: int | None
    cases: int
    waiting: int = 0

    @classmethod
    def of(cls, ended: Counter[int], waiting: Counter[int]) -> Duration:
        """From the number of cases by days."""
        cases = ended.total() + waiting.total()
        return cls(_half(ended + waiting, cases) if cases >= MEDIAN_FROM else None, cases, waiting.total())


def _half(by_days: Counter[int], cases: int) -> int:
    """The fewest days within which at least half of the cases lie."""
    reached = 0
    for days in sorted(by_days):
        reached += by_days[days]
        if 2 * reached >= cases:
            return days
    raise ValueError("There are no cases.")
