"""How often the right category is suggested first, and among the first three, for everyday sentences with slips.

Started by `run suggestions`. `sentences.csv` (text, code, also: codes that are right too) was written by somebody who
had seen neither the words nor the rules. Its first rows were looked at while both were made; the rest never was.
"""
# ruff: noqa: E402 -- the models can be imported only after django.setup()

import csv
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import django

django.setup()

from django.core.management import call_command

from opencity_issues.actions.city.set_up_city import load_categories
from opencity_issues.queries.suggestions.suggest import suggest

SENTENCES = Path(__file__).with_name("sentences.csv")
LOOKED_AT = 40
"""Rows from the beginning that the words were tried on; the figure is that of the others."""
FIRST_AT_LEAST, THREE_AT_LEAST = 0.80, 0.95
MILLISECONDS_AT_MOST = 20.0


class Sentence(NamedTuple):
    text: str
    code: str
    also: tuple[str, ...]


class Figures(NamedTuple):
    """Shares of sentences, from 0 to 1: the one right category, then with those that are right too. Times in milliseconds."""

    first: float
    among_three: float
    first_or_also: float
    among_three_or_also: float
    typical: float
    slowest: float


def sentences() -> list[Sentence]:
    with SENTENCES.open(encoding="utf-8", newline="") as table:
        return [
            Sentence(row["text"], row["code"].strip(), tuple(filter(None, re.split(r"[,; |]+", row["also"] or ""))))
            for row in csv.DictReader(table)
        ]


def measure(those: Sequence[Sentence]) -> Figures:
    suggest(those[0].text)  # the dictionary is loaded, the vocabulary made
    hits, times = [0, 0, 0, 0], []
    for one in those:
        started = time.perf_counter()
        found = [suggestion.category.code for suggestion in suggest(one.text)]
        times.append((time.perf_counter() - started) * 1000)
        right = {one.code, *one.also}
        hits[0] += found[:1] == [one.code]
        hits[1] += one.code in found[:3]
        hits[2] += bool(right.intersection(found[:1]))
        hits[3] += bool(right.intersection(found[:3]))
    times.sort()
    return Figures(*(hit / len(those) for hit in hits), times[len(times) // 2], times[int(len(times) * 0.95)])


def main() -> None:
    call_command("migrate", verbosity=0)
    load_categories()
    those = sentences()[LOOKED_AT:]
    got = measure(those)
    rows = (
        ("right at first place", f"{got.first:.1%}", f"≥ {FIRST_AT_LEAST:.0%}", got.first >= FIRST_AT_LEAST),
        (
            "right among the first three",
            f"{got.among_three:.1%}",
            f"≥ {THREE_AT_LEAST:.0%}",
            got.among_three >= THREE_AT_LEAST,
        ),
        ("  first, or one that is right too", f"{got.first_or_also:.1%}", "", True),
        ("  among three, or one that is right too", f"{got.among_three_or_also:.1%}", "", True),
        (
            "time, median",
            f"{got.typical:.1f} ms",
            f"≤ {MILLISECONDS_AT_MOST:.0f} ms",
            got.typical <= MILLISECONDS_AT_MOST,
        ),
        ("time, 95 of 100", f"{got.slowest:.1f} ms", "", True),
    )
    sys.stdout.write(
        f"\nCategories suggested for {len(those)} sentences that nobody looked at while the words were chosen\n\n"
    )
    for name, figure, aim, holds in rows:
        verdict = f"{aim}: {'holds' if holds else 'MISSED'}" if aim else ""
        sys.stdout.write(f"{name:<44}{figure:>10}  {verdict}\n")


if __name__ == "__main__":
    main()
