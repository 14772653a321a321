"""Letters of moderation: complaints (5.3), checks at the place (T10, T13, 4.7), reports of the same. One row a letter."""

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.procedure.letters.letter import Audience, Letter

_FOUND = _("The moderator has been at the place. What was found is below.")

OF_MODERATION: tuple[Letter, ...] = (
    Letter(
        "complaint",
        Audience.MODERATOR,
        EventKind.COMPLAINT,
        _("Complaint of %(organisation)s, issue No. %(number)s: %(title)s"),
        _("The responsible worker of %(organisation)s turns to the moderator. The words are below; please look at it."),
        "5.3",
    ),
    Letter(
        "complaint_handled",
        Audience.ORGANISATION,
        EventKind.COMPLAINT_HANDLED,
        _("The moderator's answer to your complaint, issue No. %(number)s: %(title)s"),
        _("The moderator has looked at the complaint of %(organisation)s and answers:"),
        "5.3",
    ),
    Letter(
        "checked",
        Audience.AUTHOR,
        EventKind.CHECKED,
        _("The moderator checked your issue No. %(number)s: %(title)s"),
        _FOUND,
        "3.2",
    ),
    Letter(
        "checked_control",
        Audience.CONTROL,
        EventKind.CHECKED,
        _("Checked at the place, issue No. %(number)s: %(title)s"),
        _FOUND,
        "3.2",
    ),
    Letter(
        "checked_notice",
        Audience.ORGANISATIONS,
        EventKind.CHECKED,
        _("Checked at the place, issue No. %(number)s: %(title)s"),
        _FOUND,
        "3.2",
    ),
    Letter(
        "merged",
        Audience.AUTHOR,
        EventKind.MERGED,
        _("Your issue No. %(number)s is joined with No. %(main)s: %(title)s"),
        _(
            "The same was reported before: the moderator joined your issue with No. %(main)s. You will be told what happens "
            "there, and have the author's rights: you can reply to questions, and open it again if it is not solved."
        ),
        "3.3",
    ),
    Letter(
        "merged_notice",
        Audience.ORGANISATIONS,
        EventKind.MERGED,
        _("Issue No. %(number)s is joined with No. %(main)s: %(title)s"),
        _(
            "The moderator joined this issue with No. %(main)s, which reports the same. Its deadlines are cancelled; the work "
            "goes on in issue No. %(main)s."
        ),
        "3.3",
    ),
    Letter(
        "duplicate_joined",
        Audience.ORGANISATIONS,
        EventKind.DUPLICATE_JOINED,
        _("One more report of issue No. %(number)s: %(title)s"),
        _("Another resident reported the same. The moderator joined the report with this issue."),
        "3.3",
    ),
    Letter(
        "initiative_to_accept",
        Audience.MODERATOR,
        EventKind.INITIATIVE_STARTED,
        _("Residents want to solve it themselves, issue No. %(number)s: %(title)s"),
        _(
            "Residents will meet on %(day)s to solve this issue. If it is open, please accept it as self-organisation (T3)."
        ),
        "3.2",
    ),
    Letter(
        "initiative_to_close",
        Audience.MODERATOR,
        EventKind.INITIATIVE_DONE,
        _("Residents have told the result, issue No. %(number)s: %(title)s"),
        _("Residents report that they have solved this issue themselves. Please look at it and close it (T7)."),
        "3.2",
    ),
)
