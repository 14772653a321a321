"""Letters to those who take part in a self-organisation are written into the outbox here, and composed when it is emptied.

They have no event: a notice's key names the initiative ("initiative:5:202611240800"), and is unique for each reader and
template. They hold what the public sees of the issue and no more, for residents read them; beside it, to who joined,
how the organiser is reached.
"""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from opencity_issues.actions.letters.calendar_entry import CalendarEntry, calendar_file
from opencity_issues.actions.letters.consultation_letters import notify
from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.models import Initiative, Notice
from opencity_issues.procedure.letters.community_letters import BY_TEMPLATE


def tell_participants(
    initiative: Initiative,
    template: str,
    now: datetime,
    *,
    key: str = "",
    but: int | None = None,
    user_ids: Iterable[int] | None = None,
) -> None:
    """Write a letter to everybody who takes part, or to `user_ids`, in the transaction of what they are told; `but` knows it."""
    if user_ids is None:
        user_ids = initiative.participants.values_list("user_id", flat=True)
    readers = [pk for pk in user_ids if pk != but]
    notify(initiative.issue.city, template, key or key_of(initiative, now), now, user_ids=readers)


def key_of(initiative: Initiative, moment: datetime) -> str:
    """The key of a letter about it as of a moment."""
    return f"initiative:{initiative.pk}:{moment:%Y%m%d%H%M%S%f}"


def is_of_community(notice: Notice) -> bool:
    """Whether a notice's letter is composed here."""
    return notice.template in BY_TEMPLATE


def compose_community(notice: Notice, address: str, language: str) -> EmailMultiAlternatives | None:
    """The letter in its reader's language; None where there is nothing to tell this reader any more."""
    initiative, city = _about(notice), notice.city
    if initiative is None or city is None or not initiative.participants.filter(user_id=notice.user_id).exists():
        return None
    if initiative.hidden_at is not None and notice.template != "initiative_hidden":
        return None
    letter = BY_TEMPLATE[notice.template]
    envelope = Envelope(city, address, language, notice.message_id, f"initiative-{initiative.pk}")
    with translation.override(language), timezone.override(city.config.zone):
        begins = timezone.localtime(initiative.starts_at)
        words = {
            "number": initiative.issue.number,
            "title": initiative.issue.title,
            "day": formats.date_format(begins, "l, j E Y"),
            "time": formats.date_format(begins, "H:i"),
        }
        context: dict[str, Any] = {
            "letter": letter,
            "lead": str(letter.lead) % words,
            "initiative": initiative,
            "issue": initiative.issue,
            "when": _("%(day)s, %(time)s") % words,
            "result": initiative.result if initiative.result and initiative.result.hidden_at is None else None,
            "contact": initiative.contact if letter.with_contact else "",
            "action_url": absolute(city, initiative.get_absolute_url()),
        }
        message = fill(envelope, str(letter.subject) % words, "initiative", context)
        if letter.with_calendar:
            domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
            message.attach("meeting.ics", meeting_file(initiative, domain, context["action_url"]), "text/calendar")
    return message


def meeting_file(initiative: Initiative, domain: str, url: str, now: datetime | None = None) -> str:
    """The meeting for a calendar program: what the public sees of it."""
    entry = CalendarEntry(
        uid=f"initiative-{initiative.pk}@{domain}",
        starts_at=initiative.starts_at,
        ends_at=initiative.ends_at,
        summary=f"{initiative.issue.title} (№ {initiative.issue.number})",
        location=initiative.place,
        description=initiative.text,
        url=url,
        is_cancelled=initiative.ended_at is not None and initiative.result_id is None,
    )
    return calendar_file(entry, now)


def _about(notice: Notice) -> Initiative | None:
    number: Any = notice.key.split(":")[1] if notice.key.count(":") >= 2 else ""
    if not number.isdecimal():
        return None
    found = Initiative.objects.select_related("issue__city__city_settings", "result")
    return found.filter(pk=int(number)).first()
