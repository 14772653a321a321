"""When the letters of those who want them together go out: at the city's hour, each day or on Mondays."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from opencity_issues.enums import LetterChoice

DAYS = {LetterChoice.DAILY: 1, LetterChoice.WEEKLY: 7}
MONDAY = 0


def next_together(choice: LetterChoice | str, now: datetime, zone: ZoneInfo, hour: int) -> datetime | None:
    """The first moment after `now` at which a reader of this choice gets one letter with everything; None: at once.

    `hour` is the city's, local; one that the clock skips moves forward by what was skipped.
    """
    if choice not in DAYS:
        return None
    local = now.astimezone(zone)
    day = local.date()
    if choice == LetterChoice.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    moment = datetime.combine(day, time(hour), zone)
    if moment <= local:
        moment = datetime.combine(day + timedelta(days=DAYS[LetterChoice(choice)]), time(hour), zone)
    return moment
