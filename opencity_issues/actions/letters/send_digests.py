"""The daily letter of every cabinet in which something waits (4.1): written once each working day, whenever this runs."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.models import IssueIndexPage, Notice, Organisation
from opencity_issues.queries.desk.digest import digest_of


def write_digests(now: datetime | None = None) -> int:
    """Write today's letters where the city's hour has come; returns how many cabinets get one.

    Driven by the day and not by the run: late is better than never, twice writes nothing more, and after days without a
    run there is today's letter alone. A cabinet in which nothing waits gets a row that is put aside, so that the day is done.
    """
    now = now or timezone.now()
    return sum(_write(city, now) for city in IssueIndexPage.objects.live().select_related("city_settings"))


def _write(city: IssueIndexPage, now: datetime) -> int:
    calendar = city.config.calendar()
    local = now.astimezone(calendar.tz)
    if local.hour < city.config.digest_hour or not calendar.is_working(local.date()):
        return 0
    key = f"digest:{local.date().isoformat()}"
    if Notice.objects.filter(template="digest", key=key, city=city).exists():
        return 0
    cabinets = Organisation.objects.active().filter(city=city).exclude(mailbox="").select_related("city__city_settings")
    rows = [
        Notice(
            template="digest",
            recipient=f"organisation:{organisation.pk}",
            organisation=organisation,
            key=key,
            city=city,
            created_at=now,
            send_after=now,
            unwanted_at=None if digest_of(organisation, now).count else now,
        )
        for organisation in cabinets
    ]
    with transaction.atomic():
        # Of two schedulers at once one writes a row, the other finds it there.
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        if any(row.unwanted_at is None for row in rows):
            transaction.on_commit(ring_doorbell, robust=True)
    return sum(row.unwanted_at is None for row in rows)
