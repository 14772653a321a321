"""What a row of the table of letters says (`procedure/letters/notices.py`)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from opencity_issues.enums import EventKind


class Audience(StrEnum):
    ORGANISATION = "organisation"
    """The event's own organisation, at its mailbox."""
    ORGANISATIONS = "organisations"
    """Every organisation whose assignment is active, the event's own aside."""
    HEAD = "head"
    """The head of the event's organisation, where an address is known (4.2, 4.5)."""
    WORKERS = "workers"
    """The responsible worker of the event's organisation, at his or her own address: the deputy while absent, all who are
    present where nobody is named, the mailbox where nobody is present (4.3)."""
    EXECUTOR = "executor"
    """Who has the private link that the event's data names by its key `link` (4.5)."""
    CONTROL = "control"
    """The control department's mailbox."""
    MODERATOR = "moderator"
    """The mailbox of each moderating organisation."""
    AUTHOR = "author"
    """The issue's author, unless the deed was the author's own."""
    FOLLOWERS = "followers"
    """Who follows the issue, its category, its organisation or the place around it (`letters_to_followers.py`)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`subject` and `lead` are formatted with number, title, organisation and the words and numbers of the event's data;
    the body always holds the whole issue (3.4). `kind` of None: a letter that no event sends.
    """

    template: str
    audience: Audience
    kind: EventKind | None
    subject: Promise | str
    lead: Promise | str
    clause: str
    transitions: tuple[str, ...] = ()
    to_doer: bool = False
    """Whether the author gets it about a deed of his or her own as well."""
    missed: tuple[str, ...] = ()
    """Of a missed deadline: the clauses that send it; empty means every one."""

    broad: bool = False
    """Of letters to followers: whether those hear it too who follow more than the one issue."""

    @property
    def may_be_stopped(self) -> bool:
        """Citizens choose whether and when letters come; who works with the System gets them by the procedure (3.4, 4.1)."""
        return self.audience in (Audience.AUTHOR, Audience.FOLLOWERS)

    @property
    def is_to_followers(self) -> bool:
        """Whether its reader asked for it by following something, and ends it by no longer following."""
        return self.audience == Audience.FOLLOWERS
