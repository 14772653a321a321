"""A real mail server for one test: what arrives went over SMTP, envelope and all. It can be slow, refuse, and go away."""

import asyncio
import email
import email.policy
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class CaughtMail:
    """One message as it arrived: the envelope's recipients, and the parsed message."""

    recipients: list[str]
    message: EmailMessage
    raw: bytes = b""

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

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class SmtpCatcher:
    """Keeps what arrives, and misbehaves as it is told.

    `refusal` answers every message so instead, as "451 try later" or "550 no such user"; `refused` refuses addresses.
    `silent` holds addresses whose letters get no answer for so many seconds; `kept` is called after a letter is kept and
    before the client hears of it; `hangs_up` ends the next connection that asks for nothing; `connections` counts who said hello.
    """

    host: str = "127.0.0.1"
    port: int = 0
    refusal: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    silent: dict[str, float] = field(default_factory=dict)
    sender_refusal: str = ""
    hangs_up: bool = False
    kept: Callable[[CaughtMail], object] | None = None
    connections: int = 0
    mails: list[CaughtMail] = field(default_factory=list)
    controller: Controller | None = None

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Somebody has connected."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_NOOP(self, server: SMTP, _session: Session, _envelope: Envelope, _arg: str) -> str:  # noqa: N802
        """Still there, or not."""
        if self.hangs_up:
            self.hangs_up = False
            server.transport.close()
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, or refuse it."""
        if self.sender_refusal:
            return self.sender_refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take one recipient, or refuse it."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message, or refuse it."""
        for address in envelope.rcpt_tos:
            if address in self.silent:
                await asyncio.sleep(self.silent[address])
                return "451 too late"
        if self.refusal:
            return self.refusal
        message: Any = email.message_from_bytes(envelope.content, policy=email.policy.default)
        caught = CaughtMail(list(envelope.rcpt_tos), message, envelope.content)
        self.mails.append(caught)
        if self.kept is not None:
            self.kept(caught)
        return "250 kept"

    def to(self, address: str) -> list[CaughtMail]:
        """What arrived for an address, oldest first."""
        return [mail for mail in self.mails if address in mail.recipients]

    def up(self) -> None:
        """Listen, as at first or after `down`."""
        self.controller = Controller(self, hostname=self.host, port=self.port)
        self.controller.start()

    def down(self) -> None:
        """Go away: nobody can connect."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def smtp_catcher(settings):
    """A mail server that Django's own SMTP backend sends to for the length of the test."""
    catcher = SmtpCatcher(port=free_port())
    catcher.up()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = catcher.host, catcher.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield catcher
    catcher.down()
