"""What was published is told to those who want it: rows in the outbox of the issues, which leaves, waits and tries as ever.

Driven by what each subscription has been told, not by when this runs: after days without a worker each piece is told
once, in one letter. No row is written and none is touched where nothing was published.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from opencity_cms.models import NewsSubscription, NewsTiming
from opencity_cms.newsletter.pieces import latest_moment, moments
from opencity_cms.newsletter.subscribe import recipient_of
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.models import IssueIndexPage, Notice

NEWS = "news"
STANDS_FOR = timedelta(minutes=5)
"""A piece is told when it has stood so long: its editor sees it on the site first, and mends what is wrong."""

AT_ONCE = 500
"""Subscriptions of one transaction."""


def tell_news(now: datetime | None = None) -> int:
    """Write the letters that are due; returns how many. Two at once write none twice."""
    now = now or timezone.now()
    cities = IssueIndexPage.objects.live().select_related("city_settings")
    return sum(_tell(city, timing, now) for city in cities for timing in NewsTiming)


def due_until(city: IssueIndexPage, timing: NewsTiming, now: datetime) -> datetime:
    """Up to when a letter of this timing tells: now, the last Monday or the first of the month at the city's hour."""
    settled = now - STANDS_FOR
    if timing == NewsTiming.AT_ONCE:
        return settled
    config = city.config
    local = settled.astimezone(config.zone)
    by_week = timing == NewsTiming.WEEKLY
    day = local.date() - timedelta(days=local.weekday() if by_week else local.day - 1)
    moment = datetime.combine(day, time(config.digest_hour), config.zone)
    if moment > local:
        day = day - timedelta(days=7) if by_week else (day - timedelta(days=1)).replace(day=1)
        moment = datetime.combine(day, time(config.digest_hour), config.zone)
    return moment.astimezone(settled.tzinfo)


def window_key(since: datetime, until: datetime) -> str:
    """The key of a letter: what it tells is worked out again by it when it is sent, and is the same at each try."""
    return f"{since.isoformat()}/{until.isoformat()}"


def read_window(key: str) -> tuple[datetime, datetime]:
    since, _slash, until = key.partition("/")
    return datetime.fromisoformat(since), datetime.fromisoformat(until)


def _tell(city: IssueIndexPage, timing: NewsTiming, now: datetime) -> int:
    until = due_until(city, timing, now)
    latest = latest_moment(city, until)
    if latest is None:
        return 0
    written = 0
    while (count := _tell_some(city, timing, latest, until, now)) is not None:
        written += count
    return written


def _tell_some(
    city: IssueIndexPage, timing: NewsTiming, latest: datetime, until: datetime, now: datetime
) -> int | None:
    """One batch; None where nobody is left whom another worker does not hold."""
    with transaction.atomic():
        due = list(
            NewsSubscription.objects.filter(city=city, timing=timing, confirmed_at__isnull=False, told_until__lt=latest)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:AT_ONCE]
        )
        if not due:
            return None
        new = moments(city, min(one.told_until for one in due), until).values()
        letters = [
            Notice(
                template=NEWS,
                recipient=recipient_of(one),
                key=window_key(one.told_until, until),
                city=city,
                user_id=one.user_id,
                created_at=now,
                send_after=now,
            )
            for one in due
            if any(moment > one.told_until for moment in new)
        ]
        Notice.objects.bulk_create(letters, ignore_conflicts=True)
        NewsSubscription.objects.filter(pk__in=[one.pk for one in due]).update(told_until=until)
        if letters:
            transaction.on_commit(ring_doorbell, robust=True)
    return len(letters)
