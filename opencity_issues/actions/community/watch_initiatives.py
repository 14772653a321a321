"""What time alone brings about for residents' meetings: a reminder the day before, a question after it, an end to the forgotten."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from opencity_issues.actions.community.organise_initiative import end, happening_data, held
from opencity_issues.actions.letters.community_letters import tell_participants
from opencity_issues.actions.record_event import record
from opencity_issues.enums import UNSOLVED, EventKind, Party, Publication, UndertakingState
from opencity_issues.models import Initiative, Notice

NEAR = timedelta(days=3)
"""How far ahead meetings are looked at: further than from any morning to the end of the next day."""

ASKED_FOR = timedelta(days=14)
"""How long after a meeting its organiser can still be asked how it went, should the worker have been away."""

FORGOTTEN = timedelta(days=30)
"""How long after the meeting a result is waited for, so that others may begin anew."""


def watch_initiatives(now: datetime | None = None) -> int:
    """Write the letters that are due and end what is forgotten; returns how many of both. Safe to run twice and at once."""
    now = now or timezone.now()
    return _remind(now) + _ask_for_results(now) + _end_forgotten(now)


def _remind(now: datetime) -> int:
    """From the morning of the day before, once a person and date; who joined since that morning knows the date."""
    written = 0
    for one in _planned(starts_at__gt=now, starts_at__lt=now + NEAR, issue__status__in=UNSOLVED):
        morning = _morning(one, one.starts_at, days=-1)
        if morning <= now:
            joined = one.participants.filter(joined_at__lt=morning).values_list("user_id", flat=True)
            written += _tell_once(one, "initiative_reminder", list(joined), now)
    return written


def _ask_for_results(now: datetime) -> int:
    written = 0
    for one in _planned(starts_at__lt=now, starts_at__gt=now - ASKED_FOR):
        if one.organiser_id is not None and _morning(one, one.starts_at, days=1) <= now:
            written += _tell_once(one, "initiative_ask_result", [one.organiser_id], now)
    return written


def _end_forgotten(now: datetime) -> int:
    ended = 0
    for one in Initiative.objects.filter(state=UndertakingState.PLANNED, starts_at__lt=now - FORGOTTEN):
        with transaction.atomic():
            initiative = held(one)
            if initiative.is_planned and initiative.starts_at < now - FORGOTTEN:
                end(initiative, UndertakingState.CANCELLED, now)
                data = {**happening_data(initiative), "forgotten": True}
                record(initiative.issue, EventKind.INITIATIVE_CANCELLED, at=now, party=Party.SYSTEM, data=data)
                ended += 1
    return ended


def _planned(**conditions: object) -> list[Initiative]:
    return list(
        Initiative.objects.filter(
            state=UndertakingState.PLANNED,
            hidden_at=None,
            issue__publication=Publication.PUBLISHED,
            **conditions,
        ).select_related("issue__city__city_settings")
    )


def _morning(initiative: Initiative, moment: datetime, *, days: int) -> datetime:
    """The hour of the daily letters so many days from the day of a moment, in the city's time."""
    config = initiative.issue.city.config
    day = moment.astimezone(config.zone).date() + timedelta(days=days)
    return datetime.combine(day, time(config.digest_hour), tzinfo=config.zone)


def _tell_once(initiative: Initiative, template: str, user_ids: list[int], now: datetime) -> int:
    key = f"initiative:{initiative.pk}:{initiative.starts_at:%Y%m%d%H%M}"
    with transaction.atomic():
        told = set(Notice.objects.filter(template=template, key=key).values_list("user_id", flat=True))
        waiting = [pk for pk in user_ids if pk not in told]
        if waiting:
            tell_participants(initiative, template, now, key=key, user_ids=waiting)
    return len(waiting)
