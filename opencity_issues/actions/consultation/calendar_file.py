"""A seminar as a file for calendar programs."""

from datetime import datetime

from opencity_issues.actions.letters.calendar_entry import CalendarEntry, calendar_file
from opencity_issues.models import Seminar


def seminar_file(seminar: Seminar, domain: str, now: datetime | None = None) -> str:
    """One calendar with one event; a second file of the seminar replaces the first."""
    entry = CalendarEntry(
        uid=f"seminar-{seminar.pk}@{domain}",
        starts_at=seminar.starts_at,
        ends_at=seminar.ends_at,
        summary=seminar.title,
        location=seminar.place,
        description=seminar.text,
        is_cancelled=seminar.cancelled_at is not None,
    )
    return calendar_file(entry, now)
