"""The line to the mail server: one connection for many letters, renewed when it breaks; and whose fault a failure is."""

import smtplib
from contextlib import suppress
from enum import StrEnum
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

LETTERS_A_CONNECTION = 100
"""Servers end a connection after some number of letters; we ask for a new one before."""

TOO_LARGE = 552


class ServerAway(Exception):
    """No connection: the server is down, does not answer, or does not let us in. No letter is to blame."""


class Fault(StrEnum):
    """What a failed sending says of the letter."""

    FOR_GOOD = "for_good"
    """The server refuses this letter or this address (5xx of RFC 5321, 4.2.1)."""
    FOR_NOW = "for_now"
    """It asks to try this letter later (4xx)."""
    LINE = "line"
    """The connection broke, timed out, or our own address was refused: the letter is not to blame."""


class MailLine:
    """Opened when the first letter goes. Close it at the end."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._carried = 0

    def ready(self) -> None:
        """Be connected, with a new connection where the old one broke or is old. Raises ServerAway."""
        if self._connection is not None and (self._carried >= LETTERS_A_CONNECTION or not self._lives()):
            self.close()
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                raise ServerAway(type(error).__name__) from error
            self._connection, self._carried = connection, 0

    def carry(self, message: EmailMultiAlternatives) -> None:
        """Hand one letter to the server; what it raises says `fault_of`. Call `ready` before."""
        message.connection = self._connection
        self._carried += 1
        try:
            message.send()
        except Exception as error:
            if fault_of(error) == Fault.LINE:
                self.close()
            raise

    def close(self) -> None:
        """Hang up; a broken connection is no error here."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()

    def _lives(self) -> bool:
        """Whether an SMTP connection still answers; other backends have none that could break."""
        server = getattr(self._connection, "connection", None)
        if not isinstance(server, smtplib.SMTP):
            return True
        try:
            return server.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False


def fault_of(error: Exception) -> Fault:
    """Whose fault a failure is, by what the server said."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _words in error.recipients.values()]
            refused = bool(codes) and all(code >= 500 for code in codes)
            return Fault.FOR_GOOD if refused else Fault.FOR_NOW
        case smtplib.SMTPSenderRefused():
            return Fault.FOR_GOOD if error.smtp_code == TOO_LARGE else Fault.LINE
        case smtplib.SMTPDataError():
            return Fault.FOR_GOOD if error.smtp_code >= 500 else Fault.FOR_NOW
        case smtplib.SMTPNotSupportedError() | ValueError():
            # No address in the sense of the protocol, one that this server cannot write to, or a header that Django refuses.
            return Fault.FOR_GOOD
        case smtplib.SMTPException() | OSError():
            return Fault.LINE
    return Fault.FOR_NOW


def words_of(error: Exception, address: str) -> str:
    """What the server said, without the address: only the operator sees people's addresses (2.6)."""
    said = f"{type(error).__name__}"
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
        case smtplib.SMTPResponseException():
            said = f"{error.smtp_code} {_text(error.smtp_error)}"
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            said = str(error) or said
    lower, wanted = said.lower(), address.lower()
    while wanted and (place := lower.find(wanted)) >= 0:
        said = f"{said[:place]}…{said[place + len(wanted) :]}"
        lower = said.lower()
    return said[:300]


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
