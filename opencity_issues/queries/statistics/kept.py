"""The kept counts of a period, as they are and as those below make them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Sum

from opencity_issues.models import IssueIndexPage, PeriodCount
from opencity_issues.models.period_count import Grain
from opencity_issues.queries.statistics.asked import next_after
from opencity_issues.queries.statistics.day import Count, count_day


def kept_counts(city: IssueIndexPage, grain: Grain, first: date) -> Counter[Count]:
    """What is kept for one day, month or year."""
    rows = PeriodCount.objects.filter(city=city, grain=grain, first_day=first)
    return Counter(
        {(part, measure, bucket): count for part, measure, bucket, count in rows.values_list(*_COLUMNS, "count")}
    )


def summed(city: IssueIndexPage, below: Grain, first: date, grain: Grain) -> Counter[Count]:
    """The sum of the days or months (`below`) that a month or year consists of."""
    rows = PeriodCount.objects.filter(
        city=city, grain=below, first_day__gte=first, first_day__lt=next_after(grain, first)
    )
    sums = rows.order_by().values_list(*_COLUMNS).annotate(Sum("count"))
    return Counter({(part, measure, bucket): count for part, measure, bucket, count in sums})


def wrong_counts(city: IssueIndexPage) -> Iterator[tuple[Grain, date, Count, int, int]]:
    """What is kept otherwise than the issues make it: period, key, kept, counted."""
    for grain in Grain:
        for first in sorted(_firsts(city, grain)):
            kept = kept_counts(city, grain, first)
            counted = count_day(city, first) if grain == Grain.DAY else summed(city, Grain(grain - 1), first, grain)
            for key in sorted(kept.keys() | counted.keys()):
                if kept[key] != counted[key]:
                    yield grain, first, key, kept[key], counted[key]


def _firsts(city: IssueIndexPage, grain: Grain) -> set[date]:
    """First days of the periods that have or ought to have counts."""
    found = set(PeriodCount.objects.filter(city=city, grain=grain).values_list("first_day", flat=True).distinct())
    if grain == Grain.DAY:
        return found | {
            at.date() for at in city.issues.published().datetimes("submitted_at", "day", tzinfo=city.config.zone)
        }
    below = PeriodCount.objects.filter(city=city, grain=grain - 1).values_list("first_day", flat=True).distinct()
    return found | {grain.first_day(day) for day in below}


_COLUMNS = ("part", "measure", "bucket")
