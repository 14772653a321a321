"""What those are told who follow an issue, a category, an organisation or a place: one row a letter.

Public matters only. Comments are no letters: a lively talk would be a flood. Who follows more than the one issue hears
of what is new, what is solved and what was not (`broad`); the steps between are told to those who follow the issue.
"""

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.procedure.letters.letter import Audience, Letter

TO_FOLLOWERS: tuple[Letter, ...] = (
    Letter(
        "f_published",
        Audience.FOLLOWERS,
        EventKind.STATUS,
        _("New issue No. %(number)s: %(title)s"),
        _("A resident has reported a new issue."),
        "3.2",
        ("T1",),
        broad=True,
    ),
    Letter(
        "f_put_back",
        Audience.FOLLOWERS,
        EventKind.PUT_BACK,
        _("Published again, issue No. %(number)s: %(title)s"),
        _("The moderator published the issue again."),
        "5.1",
    ),
    Letter(
        "f_accepted",
        Audience.FOLLOWERS,
        EventKind.ACCEPTED,
        _("Accepted, issue No. %(number)s: %(title)s"),
        _("%(organisation)s accepted the issue."),
        "4.3",
    ),
    Letter(
        "f_accepted_whole",
        Audience.FOLLOWERS,
        EventKind.STATUS,
        _("Accepted, issue No. %(number)s: %(title)s"),
        _("The issue is now accepted."),
        "3.2",
        ("T3", "T4"),
    ),
    Letter(
        "f_answer",
        Audience.FOLLOWERS,
        EventKind.ANSWER,
        _("An answer, issue No. %(number)s: %(title)s"),
        _("%(organisation)s gave an answer."),
        "4.4",
    ),
    Letter(
        "f_closed",
        Audience.FOLLOWERS,
        EventKind.STATUS,
        _("Solved, issue No. %(number)s: %(title)s"),
        _("The issue is closed as solved. If you see that it is not, tell the moderator on its page."),
        "3.2",
        ("T5", "T6", "T7", "T11", "T12", "T13"),
        broad=True,
    ),
    Letter(
        "f_archived",
        Audience.FOLLOWERS,
        EventKind.STATUS,
        _("Archived, issue No. %(number)s: %(title)s"),
        _("20 days have passed since the issue was closed."),
        "4.6",
        ("T8",),
    ),
    Letter(
        "f_reopened",
        Audience.FOLLOWERS,
        EventKind.STATUS,
        _("Open again, issue No. %(number)s: %(title)s"),
        _("It was not solved: the organisations work on the issue again."),
        "4.7",
        ("T9", "T10", "T14"),
        broad=True,
    ),
    Letter(
        "f_joined",
        Audience.FOLLOWERS,
        EventKind.DUPLICATE_JOINED,
        _("Reported again, issue No. %(number)s: %(title)s"),
        _("Another report of the same was joined with this issue. Who followed that one follows this one now."),
        "3.3",
    ),
    Letter(
        "f_initiative",
        Audience.FOLLOWERS,
        EventKind.INITIATIVE_STARTED,
        _("Residents solve it themselves, issue No. %(number)s: %(title)s"),
        _("Residents want to solve this themselves, and everybody can join in. Day, place and tasks are on the page."),
        "1.1",
    ),
    Letter(
        "f_initiative_done",
        Audience.FOLLOWERS,
        EventKind.INITIATIVE_DONE,
        _("What residents have done, issue No. %(number)s: %(title)s"),
        _("Residents tell what they have done about it."),
        "1.1",
    ),
    Letter(
        "f_project",
        Audience.FOLLOWERS,
        EventKind.PROJECT_DECLARED,
        _("Taken up in a project, issue No. %(number)s: %(title)s"),
        _("%(organisation)s takes the issue up in a project for the community."),
        "1.1",
    ),
    Letter(
        "f_project_done",
        Audience.FOLLOWERS,
        EventKind.PROJECT_DONE,
        _("Result of a project, issue No. %(number)s: %(title)s"),
        _("%(organisation)s tells what came of its project."),
        "1.1",
    ),
)


def letter_to_followers(kind: str, transition: str) -> Letter | None:
    """The letter that followers get about an event of this kind, if any."""
    return next(
        (
            letter
            for letter in TO_FOLLOWERS
            if letter.kind == kind and (not letter.transitions or transition in letter.transitions)
        ),
        None,
    )
