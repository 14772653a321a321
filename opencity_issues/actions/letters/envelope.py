"""The outside of a letter: sender, address for replies, thread, the way to stop it; its text and HTML from two templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from opencity_issues.models import IssueIndexPage

SUBJECT_LENGTH = 200
GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Envelope:
    """`thread` groups letters in a mail program ("issue-12"); `stop_url` is where the reader chooses letters, if he or she may."""

    city: IssueIndexPage
    address: str
    language: str
    message_id: str
    thread: str = ""
    stop_url: str = ""
    why: str = ""
    """Why the reader gets it, in words; empty for a letter that the procedure provides for."""


def fill(envelope: Envelope, subject: str, template: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """A message of `mail/<template>.txt` and `.html`. Call it with the reader's language active."""
    config = envelope.city.config
    subject = one_line(subject)
    words = {
        "city": config,
        "language": envelope.language,
        "subject": subject,
        "support": config.support_email,
        "stop_url": envelope.stop_url,
        "why": envelope.why,
        **context,
    }
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = sender.rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject,
        GAPS.sub("\n\n", render_to_string(f"opencity_issues/mail/{template}.txt", words)).strip() + "\n",
        formataddr((one_line(config.city_name), sender)),
        [envelope.address],
        reply_to=[config.support_email] if config.support_email else None,
        headers=_headers(envelope, domain),
    )
    message.attach_alternative(render_to_string(f"opencity_issues/mail/{template}.html", words), "text/html")
    return message


def absolute(city: IssueIndexPage, path: str) -> str:
    """The address of a page of the city's site, as letters name it."""
    return f"{city.base_url}{path}"


def one_line(words: str) -> str:
    """Without line breaks and signs that cannot be seen: what citizens write can neither add a header nor turn a line round."""
    plain = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(plain.split())[:SUBJECT_LENGTH]


def _headers(envelope: Envelope, domain: str) -> dict[str, str]:
    headers = {"Message-ID": f"<{envelope.message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if envelope.thread:
        headers["References"] = headers["In-Reply-To"] = f"<{envelope.thread}@{domain}>"
    if envelope.stop_url:
        # One click in the mail program is enough (RFC 8058); a visit alone changes nothing.
        headers["List-Unsubscribe"] = f"<{envelope.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
