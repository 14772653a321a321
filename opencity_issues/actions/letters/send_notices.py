"""The outbox is emptied here: rows are leased, composed, sent, tried again, and given up after 72 hours (3.4).

A worker killed after the server took a letter sends it again with the same Message-ID when the lease ends; one killed
before sends it then for the first time. While the server is away letters only wait: nothing is counted against them.
Nothing is lost, and nothing depends on the queue.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.actions.letters.host_letters import composer_of
from opencity_issues.actions.letters.letter_readers import NoAddress, Unwanted
from opencity_issues.actions.letters.mail_line import Fault, MailLine, ServerAway, fault_of, words_of
from opencity_issues.models import Citizen, Notice, OutboxPause
from opencity_issues.models.notice import NoticeQuerySet

logger = logging.getLogger(__name__)

BATCH = 20
TOGETHER_AT_MOST = 100
"""Rows of one reader that make one letter."""

LEASE = timedelta(minutes=3)
TRIES = 8
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 1440, 2560)]
"""Waits between the tries of a letter that the server will not take for now: eight tries within 72 hours."""

AFTER_A_BREAK = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)
BREAKS_AT_MOST = 3
"""So many letters in a row on which the line broke: the server is not well, and the others are spared."""

Clock = Callable[[], datetime]


class Outcome(StrEnum):
    """What became of one letter in one try."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    LINE_BROKE = "line_broke"


def send_waiting(now: datetime | None = None) -> int:
    """Send every letter that is due; returns how many went out. Several senders may run at once.

    None while the outbox is paused: after a restore the operator decides what becomes of what waits.
    """
    if OutboxPause.objects.exists():
        return 0
    clock: Clock = (lambda: now) if now is not None else timezone.now
    line, sent, breaks = MailLine(), 0, 0
    try:
        while letters := _lease(clock()):
            for place, rows in enumerate(letters):
                try:
                    line.ready()
                except ServerAway as away:
                    _release(letters[place:], str(away))
                    return sent
                outcome = _send(rows, line, clock)
                sent += outcome == Outcome.SENT
                breaks = breaks + 1 if outcome == Outcome.LINE_BROKE else 0
                if breaks == BREAKS_AT_MOST:
                    _release(letters[place + 1 :], "")
                    return sent
    finally:
        line.close()
    return sent


def _lease(now: datetime) -> list[list[Notice]]:
    """Take some due letters for a while: rows of one letter each, or all of a reader who wants them together."""
    with transaction.atomic():
        due = Notice.objects.waiting().filter(Q(leased_until=None) | Q(leased_until__lte=now), send_after__lte=now)
        singles = (
            due.filter(together=False)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        letters = [[pk] for pk in singles]
        if not letters and (reader := due.filter(together=True).order_by("send_after").values("user_id").first()):
            letters = [_together(reader["user_id"], due.filter(together=True))]
        leased = [pk for rows in letters for pk in rows]
        Notice.objects.filter(pk__in=leased).update(leased_until=now + LEASE)
    found = Notice.objects.select_related(
        "event__organisation", "organisation", "user", "city__city_settings", "report__organisation"
    ).select_related(
        "issue__city__city_settings",
        "issue__author",
        "issue__duplicate_of",
        "link__assignment__organisation",
        "follow__category",
        "follow__organisation",
    )
    by_key = found.in_bulk(leased)
    return [[by_key[pk] for pk in rows] for rows in letters if rows]


def _together(user_id: int, due: NoticeQuerySet) -> list[int]:
    """All rows of one reader; the lock on the reader keeps two senders from making two letters of them."""
    Citizen.objects.select_for_update().filter(user_id=user_id).first()
    # What was tried before stays one letter with its Message-ID; what has come since is another.
    found = due.filter(user_id=user_id).order_by("-attempts", "pk").values_list("pk", "attempts")
    rows = list(found[:TOGETHER_AT_MOST])
    return [pk for pk, attempts in rows if bool(attempts) == bool(rows[0][1])]


def _send(rows: Sequence[Notice], line: MailLine, clock: Clock) -> Outcome:
    """One try. It is counted before it is made, so that a letter that kills its worker ends too."""
    if not _begin(rows, clock()):
        return Outcome.NOT_SENT
    try:
        message = compose(rows)
    except Unwanted:
        _write(rows, unwanted_at=clock(), leased_until=None)
        return Outcome.NOT_SENT
    except NoAddress:
        _write(rows, failed_at=clock(), last_error="no address", leased_until=None)
        return Outcome.NOT_SENT
    except Exception as error:
        # One letter that cannot be made must not hold up the others.
        logger.exception("Letter %s could not be composed", rows[0].pk)
        _put_off(rows, Fault.FOR_NOW, type(error).__name__, clock())
        return Outcome.NOT_SENT
    try:
        line.carry(message)
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises, `fault_of` judges it
        fault, said = fault_of(error), words_of(error, message.to[0])
        logger.warning("Letter %s was not sent: %s", rows[0].pk, said)
        _put_off(rows, fault, said, clock())
        return Outcome.LINE_BROKE if fault == Fault.LINE else Outcome.NOT_SENT
    _write(rows, sent_at=clock(), leased_until=None, last_error="")
    return Outcome.SENT


def _begin(rows: Sequence[Notice], now: datetime) -> bool:
    """Renew the lease and count the try; False where another sender has the rows by now, or they were tried too often."""
    if rows[0].attempts >= TRIES:
        _write(rows, failed_at=now, last_error="the sending ended each time without an answer", leased_until=None)
        return False
    own = Notice.objects.waiting().filter(pk__in=[one.pk for one in rows], leased_until=rows[0].leased_until)
    return own.update(leased_until=now + LEASE, attempts=F("attempts") + 1) == len(rows)


def _put_off(rows: Sequence[Notice], fault: Fault, said: str, now: datetime) -> None:
    """Try the letter again later, or give it up. A broken line is not counted against the letter."""
    tries = rows[0].attempts + 1
    if fault == Fault.LINE:
        given_up = not rows[0].together and rows[0].created_at <= now - GIVE_UP_AFTER
        wait, tries = AFTER_A_BREAK, rows[0].attempts
    else:
        given_up = fault == Fault.FOR_GOOD or tries >= TRIES
        wait = BACKOFF[min(tries, len(BACKOFF)) - 1]
    _write(
        rows,
        attempts=tries,
        leased_until=None,
        last_error=said,
        failed_at=now if given_up else None,
        # What somebody only follows is no letter of the procedure: nobody has to tell it otherwise.
        handled_at=now if given_up and (rows[0].follow_id or composer_of(rows[0])) else None,
        send_after=now + wait,
    )


def _release(letters: Sequence[Sequence[Notice]], why: str) -> None:
    """Give back what was leased and not tried: it goes with the next run."""
    keys = [one.pk for rows in letters for one in rows]
    if why:
        logger.warning("The mail server is away (%s); %s letters or more wait", why, len(letters))
    Notice.objects.waiting().filter(pk__in=keys).update(leased_until=None)


def _write(rows: Sequence[Notice], **columns: object) -> None:
    Notice.objects.filter(pk__in=[one.pk for one in rows]).update(**columns)
