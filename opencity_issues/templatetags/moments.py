"""Moments in words, with the exact one at hand: relative time for reading, a title and `datetime` for exactness."""

from datetime import date, datetime, time, timedelta

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NEAR = timedelta(days=14)
"""How far from now a moment is told relatively; farther away the date itself is plainer."""


def _exact(moment: datetime) -> str:
    """`12 November 2026, 14:05` in the site's time zone and the reader's language."""
    local = timezone.localtime(moment)
    return formats.date_format(local, "j E Y, H:i")


def _plain_date(moment: datetime | date) -> str:
    """The day, with its year only when it is not this one."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    # `E` is the month as it stands in a date (uk: «листопада»); Django's own formats give the nominative with a day.
    return formats.date_format(local, "j E" if local.year == timezone.localdate().year else "j E Y")


def _days_apart(moment: datetime, now: datetime) -> int:
    """Calendar days from now to the moment in the site's time zone."""
    return (timezone.localdate(moment) - timezone.localdate(now)).days


def _aware(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _time(moment: datetime, words: str, css: str = "") -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        moment.isoformat(),
        _exact(moment),
        format_html(' class="{}"', css) if css else "",
        words,
    )


def _duration_ago(moment: datetime, now: datetime) -> str:
    passed = now - moment
    minutes, hours = passed // timedelta(minutes=1), passed // timedelta(hours=1)
    days = -_days_apart(moment, now)
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if days == 0:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if days == 1:
        return _("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}


def ago(moment: datetime | None) -> SafeString | str:
    """When something happened: `5 minutes ago`, `yesterday`, `12 November`. Empty for None."""
    if not moment:
        return ""
    moment, now = _aware(moment), timezone.now()
    if moment > now + timedelta(minutes=1):
        return until(moment)
    near = now - moment < NEAR
    return _time(moment, _duration_ago(moment, now) if near else _plain_date(moment))


def until(moment: datetime | None) -> SafeString | str:
    """When something is due: `today by 18:00`, `in 3 days`, `by 5 December`, `overdue by 2 days`. Empty for None.

    A term that runs out at midnight belongs to the day that ends then: `today`, not `tomorrow by 00:00`.
    """
    if not moment:
        return ""
    moment, now = _aware(moment), timezone.now()
    late = moment < now
    by_clock = timezone.localtime(moment).time() != time.min
    if not by_clock:
        moment -= timedelta(minutes=1)
    days = _days_apart(moment, now)
    if late:
        words = ngettext("overdue by %(count)d day", "overdue by %(count)d days", -days) % {"count": -days}
        return _time(moment, words if days else _("overdue since today"), "late")
    return _time(moment, _ahead(moment, days, by_clock))


def _ahead(moment: datetime, days: int, by_clock: bool) -> str:
    """Words for a term that still runs; `by_clock` where it ends within the day and not with it."""
    clock = {"time": formats.date_format(timezone.localtime(moment), "H:i")}
    if days == 0:
        return _("today by %(time)s") % clock if by_clock else _("by the end of today")
    if days == 1:
        return _("tomorrow by %(time)s") % clock if by_clock else _("by the end of tomorrow")
    if days <= NEAR.days:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return _("by %(date)s") % {"date": _plain_date(moment)}


def day(moment: datetime | date | None) -> SafeString | str:
    """The plain date, `12 November` (with the year when it is another), the exact moment in its title."""
    if not moment:
        return ""
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _plain_date(moment))
    return _time(_aware(moment), _plain_date(_aware(moment)))
