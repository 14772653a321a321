"""Letters of consultation (5.5, 5.6) are written into the outbox here, and composed when it is emptied.

They have no event: a notice's key names what it is about ("seminar:5:202611240800"), and is unique for each reader and template.
"""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from opencity_issues.actions.consultation.calendar_file import seminar_file
from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.models import Consultation, ConsultationPlan, IssueIndexPage, Notice, Organisation, Seminar
from opencity_issues.procedure.letters.consultation_letters import BY_TEMPLATE, PLAN, QUESTION, SEMINAR


def notify(
    city: IssueIndexPage,
    template: str,
    key: str,
    now: datetime,
    *,
    organisations: Iterable[Organisation] = (),
    user_ids: Iterable[int] = (),
) -> None:
    """Write a letter to each mailbox and person, once for each key, in the transaction of what they are told of."""
    common: dict[str, Any] = {
        "city": city,
        "template": template,
        "key": key,
        "created_at": now,
        "send_after": now,
    }
    notices = [Notice(recipient=f"organisation:{one.pk}", organisation=one, **common) for one in organisations]
    notices += [Notice(recipient=f"user:{pk}", user_id=pk, **common) for pk in user_ids]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        transaction.on_commit(ring_doorbell, robust=True)


def is_of_consultation(notice: Notice) -> bool:
    """Whether a notice's letter is composed here."""
    return notice.template in BY_TEMPLATE


def compose_consultation(notice: Notice, address: str, language: str) -> EmailMultiAlternatives | None:
    """The letter in its reader's language; None where what it is about is gone."""
    about, city = _about(notice), notice.city
    if about is None or city is None:
        return None
    letter = BY_TEMPLATE[notice.template]
    thread = "-".join(notice.key.split(":")[:2])
    envelope = Envelope(city, address, language, notice.message_id, thread)
    with translation.override(language), timezone.override(city.config.zone):
        words = _words(about)
        context = {
            "letter": letter,
            "lead": str(letter.lead) % words,
            "about": about,
            "period": words["period"],
            "when": words["when"],
            "action_url": absolute(city, _path(notice, about)),
        }
        message = fill(envelope, str(letter.subject) % words, "consultation", context)
    if letter.with_calendar and isinstance(about, Seminar):
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        message.attach("seminar.ics", seminar_file(about, domain), "text/calendar")
    return message


def _about(notice: Notice) -> Consultation | ConsultationPlan | Seminar | None:
    kind, _colon, rest = notice.key.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal() or kind != BY_TEMPLATE[notice.template].about:
        return None
    readers: dict[str, QuerySet[Any]] = {
        QUESTION: Consultation.objects.select_related("organisation", "issue"),
        PLAN: ConsultationPlan.objects.prefetch_related("items"),
        SEMINAR: Seminar.objects.select_related("held_by"),
    }
    return readers[kind].filter(pk=int(number)).first()


def _words(about: Consultation | ConsultationPlan | Seminar) -> dict[str, str]:
    words = dict.fromkeys(("organisation", "title", "day", "time", "period", "when"), "")
    match about:
        case Consultation():
            words["organisation"] = about.organisation.name
        case ConsultationPlan():
            first, last = (formats.date_format(day, "j E Y") for day in (about.first_day, about.last_day))
            words["period"] = f"{first} – {last}"
        case Seminar():
            begins, ends = timezone.localtime(about.starts_at), timezone.localtime(about.ends_at)
            words |= {
                "title": about.title,
                "day": formats.date_format(begins, "j E"),
                "time": formats.date_format(begins, "H:i"),
                "when": _("%(day)s, %(begins)s–%(ends)s")
                % {
                    "day": formats.date_format(begins, "l, j E Y"),
                    "begins": formats.date_format(begins, "H:i"),
                    "ends": formats.date_format(ends, "H:i"),
                },
            }
    return words


def _path(notice: Notice, about: Consultation | ConsultationPlan | Seminar) -> str:
    """Where in the reader's cabinet it is dealt with; a person's cabinet is that of the organisation he or she signed up for."""
    organisation = notice.organisation
    if organisation is None and isinstance(about, Seminar):
        row = about.attendance.filter(user_id=notice.user_id).select_related("organisation").first()
        organisation = row.organisation if row else None
    if organisation is None:
        return reverse("opencity_issues:map")
    match about:
        case ConsultationPlan():
            return reverse("opencity_issues:consultation_plan", args=[organisation.slug, about.pk])
        case Seminar():
            return reverse("opencity_issues:seminar", args=[organisation.slug, about.pk])
    return f"{reverse('opencity_issues:consultation', args=[organisation.slug])}#question-{about.pk}"
