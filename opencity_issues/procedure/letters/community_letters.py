"""Letters to those who take part in a self-organisation (1.1): they belong to the meeting and to nobody's issue. One row a letter."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class CommunityLetter:
    """`subject` and `lead` are formatted with number, title, day and time of the meeting."""

    template: str
    subject: Promise | str
    lead: Promise | str
    with_calendar: bool = False
    """Whether the meeting goes along as a file for the reader's calendar."""
    with_contact: bool = True
    """Whether it says how the organiser is reached."""


COMMUNITY_LETTERS: tuple[CommunityLetter, ...] = (
    CommunityLetter(
        "initiative_changed",
        _("The meeting has changed: %(title)s"),
        _("Something about the meeting that you joined is different now. Here is how it stands."),
        with_calendar=True,
    ),
    CommunityLetter(
        "initiative_reminder",
        _("Tomorrow at %(time)s: %(title)s"),
        _("You joined this meeting. If you cannot come, please say so on its page, so that others know."),
        with_calendar=True,
    ),
    CommunityLetter(
        "initiative_cancelled",
        _("The meeting is called off: %(title)s"),
        _("The meeting that you joined is called off."),
        with_calendar=True,
    ),
    CommunityLetter(
        "initiative_hidden",
        _("The meeting is no longer on the site: %(title)s"),
        _("The moderator has taken the announcement of the meeting that you joined from the site."),
        with_contact=False,
    ),
    CommunityLetter(
        "initiative_done",
        _("Done together: %(title)s"),
        _("The organiser has told the result. Thank you for taking part!"),
        with_contact=False,
    ),
    CommunityLetter(
        "initiative_ask_result",
        _("How did it go? %(title)s"),
        _(
            "The meeting that you organised is over. Tell in a few words what was done and add a photo: the moderator then closes the issue."
        ),
        with_contact=False,
    ),
)

BY_TEMPLATE = {letter.template: letter for letter in COMMUNITY_LETTERS}
