"""Who is told what when something happens to an issue (3.4, 4.2–4.7, 5.2): one row a letter.

The rows for citizens stand in `letters_to_citizens.py`, those for everybody who works with the System here.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.procedure.letters.letter import Audience, Letter
from opencity_issues.procedure.letters.letters_of_work import OF_WORK
from opencity_issues.procedure.letters.letters_to_citizens import TO_CITIZENS
from opencity_issues.procedure.letters.letters_to_followers import TO_FOLLOWERS
from opencity_issues.procedure.letters.moderation_letters import OF_MODERATION

__all__ = ["BY_TEMPLATE", "LETTERS", "Audience", "Letter", "letters_for"]

LETTERS: tuple[Letter, ...] = (
    *TO_CITIZENS,
    *OF_WORK,
    *OF_MODERATION,
    Letter(
        "routed",
        Audience.ORGANISATION,
        EventKind.ROUTED,
        _("New issue No. %(number)s: %(title)s"),
        _(
            "This issue has come to %(organisation)s by the responsibility matrix. Please inform the head within one working day "
            "(4.2), and accept it and name the executor within three (4.3)."
        ),
        "3.4",
    ),
    Letter(
        "new_issue",
        Audience.CONTROL,
        EventKind.STATUS,
        _("New issue No. %(number)s: %(title)s"),
        _("A new issue has been registered in the System. This is the control department's copy."),
        "3.4",
        ("T1",),
    ),
    Letter(
        "to_assign",
        Audience.CONTROL,
        EventKind.UNROUTED,
        _("Issue No. %(number)s waits to be assigned: %(title)s"),
        _("The responsibility matrix names no organisation for this issue. Please assign it by hand."),
        "3.6",
    ),
    Letter(
        "to_moderate",
        Audience.MODERATOR,
        EventKind.HELD,
        _("Issue No. %(number)s waits for moderation: %(title)s"),
        _("This issue is held. Please publish it, or refuse it with a ground of clause 5.2."),
        "5.1",
    ),
    Letter(
        "taken_down_notice",
        Audience.ORGANISATIONS,
        EventKind.TAKEN_DOWN,
        _("Issue No. %(number)s was taken down: %(title)s"),
        _("The moderator took this issue down. Its deadlines are cancelled."),
        "5.1",
    ),
    Letter(
        "put_back_notice",
        Audience.ORGANISATIONS,
        EventKind.PUT_BACK,
        _("Issue No. %(number)s is published again: %(title)s"),
        _("The moderator published this issue again. Its deadlines run anew."),
        "5.1",
    ),
    Letter(
        "withdrawn",
        Audience.ORGANISATIONS,
        EventKind.WITHDRAWN,
        _("Issue No. %(number)s was withdrawn: %(title)s"),
        _("The author has withdrawn this issue. Nothing more needs to be done."),
        "3.1",
    ),
    Letter(
        "corrected",
        Audience.ORGANISATIONS,
        EventKind.CORRECTED,
        _("Issue No. %(number)s was corrected: %(title)s"),
        _("This issue was corrected. What it says now is below."),
        "3.3",
    ),
    Letter(
        "assignment_withdrawn",
        Audience.ORGANISATION,
        EventKind.ASSIGNMENT_WITHDRAWN,
        _("Issue No. %(number)s is no longer yours: %(title)s"),
        _("After a correction the issue no longer belongs to %(organisation)s. Nothing more needs to be done."),
        "3.6",
    ),
    Letter(
        "accepted_notice",
        Audience.ORGANISATIONS,
        EventKind.STATUS,
        _("Issue No. %(number)s is accepted: %(title)s"),
        _(
            "%(organisation)s put this issue into the status Accepted. Please accept it as well and name the executor (4.3)."
        ),
        "3.2",
        ("T3", "T4"),
    ),
    Letter(
        "reply",
        Audience.ORGANISATION,
        EventKind.REPLY,
        _("The author replied, issue No. %(number)s: %(title)s"),
        _("The author replied to the question of %(organisation)s."),
        "4.4",
    ),
    Letter(
        "done_control",
        Audience.CONTROL,
        EventKind.DONE,
        _("Reported as done, issue No. %(number)s: %(title)s"),
        _("%(organisation)s reports its part as done."),
        "4.5",
    ),
    Letter(
        "closed_notice",
        Audience.ORGANISATIONS,
        EventKind.STATUS,
        _("Issue No. %(number)s is closed: %(title)s"),
        _("This issue was closed."),
        "3.2",
        ("T6", "T7", "T12", "T13"),
    ),
    Letter(
        "reopened",
        Audience.ORGANISATIONS,
        EventKind.STATUS,
        _("Issue No. %(number)s is open again: %(title)s"),
        _("The issue was closed but is not solved. The deadlines run anew."),
        "4.7",
        ("T9", "T10", "T14"),
    ),
    Letter(
        "reopened_control",
        Audience.CONTROL,
        EventKind.STATUS,
        _("Issue No. %(number)s is open again: %(title)s"),
        _("The issue was closed but is not solved."),
        "4.7",
        ("T9", "T10", "T14"),
    ),
    Letter(
        "returned",
        Audience.CONTROL,
        EventKind.RETURNED,
        _("Returned as not theirs, issue No. %(number)s: %(title)s"),
        _("%(organisation)s returned the issue. Please send it to another organisation."),
        "2.9",
    ),
    Letter(
        "missed_head",
        Audience.CONTROL,
        EventKind.MISSED,
        _("Head not informed in time, issue No. %(number)s: %(title)s"),
        _("The responsible worker of %(organisation)s has not informed the head within one working day."),
        "4.2",
        missed=("4.2",),
    ),
    Letter(
        "plan_near",
        Audience.WORKERS,
        EventKind.PLAN_NEAR,
        _("The planned date is near, issue No. %(number)s: %(title)s"),
        _(
            "%(organisation)s promised the author to solve this issue by %(day)s. Please see that it is done, or give the "
            "author a new date."
        ),
        "4.4",
    ),
    Letter(
        "warning",
        Audience.ORGANISATION,
        EventKind.WARNING,
        _("Urgent warning, issue No. %(number)s: %(title)s"),
        _("The control body warns the responsible worker of %(organisation)s: a deadline has passed."),
        "4.3, 4.4",
    ),
    Letter(
        "warning_worker",
        Audience.WORKERS,
        EventKind.WARNING,
        _("Urgent warning to you, issue No. %(number)s: %(title)s"),
        _(
            "The control body warns you as the responsible worker of %(organisation)s: a deadline has passed. Please act today, "
            "or say in the cabinet why it cannot be done."
        ),
        "4.3, 4.4",
    ),
    Letter(
        "repeated",
        Audience.ORGANISATION,
        EventKind.REPEATED,
        _("Repeated message, issue No. %(number)s: %(title)s"),
        _("The moderator sends this issue to %(organisation)s once more."),
        "4.3, 4.4",
    ),
    Letter(
        "repeated_control",
        Audience.CONTROL,
        EventKind.REPEATED,
        _("Repeated message sent, issue No. %(number)s: %(title)s"),
        _("The moderator sent a repeated message to %(organisation)s. The control body may accept the issue (T4)."),
        "3.2",
    ),
    Letter(
        "flag",
        Audience.MODERATOR,
        EventKind.FLAG,
        _("Still not solved, issue No. %(number)s: %(title)s"),
        _("A resident says that the issue is still not solved."),
        "3.2",
    ),
    Letter(
        "handed_over",
        Audience.ORGANISATION,
        EventKind.HANDED_OVER,
        _("Handed over, issue No. %(number)s: %(title)s"),
        _("A responsible worker has left %(organisation)s. This issue needs another one."),
        "2.4",
    ),
    Letter(
        "digest",
        Audience.ORGANISATION,
        None,
        _("Cabinet of %(organisation)s, %(day)s: %(count)s waiting"),
        _("This is what waits in the cabinet of %(organisation)s today. It is looked at every working day (4.1)."),
        "4.1",
    ),
    Letter(
        "report",
        Audience.CONTROL,
        None,
        _("%(kind)s, %(period)s: %(organisation)s"),
        _("%(organisation)s passes the report to the control body. It is attached to print and to count on."),
        "5.4",
    ),
    Letter(
        "report_drafted",
        Audience.MODERATOR,
        None,
        _("%(kind)s, %(period)s: the draft is ready"),
        _(
            "The figures are counted. Please add your conclusions and proposals, sign the report and pass it to the "
            "control body."
        ),
        "5.4",
    ),
)

BY_TEMPLATE = {letter.template: letter for letter in (*LETTERS, *TO_FOLLOWERS)}


def letters_for(kind: str, transition: str, clause: str = "") -> Iterator[Letter]:
    """The letters that an event of this kind sends; `clause` is that of a missed deadline."""
    for letter in LETTERS:
        if letter.kind != kind or (letter.transitions and transition not in letter.transitions):
            continue
        if not letter.missed or clause in letter.missed:
            yield letter
