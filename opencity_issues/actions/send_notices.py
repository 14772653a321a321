"""The outbox is emptied here: rows are leased, rendered, sent, tried again, and given up after eight tries (3.4).

A worker killed after the server took a letter sends it again with the same Message-ID when the lease ends; one killed
before sends it then for the first time. Nothing is lost, and nothing depends on the queue.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from opencity_issues import conf
from opencity_issues.models import Citizen, Contribution, IssuePage, Notice, Organisation
from opencity_issues.procedure.moderation import GROUNDS, Ground
from opencity_issues.procedure.notices import BY_TEMPLATE

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=3)
TRIES = 8
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]


def send_waiting(now: datetime | None = None) -> int:
    """Send every letter that is due; returns how many went out. Several senders may run at once."""
    sent = 0
    while batch := _lease(now or timezone.now()):
        for notice in batch:
            sent += _send(notice)
    return sent


def _lease(now: datetime) -> list[Notice]:
    """Take some due rows for a while, counting the attempt before it is made (a letter that kills its worker ends too)."""
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        due = list(
            Notice.objects.waiting()
            .filter(free, send_after__lte=now)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        Notice.objects.filter(pk__in=due).update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    return list(
        Notice.objects.filter(pk__in=due)
        .order_by("pk")
        .select_related("event__organisation", "organisation", "user", "issue__city__city_settings")
    )


def _send(notice: Notice) -> bool:
    try:
        message = compose(notice)
        if message is None:
            Notice.objects.filter(pk=notice.pk).update(
                failed_at=timezone.now(), last_error="no address", leased_until=None
            )
            return False
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _put_off(notice, error, for_good=_is_permanent(error))
        return False
    except Exception as error:
        logger.warning("Letter %s could not be sent", notice.pk, exc_info=True)
        _put_off(notice, error, for_good=False)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), leased_until=None, last_error="")
    return True


def _is_permanent(error: Exception) -> bool:
    """5xx: the server refuses for good (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _put_off(notice: Notice, error: Exception, *, for_good: bool) -> None:
    now = timezone.now()
    given_up = for_good or notice.attempts >= TRIES
    Notice.objects.filter(pk=notice.pk).update(
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:300],
        failed_at=now if given_up else None,
        send_after=now + BACKOFF[min(notice.attempts, len(BACKOFF)) - 1],
    )


def compose(notice: Notice) -> EmailMultiAlternatives | None:
    """The letter of a notice in its reader's language, with all that the issue says and its link (3.4); None without address."""
    address, language = _address(notice)
    if not address or notice.issue is None:
        return None
    issue, event = notice.issue, notice.event
    letter = BY_TEMPLATE[notice.template]
    with translation.override(language):
        words = {
            "number": issue.number,
            "title": issue.title,
            "organisation": event.organisation.name if event and event.organisation else _("The control body"),
        }
        context = {
            "issue": issue,
            "event": event,
            "letter": letter,
            "lead": str(letter.lead) % words,
            "link": _link(issue),
            "to_staff": notice.user_id is None,
            "language": language,
            "categories": list(issue.categories.all()),
            "city": issue.city.config,
            "assignments": list(issue.assignments.select_related("organisation")),
            "deadlines": _deadlines(notice),
            "author_name": _author_name(notice),
            "ground": _ground(issue),
            "contribution": _contribution(notice) if event and event.contribution_id else None,
            "photos": [_absolute(issue, media.url("large")) for media in issue.media.filter(hidden_at=None)]
            if issue.is_published
            else [],
        }
        subject = " ".join((str(letter.subject) % words).split())
        text = render_to_string("opencity_issues/mail/letter.txt", context)
        html = render_to_string("opencity_issues/mail/letter.html", context)
        sender = formataddr((issue.city.config.city_name, settings.DEFAULT_FROM_EMAIL))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    thread = f"<issue-{issue.number}@{domain}>"
    message = EmailMultiAlternatives(
        subject,
        text,
        sender,
        [address],
        connection=get_connection(),
        reply_to=[issue.city.config.support_email] if issue.city.config.support_email else None,
        headers={
            "Message-ID": f"<{notice.message_id}@{domain}>",
            "References": thread,
            "In-Reply-To": thread,
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _address(notice: Notice) -> tuple[str, str]:
    """(address, language) as they are now."""
    if notice.user is not None:
        citizen = Citizen.objects.filter(user=notice.user).first()
        return (
            notice.user.email if notice.user.is_active else "",
            citizen.language if citizen else settings.LANGUAGE_CODE,
        )
    if notice.organisation is not None:
        return notice.organisation.mailbox, notice.organisation.language
    if notice.recipient.startswith("control:") and notice.issue is not None:
        city = notice.issue.city
        body = Organisation.objects.active().filter(city=city, is_control_body=True).exclude(mailbox="").first()
        return city.config.control_mailbox or (
            body.mailbox if body else ""
        ), body.language if body else settings.LANGUAGE_CODE
    return "", settings.LANGUAGE_CODE


def _contribution(notice: Notice) -> Any:
    return (
        Contribution.objects.filter(pk=notice.event.contribution_id, hidden_at=None).first() if notice.event else None
    )


def _deadlines(notice: Notice) -> list[Any]:
    """The addressed organisation's own running deadlines; none in a letter to a citizen."""
    if notice.organisation is None or notice.issue is None:
        return []
    return list(notice.issue.deadlines.running().filter(assignment__organisation=notice.organisation))


def _author_name(notice: Notice) -> str:
    """The assigned organisations and the control body see the author's name (2.6); others only where it is public."""
    issue = notice.issue
    if issue is None or issue.author is None:
        return ""
    return issue.public_author_name if notice.user_id else issue.author.get_full_name()


def _ground(issue: IssuePage) -> str:
    known = {ground.value for ground in Ground}
    return str(GROUNDS[Ground(issue.refusal_ground)].words) if issue.refusal_ground in known else ""


def _link(issue: IssuePage) -> str:
    return _absolute(issue, issue.get_absolute_url())


def _absolute(issue: IssuePage, path: str) -> str:
    site = issue.city.get_site()
    return f"{conf.get('OPENCITY_BASE_URL') or (site.root_url if site else '')}{path}"
