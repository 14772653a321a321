"""Training seminars for responsible workers (5.6): announced, signed up for, held, their attendance ticked; or cancelled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.consultation.consult import TEXT_LENGTH, require, written
from opencity_issues.actions.letters.consultation_letters import notify
from opencity_issues.models import Attendance, IssueIndexPage, Notice, Organisation, Seminar
from opencity_issues.procedure.refusals import Missing, NotPossible

TITLE_LENGTH = 200
PLACE_LENGTH = 250
REASON_LENGTH = 500
NAME_LENGTH = 150
MINUTES = (15, 600)
"""The shortest and the longest a seminar can last."""


@dataclass(frozen=True)
class SeminarWords:
    """What is announced. `starts_at` is an instant, `minutes` how long it lasts, `text` the programme."""

    title: str
    starts_at: datetime
    place: str
    minutes: int = 90
    text: str = ""


@dataclass(frozen=True)
class Guest:
    """Somebody who came without an account of the System."""

    organisation: Organisation
    name: str


def announce_seminar(
    city: IssueIndexPage, words: SeminarWords, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Seminar:
    """The moderator announces a seminar; every organisation's mailbox gets the invitation with the date for its calendar."""
    now = now or timezone.now()
    with transaction.atomic():
        require("consult", actor=actor, organisation=organisation, city_id=city.pk, clause="5.6")
        _check(words, now)
        seminar = Seminar.objects.create(city=city, held_by=organisation, **_columns(words))
        invited = Organisation.objects.active().filter(city=city).exclude(pk=organisation.pk)
        notify(city, "seminar", f"seminar:{seminar.pk}", now, organisations=invited)
    return seminar


