"""Letters of other apps that leave through the outbox: with its leases, tries, pause after a restore, and one Message-ID.

An app registers who composes a template of its own when it starts (`AppConfig.ready`), and writes rows of `Notice` with
that template, a `city`, a `recipient` of its own and a `key`. What such a letter tells is no word of the procedure: one
that cannot be delivered is given up, and waits on nobody's desk.
"""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from opencity_issues.models import Notice

Compose = Callable[[Notice], EmailMultiAlternatives]
"""Makes the message of a row. It may raise `letter_readers.Unwanted`: the letter is put aside."""

_COMPOSERS: dict[str, Compose] = {}


def register(template: str, compose: Compose) -> None:
    """Let `compose` make the letters of a template (`Notice.template`)."""
    _COMPOSERS[template] = compose


def composer_of(notice: Notice) -> Compose | None:
    """Who makes this row's letter, where another app does."""
    return _COMPOSERS.get(notice.template)
