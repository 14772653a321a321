"""The working group meets at least monthly (decision, 2): its secretary is reminded when a month has no meeting."""

from datetime import date, datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from opencity_cms.models import MeetingPage, WorkingGroupPage

FROM_DAY = 10
"""Of the month, from which on a meeting should have been announced."""


def remind_secretaries(now: datetime | None = None) -> int:
    """One letter a month to each secretary whose group has no meeting in it; returns how many went out."""
    today = timezone.localdate(now or timezone.now())
    if today.day < FROM_DAY:
        return 0
    groups = WorkingGroupPage.objects.live().exclude(secretary_email="")
    return sum(_remind(group.pk, today.replace(day=1)) for group in groups)


def _remind(key: int, month: date) -> bool:
    """The mark and the letter stand or fall together: a letter that cannot be sent is tried again by the next run."""
    with transaction.atomic():
        group = WorkingGroupPage.objects.select_for_update(of=("self",)).get(pk=key)
        if group.reminded_for == month or _meets_in(group, month):
            return False
        WorkingGroupPage.objects.filter(pk=key).update(reminded_for=month)
        with translation.override(group.locale.language_code):
            EmailMessage(
                subject=_("No meeting of the working group in %(month)s yet") % {"month": _named(month)},
                body=_(
                    "No meeting of the working group is announced for %(month)s. It meets at least once a month "
                    "(decision, clause 2). Please announce one: %(url)s"
                )
                % {"month": _named(month), "url": group.full_url or group.title},
                to=[group.secretary_email],
            ).send()
    return True


def _meets_in(group: WorkingGroupPage, month: date) -> bool:
    zone = timezone.get_default_timezone()
    first = datetime(month.year, month.month, 1, tzinfo=zone)
    after = (month + timedelta(days=32)).replace(day=1)
    last = datetime(after.year, after.month, 1, tzinfo=zone)
    return MeetingPage.objects.child_of(group).live().filter(starts_at__gte=first, starts_at__lt=last).exists()


def _named(month: date) -> str:
    """With its year, as in a heading: inside a sentence the month would need a case of its own."""
    return str(formats.date_format(month, "F Y")).lower()
