"""A real mail server for one test: what arrives went over SMTP, envelope and all."""

import email
import email.policy
import socket
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class CaughtMail:
    """One message as it arrived: the envelope's recipients, and the parsed message."""

    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text part."""
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        """The HTML part."""
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""


@dataclass
class SmtpCatcher:
    """Keeps what arrives. `refusal` makes it answer so instead, as "451 try later" or "550 no such user"."""

    host: str = "127.0.0.1"
    port: int = 0
    refusal: str = ""
    mails: list[CaughtMail] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message, or refuse it."""
        if self.refusal:
            return self.refusal
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(CaughtMail(list(envelope.rcpt_tos), message))
        return "250 kept"

    def to(self, address: str) -> list[CaughtMail]:
        """What arrived for an address, oldest first."""
        return [mail for mail in self.mails if address in mail.recipients]


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def smtp_catcher(settings):
    """A mail server that Django's own SMTP backend sends to for the length of the test."""
    catcher = SmtpCatcher(port=free_port())
    controller = Controller(catcher, hostname=catcher.host, port=catcher.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = catcher.host, catcher.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield catcher
    controller.stop()
