"""Kept counts of the statistics: what a day, a month and a year had, so that a page of figures costs no walk through the city."""

from __future__ import annotations

from datetime import date
from enum import IntEnum, StrEnum

from django.db import models

from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.issue import IssuePage


class Grain(IntEnum):
    """How long the period of a count is. Months and years are the sums of their days."""

    DAY = 1
    MONTH = 2
    YEAR = 3

    def first_day(self, day: date) -> date:
        """The first day of the period of this length that a day lies in."""
        if self == Grain.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self == Grain.MONTH else day


class Measure(StrEnum):
    """What is counted of the public issues registered on a day, by how they stand now; SOLVED alone goes by another day.

    `bucket` is 0 but for the durations: there it is the days that passed, or for what still waits the day (ordinal) from
    which it waits. For an organisation LATE and the durations are about its own terms of 4.3 and 4.4.
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    ARCHIVED = "archived"
    LATE = "late"
    TO_ACCEPTANCE = "to_acceptance"
    TO_CLOSING = "to_closing"
    WAITS_ACCEPTANCE = "waits_acc"
    WAITS_CLOSING = "waits_clo"
    SOLVED = "solved"
    """Closed on that day, and not opened again since."""


class PeriodCount(models.Model):
    """One count: of a city, a period, a part of the city's issues (as in `MapCell.category_id`), a measure and a bucket.

    Written by `actions/keep_statistics.py` alone, from the issues' own rows; `opencity_verify` compares.
    """

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    grain = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    part = models.PositiveBigIntegerField()
    measure = models.CharField(max_length=13)
    bucket = models.IntegerField(default=0)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "grain", "first_day", "part", "measure", "bucket"], name="period_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} ({self.grain}) · {self.part} · {self.measure} {self.bucket}: {self.count}"


class Uncounted(models.Model):
    """A mark, written with each event: the days of this issue are to be counted anew. Without an issue: all of the city's.

    Never unique: a mark that is taken while another deed is on its way must not swallow that deed's.
    """

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(IssuePage, null=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.city_id}/{self.issue_id or '*'}"


class CountedCity(models.Model):
    """Until when a city's statistics are counted; its row is the lock of whoever counts."""

    city = models.OneToOneField(IssueIndexPage, on_delete=models.CASCADE, related_name="counted")
    counted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.city_id} · {self.counted_at}"