def change_seminar(
    seminar: Seminar, words: SeminarWords, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Seminar:
    """Another date, place or programme; those who have signed up are written to where the date or the place is another."""
    now = now or timezone.now()
    with transaction.atomic():
        seminar = _before_it_began(seminar, actor, organisation, now)
        _check(words, now)
        columns = _columns(words)
        moved = any(getattr(seminar, name) != columns[name] for name in ("starts_at", "minutes", "place"))
        for name, value in columns.items():
            setattr(seminar, name, value)
        seminar.save(update_fields=list(columns))
        if moved:
            key = f"seminar:{seminar.pk}:{now:%Y%m%d%H%M%S%f}"
            notify(seminar.city, "seminar_changed", key, now, user_ids=_signed_up(seminar))
    return seminar


def cancel_seminar(
    seminar: Seminar, reason: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Seminar:
    """Cancel what has not begun; those who have signed up get the reason."""
    now = now or timezone.now()
    with transaction.atomic():
        seminar = _before_it_began(seminar, actor, organisation, now)
        seminar.cancel_reason = written("reason", reason, at_most=REASON_LENGTH)
        seminar.cancelled_at = now
        seminar.save(update_fields=["cancelled_at", "cancel_reason"])
        notify(seminar.city, "seminar_cancelled", f"seminar:{seminar.pk}", now, user_ids=_signed_up(seminar))
    return seminar


def sign_up(seminar: Seminar, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> Attendance:
    """A member puts his or her name down for a seminar that has not begun; doing so twice changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        seminar = _locked(seminar)
        require("ask_consultation", actor=actor, organisation=organisation, city_id=seminar.city_id, clause="5.6")
        _require_ahead(seminar, now)
        attendance, _created = Attendance.objects.get_or_create(
            seminar=seminar, user_id=actor.pk, defaults={"organisation": organisation, "signed_up_at": now}
        )
    return attendance


def withdraw_from(seminar: Seminar, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> None:
    """Take one's name off the list of a seminar that has not begun."""
    now = now or timezone.now()
    with transaction.atomic():
        seminar = _locked(seminar)
        require("ask_consultation", actor=actor, organisation=organisation, city_id=seminar.city_id, clause="5.6")
        _require_ahead(seminar, now)
        Attendance.objects.filter(seminar=seminar, user_id=actor.pk).delete()


def mark_attendance(
    seminar: Seminar,
    came: Collection[int],
    guests: Sequence[Guest] = (),
    *,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
) -> Seminar:
    """After it began: who of the list came (keys of `Attendance`), and who came besides, without an account, by name."""
    now = now or timezone.now()
    with transaction.atomic():
        seminar = _locked(seminar)
        require("consult", actor=actor, organisation=organisation, city_id=seminar.city_id, clause="5.6")
        if seminar.cancelled_at is not None:
            raise NotPossible(_("This seminar is cancelled."), clause="5.6", state="cancelled")
        if seminar.starts_at > now:
            raise NotPossible(_("The seminar has not begun yet."), clause="5.6", state="ahead")
        rows = Attendance.objects.filter(seminar=seminar)
        rows.exclude(pk__in=came).update(came=False)
        rows.filter(pk__in=came).update(came=True)
        Attendance.objects.bulk_create([_guest(seminar, guest, now) for guest in guests])
    return seminar


def remind_of_seminars(now: datetime | None = None) -> int:
    """Write the reminders that are due from the morning of the day before, once a person and date; returns how many are new.

    Who signed up since that morning knows the date and gets none.
    """
    now = now or timezone.now()
    written_now = 0
    soon = Seminar.objects.filter(cancelled_at=None, starts_at__gt=now, starts_at__lt=now + timedelta(days=3))
    for seminar in soon.select_related("city__city_settings"):
        config = seminar.city.config
        day_before = seminar.starts_at.astimezone(config.zone).date() - timedelta(days=1)
        morning = datetime.combine(day_before, time(config.digest_hour), tzinfo=config.zone)
        if now < morning:
            continue
        with transaction.atomic():
            key = f"seminar:{seminar.pk}:{seminar.starts_at:%Y%m%d%H%M}"
            told = Notice.objects.filter(template="seminar_reminder", key=key).values("user_id")
            waiting = [
                user_id
                for user_id in _signed_up(seminar, before=morning)
                if user_id not in {row["user_id"] for row in told}
            ]
            notify(seminar.city, "seminar_reminder", key, now, user_ids=waiting)
            written_now += len(waiting)
    return written_now


def _locked(seminar: Seminar) -> Seminar:
    return Seminar.objects.select_for_update(of=("self",)).select_related("city").get(pk=seminar.pk)


def _before_it_began(seminar: Seminar, actor: Any, organisation: Organisation, now: datetime) -> Seminar:
    seminar = _locked(seminar)
    require("consult", actor=actor, organisation=organisation, city_id=seminar.city_id, clause="5.6")
    _require_ahead(seminar, now)
    return seminar


def _require_ahead(seminar: Seminar, now: datetime) -> None:
    if seminar.cancelled_at is not None:
        raise NotPossible(_("This seminar is cancelled."), clause="5.6", state="cancelled")
    if seminar.starts_at <= now:
        raise NotPossible(_("This seminar has begun already."), clause="5.6", state="begun")


def _signed_up(seminar: Seminar, before: datetime | None = None) -> list[int]:
    rows = Attendance.objects.filter(seminar=seminar, user__isnull=False)
    if before is not None:
        rows = rows.filter(signed_up_at__lt=before)
    return [row["user_id"] for row in rows.values("user_id")]


def _columns(words: SeminarWords) -> dict[str, Any]:
    return {
        "title": words.title.strip(),
        "starts_at": words.starts_at,
        "minutes": words.minutes,
        "place": words.place.strip(),
        "text": words.text.strip(),
    }


def _check(words: SeminarWords, now: datetime) -> None:
    faults: dict[str, Any] = {}
    for name, at_most in (("title", TITLE_LENGTH), ("place", PLACE_LENGTH)):
        try:
            written(name, getattr(words, name), at_most=at_most)
        except Missing as missing:
            faults |= missing.fields
    if len(words.text) > TEXT_LENGTH:
        faults["text"] = _("This is too long: at most %(count)d characters.") % {"count": TEXT_LENGTH}
    if words.starts_at <= now:
        faults["starts_at"] = _("This moment has passed.")
    if not MINUTES[0] <= words.minutes <= MINUTES[1]:
        faults["minutes"] = _("From %(least)d to %(most)d minutes.") % {"least": MINUTES[0], "most": MINUTES[1]}
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, clause="5.6")


def _guest(seminar: Seminar, guest: Guest, now: datetime) -> Attendance:
    if guest.organisation.city_id != seminar.city_id:
        words = _("There is no such organisation.")
        raise Missing(words, fields={"guests": words}, clause="5.6")
    name = written("guests", guest.name, at_most=NAME_LENGTH)
    return Attendance(seminar=seminar, organisation=guest.organisation, name=name, signed_up_at=now, came=True)
