"""The statistics' kept counts are brought up to the events: each touched day is counted anew, whoever and whatever touched it.

Counting a day again changes nothing, so that a run that was broken off is simply done again. A day's difference goes into its
month and year in the same transaction: they are the sums of their days at every moment.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from opencity_issues.models import CountedCity, IssueIndexPage, IssuePage, PeriodCount, Uncounted
from opencity_issues.models.period_count import Grain
from opencity_issues.queries.statistics.day import Count, count_day, days_of
from opencity_issues.queries.statistics.kept import kept_counts, summed

MARKS_AT_ONCE = 50_000
ROWS_AT_ONCE = 500


def count_waiting(now: datetime | None = None) -> int:
    """Count anew every day that a mark names, city by city; returns how many days. For the sweep, each minute."""
    now = now or timezone.now()
    return sum(_count_city(city, now) for city in IssueIndexPage.objects.select_related("city_settings"))


def count_all(city: IssueIndexPage, now: datetime | None = None) -> int:
    """Count every day of a city anew: after a bulk load, or where the counts were found wrong."""
    now = now or timezone.now()
    marks = list(Uncounted.objects.filter(city=city).values_list("pk", flat=True))
    span = IssuePage.objects.in_city(city).aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
    days: set[date] = set(PeriodCount.objects.filter(city=city, grain=Grain.DAY).values_list("first_day", flat=True))
    if span["first"]:
        zone = city.config.zone
        first, last = span["first"].astimezone(zone).date(), max(span["last"], now).astimezone(zone).date()
        days |= {first + timedelta(days=step) for step in range((last - first).days + 1)}
    _finish(city, days, marks, now)
    _sum_up(city)
    return len(days)


def count_all_later(city: IssueIndexPage) -> None:
    """Have the next sweep count a whole city anew: its categories, districts or time zone have changed."""
    Uncounted.objects.create(city=city)


def _count_city(city: IssueIndexPage, now: datetime) -> int:
    marks = list(Uncounted.objects.filter(city=city).order_by("pk").values_list("pk", "issue_id")[:MARKS_AT_ONCE])
    issues = {issue_id for _pk, issue_id in marks}
    if None in issues or not CountedCity.objects.filter(city=city).exists():
        return count_all(city, now)
    return _finish(city, days_of(city, issues), [pk for pk, _issue_id in marks], now)


def _finish(city: IssueIndexPage, days: Iterable[date], marks: list[int], now: datetime) -> int:
    """Count these days, one transaction each so that nobody waits long, and only then forget the marks."""
    CountedCity.objects.get_or_create(city=city)
    days = sorted(days)
    for day in days:
        _count_day(city, day)
    for some in _pieces(marks):
        Uncounted.objects.filter(pk__in=some).delete()
    if len(marks) < MARKS_AT_ONCE:
        CountedCity.objects.filter(city=city).update(counted_at=now)
    return len(days)


@transaction.atomic
def _count_day(city: IssueIndexPage, day: date) -> None:
    CountedCity.objects.select_for_update().get(city=city)
    steps = count_day(city, day)
    steps.subtract(kept_counts(city, Grain.DAY, day))
    _add(city, day, {key: step for key, step in steps.items() if step})


def _sum_up(city: IssueIndexPage) -> None:
    """Put the months and years right, should they ever not be the sums of what is below them."""
    for grain, below in ((Grain.MONTH, Grain.DAY), (Grain.YEAR, Grain.MONTH)):
        firsts = set(
            PeriodCount.objects.filter(city=city, grain__in=(grain, below))
            .values_list("first_day", flat=True)
            .distinct()
        )
        for first in sorted({grain.first_day(day) for day in firsts}):
            with transaction.atomic():
                CountedCity.objects.select_for_update().get(city=city)
                steps = summed(city, below, first, grain)
                steps.subtract(kept_counts(city, grain, first))
                _add(city, first, {key: step for key, step in steps.items() if step}, grains=(grain,))


def _add(city: IssueIndexPage, day: date, steps: dict[Count, int], grains: Iterable[Grain] = Grain) -> None:
    """Add to the day, its month and its year; what comes to nothing is removed."""
    if not steps:
        return
    firsts = {grain: grain.first_day(day) for grain in grains}
    rows = [
        (city.pk, grain.value, connection.ops.adapt_datefield_value(first), *key, step)
        for grain, first in firsts.items()
        for key, step in steps.items()
    ]
    table = PeriodCount._meta.db_table
    with connection.cursor() as cursor:
        for some in _pieces(rows):
            places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(some))
            values: list[Any] = [value for row in some for value in row]
            cursor.execute(
                f'INSERT INTO {table} (city_id, grain, first_day, part, measure, bucket, "count") VALUES {places} '  # noqa: S608 no value in it
                "ON CONFLICT (city_id, grain, first_day, part, measure, bucket) "
                f'DO UPDATE SET "count" = {table}."count" + excluded."count"',
                values,
            )
    if min(steps.values()) < 0:
        for grain, first in firsts.items():
            PeriodCount.objects.filter(city=city, grain=grain, first_day=first, count=0).delete()


def _pieces(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
