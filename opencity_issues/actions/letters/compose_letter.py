"""A letter from its row in the outbox: in its reader's language, with all that the issue says and its link (3.4)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_issues.actions.letters.choose_letters import token_of
from opencity_issues.actions.letters.community_letters import compose_community, is_of_community
from opencity_issues.actions.letters.compose_digest import compose_digest
from opencity_issues.actions.letters.consultation_letters import compose_consultation, is_of_consultation
from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.actions.letters.host_letters import composer_of
from opencity_issues.actions.letters.letter_content import issue_content
from opencity_issues.actions.letters.letter_readers import (
    Reader,
    Unwanted,
    city_of,
    is_to_followers,
    is_wanted,
    may_be_stopped,
    reader_of,
)
from opencity_issues.actions.letters.stop_link import stop_token
from opencity_issues.models import Notice, Report
from opencity_issues.procedure.letters.notices import BY_TEMPLATE
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.follows import follow_name

NAMED_AT_MOST = 5
"""Of what is followed, at the foot of a letter."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def compose(notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The one letter of these rows: one row, or several of a citizen who wants them together.

    Raises Unwanted where nothing is to be said to anybody any more, NoAddress where the address is not known.
    """
    # Of what was to come together, some may have been overtaken: the rest goes without it.
    notices = [one for one in notices if is_wanted(one)]
    if not notices:
        raise Unwanted
    notice = notices[0]
    if compose_own := composer_of(notice):
        return compose_own(notice)
    reader, city = reader_of(notice), city_of(notice)
    if is_of_consultation(notice):
        message = compose_consultation(notice, reader.address, reader.language)
        if message is None:
            raise Unwanted
        return message
    if is_of_community(notice):
        message = compose_community(notice, reader.address, reader.language)
        if message is None:
            raise Unwanted
        return message
    with translation.override(reader.language), timezone.override(city.config.zone):
        envelope = Envelope(
            city,
            reader.address,
            reader.language,
            _message_id(notices),
            _thread(notices),
            *_way_to_stop(notices, reader),
        )
        if len(notices) > 1:
            return _together(notices, reader, envelope)
        if notice.report is not None:
            return _report(notice, notice.report, reader, envelope)
        if notice.template == "digest":
            return compose_digest(notice, envelope)
        return _about_issue(notice, reader, envelope)


def _about_issue(notice: Notice, reader: Reader, envelope: Envelope) -> EmailMultiAlternatives:
    subject, lead = _words(notice)
    context = {"letter": BY_TEMPLATE[notice.template], "lead": lead, **issue_content(notice, reader)}
    return fill(envelope, subject, "letter", context)


def _together(notices: Sequence[Notice], reader: Reader, envelope: Envelope) -> EmailMultiAlternatives:
    """Everything that happened since the last letter, by issue and in its order."""
    by_issue: dict[int | None, list[Notice]] = {}
    # One's own issues come first.
    for notice in sorted(notices, key=is_to_followers):
        by_issue.setdefault(notice.issue_id, []).append(notice)
    parts = [
        {
            **issue_content(of_one[0], reader),
            "news": [
                {
                    "lead": _words(one)[1],
                    "moment": one.event.at if one.event else one.created_at,
                    **issue_content(one, reader),
                }
                for one in of_one
            ],
        }
        for of_one in by_issue.values()
    ]
    return fill(envelope, _subject_together(notices), "together", {"parts": parts})


def _subject_together(notices: Sequence[Notice]) -> str:
    count = len(notices)
    followed = sum(is_to_followers(one) for one in notices)
    if not followed:
        words = ngettext(
            "What happened to your issue: %(count)d message", "What happened to your issues: %(count)d messages", count
        )
    elif followed == count:
        words = ngettext(
            "News of what you follow: %(count)d message", "News of what you follow: %(count)d messages", count
        )
    else:
        words = ngettext(
            "News of your issues and of what you follow: %(count)d message",
            "News of your issues and of what you follow: %(count)d messages",
            count,
        )
    return words % {"count": count}


def _report(notice: Notice, report: Report, reader: Reader, envelope: Envelope) -> EmailMultiAlternatives:
    # They draw a document: only a report's letter loads them.
    from opencity_issues.actions.reports.report_files import attachments
    from opencity_issues.queries.reports.paper import month_or_days

    values = {
        "kind": report.get_kind_display(),
        "period": month_or_days(Period(report.first_day, report.last_day)),
        "organisation": report.organisation.name,
    }
    letter = BY_TEMPLATE[notice.template]
    context = {
        "letter": letter,
        "report": report,
        "lead": str(letter.lead) % values,
        "heading": f"{values['kind']}, {values['period']}",
        "action_url": absolute(envelope.city, reverse("opencity_issues:report_page", args=[reader.cabinet, report.pk]))
        if reader.cabinet
        else "",
    }
    message = fill(envelope, str(letter.subject) % values, "report", context)
    for name, content, kind in attachments(report) if report.is_frozen else ():
        message.attach(name, content, kind)
    return message


def _words(notice: Notice) -> tuple[str, str]:
    """Subject and first sentence, with the numbers and words of the event's data filled in. Raises Unwanted without an issue."""
    issue, event = notice.issue, notice.event
    letter = BY_TEMPLATE.get(notice.template)
    if issue is None or letter is None:
        raise Unwanted
    organisation = event.organisation if event and event.organisation else notice.organisation
    values = {
        **_said(event.data if event else {}),
        "number": issue.number,
        "title": issue.title,
        "organisation": organisation.name if organisation else _("The control body"),
    }
    return str(letter.subject) % values, str(letter.lead) % values


def _said(data: Mapping[str, Any]) -> dict[str, str | int]:
    """Words and numbers of an event; a day as people write it."""
    said = {key: value for key, value in data.items() if isinstance(value, str | int)}
    for key, value in said.items():
        if isinstance(value, str) and DAY.fullmatch(value):
            said[key] = formats.date_format(date.fromisoformat(value), "j E Y")
    return said


def _way_to_stop(notices: Sequence[Notice], reader: Reader) -> tuple[str, str]:
    """The address where the reader chooses or stops these letters, and why they come; empty where they cannot be stopped."""
    notice = notices[0]
    if reader.user_id is None or not may_be_stopped(notice):
        return "", ""
    followed = {one.follow.pk: one.follow for one in notices if is_to_followers(one) and one.follow is not None}
    if not followed:
        path = reverse("opencity_issues:letters", args=[token_of(reader.user_id)])
        return absolute(city_of(notice), path), _("You get this letter because you reported an issue.")
    own = len(notices) > sum(is_to_followers(one) for one in notices)
    token = stop_token(reader.user_id, list(followed), own=own)
    names = ", ".join(follow_name(one) for one in list(followed.values())[:NAMED_AT_MOST])
    why = (
        _("You get this letter because you reported issues and follow: %(names)s.")
        if own
        else _("You get this letter because you follow: %(names)s.")
    )
    return absolute(city_of(notice), reverse("opencity_issues:stop_following", args=[token])), why % {"names": names}


def _thread(notices: Sequence[Notice]) -> str:
    issue = notices[0].issue
    return f"issue-{issue.number}" if len(notices) == 1 and issue is not None else ""


def _message_id(notices: Sequence[Notice]) -> str:
    """The same for the same rows, so that a letter sent twice after a crash is one to the reader's mail program."""
    if len(notices) == 1:
        return notices[0].message_id
    return sha256("".join(sorted(one.message_id for one in notices)).encode()).hexdigest()[:32]
