"""Django's e-mail backend of the demonstration."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from opencity_site.demo_mail.models import DemoMessage


def html_part(message: EmailMessage) -> str:
    """The message's HTML alternative, or an empty string."""
    return next(
        (str(content) for content, mimetype in getattr(message, "alternatives", []) if mimetype == "text/html"), ""
    )


class EmailBackend(BaseEmailBackend):
    """Keeps messages in a table instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages and return how many they are."""
        for message in email_messages:
            message.message()  # as real sending does, this refuses line breaks in headers
        kept = DemoMessage.objects.bulk_create(
            DemoMessage(
                to=", ".join(message.recipients()),
                subject=message.subject,
                text=message.body,
                html=html_part(message),
            )
            for message in email_messages
            if message.recipients()
        )
        return len(kept)


def forget_letters_to(sender: Any, user: Any, **kwargs: Any) -> None:
    """Whoever erases the own account takes along the letters that this mailbox kept."""
    DemoMessage.objects.filter(to=user.email).delete()
