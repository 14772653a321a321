"""The plain words of an issue's history and of what happens now. One sentence a kind of event; none names a citizen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import CheckOutcome, EventKind

Words = Promise | str

# One row a kind of event.
# fmt: off
EVENTS: Mapping[str, Words] = {
    EventKind.SUBMITTED: _("The issue was registered in the System."),
    EventKind.HELD: _("The issue went to the moderator, who looks at it before it is published (cl. 5.1)."),
    EventKind.REFUSED: _("The moderator did not publish the issue. Ground: %(ground)s (cl. %(clause)s)."),
    EventKind.TAKEN_DOWN: _("The moderator took the issue down. Ground: %(ground)s (cl. %(clause)s)."),
    EventKind.PUT_BACK: _("The issue was published again."),
    EventKind.WITHDRAWN: _("The author withdrew the issue."),
    EventKind.CORRECTED: _("The issue was corrected: %(fields)s."),
    EventKind.ROUTED: _("%(organisation)s: the issue was sent to the mailbox and the cabinet."),
    EventKind.UNROUTED: _("The issue went to the control body, which chooses the organisation by hand (cl. 3.6)."),
    EventKind.ASSIGNMENT_WITHDRAWN: _("%(organisation)s: the issue was taken back, as it belongs elsewhere."),
    EventKind.SEEN: _("%(organisation)s: the responsible worker has looked at the issue."),
    EventKind.HEAD_INFORMED: _("%(organisation)s: the head has been informed (cl. 4.2)."),
    EventKind.ACCEPTED: _("%(organisation)s: the issue was accepted, %(kind)s."),
    EventKind.EXECUTOR_NAMED: _("%(organisation)s: another executor was appointed."),
    EventKind.QUESTION: _("%(organisation)s: a question to the author."),
    EventKind.REPLY: _("The author replied to the question. Addressed to: %(organisation)s."),
    EventKind.ANSWER: _("%(organisation)s: an answer."),
    EventKind.DONE: _("%(organisation)s: the work is done."),
    EventKind.RETURNED: _("%(organisation)s: the issue was returned as not theirs."),
    EventKind.WARNING: _("The control body warned about a missed deadline. Addressed to: %(organisation)s."),
    EventKind.REPEATED: _("The moderator sent a repeated message. Addressed to: %(organisation)s."),
    EventKind.COMMENT: _("A comment was written."),
    EventKind.FLAG: _("A resident told the moderator that the issue is still not solved."),
    EventKind.FLAG_HANDLED: _("The moderator looked at the message “still not solved”."),
    EventKind.HIDDEN: _("The moderator hid a part of the card."),
    EventKind.SHOWN: _("The moderator showed a hidden part again."),
    EventKind.AUTHOR_NAME: _("The author changed whether the name is shown."),
    EventKind.COMPLAINT: _("%(organisation)s: a complaint to the moderator about %(of)s (cl. 5.3)."),
    EventKind.COMPLAINT_HANDLED: _("The moderator answered the complaint of: %(organisation)s (cl. 5.3)."),
    EventKind.CHECKED: _("The moderator checked at the place: %(outcome)s."),
    EventKind.MERGED: _("The moderator joined this issue with No. %(main)s, which reports the same."),
    EventKind.DUPLICATE_JOINED: _("The same was reported once more: %(numbers)s."),
    EventKind.CALLER_TOLD: _("The control body told the caller by telephone how the issue ended."),
    EventKind.MISSED: _("%(organisation)s: a deadline was missed."),
    EventKind.RECOUNTED: _("The deadlines were counted anew after a change of the calendar: %(changes)s."),
    EventKind.PLAN_NEAR: _("%(organisation)s was reminded of the date that it has promised: %(day)s."),
    EventKind.HANDED_OVER: _("%(organisation)s: the issue passed to another responsible worker."),
    EventKind.LINK_SENT: _("%(organisation)s: a private link to the issue was sent to the executor."),
    EventKind.EXECUTOR_DONE: _("%(organisation)s: the executor reported the work as done (cl. 4.5)."),
    EventKind.SENT_BACK: _("%(organisation)s: the responsible worker sent the executor's report back."),
    EventKind.NOTE: _("%(organisation)s: an internal note."),
    EventKind.INITIATIVE_STARTED: _("Residents want to solve it themselves. They meet on %(day)s."),
    EventKind.INITIATIVE_CHANGED: _("The organiser changed the plan of the residents' meeting. They meet on %(day)s."),
    EventKind.INITIATIVE_DONE: _("Residents told what they have done together."),
    EventKind.INITIATIVE_CANCELLED: _("The residents' meeting was called off."),
    EventKind.PROJECT_DECLARED: _("%(organisation)s took the issue into a community project."),
    EventKind.PROJECT_DONE: _("%(organisation)s told the result of a community project."),
    EventKind.PROJECT_CANCELLED: _("%(organisation)s: the issue is no longer part of a community project."),
    EventKind.BOUNCE_HANDLED: _("%(organisation)s: told otherwise what an undelivered letter said (cl. 3.4)."),
}

TRANSITIONS: Mapping[str, Words] = {
    "T1": _("The issue was published. Status: Open."),
    "T2": _("Status: Accepted."),
    "T3": _("Status: Accepted. The issue is being solved by self-organisation of residents."),
    "T4": _("Status: Accepted. The control body took it into work after the moderator's repeated message."),
    "T5": _("Status: Closed."),
    "T6": _("Status: Closed. The control body closed the issue on the organisation's answer."),
    "T7": _("Status: Closed. The moderator closed the issue."),
    "T8": _("20 days have passed since closing (cl. 4.6). Status: Archived."),
    "T9": _("The author returned the issue to work: it is not solved. Status: Accepted, again."),
    "T10": _("The moderator opened the issue again after a check. Status: Open, again."),
    "T11": _("The work was done over. Status: Closed."),
    "T12": _("Status: Closed. The control body closed the issue after the work was done over."),
    "T13": _("Status: Closed. The moderator closed the issue after the work was done over."),
    "T14": _("The issue was opened again within 20 days of closing (cl. 4.7). Status: Open, again."),
}
# fmt: on

HEAD_BY: Mapping[str, Words] = {
    "email": _("%(organisation)s: the head has been informed by a letter of the System (cl. 4.2)."),
    "phone": _("%(organisation)s: the head has been informed by telephone (cl. 4.2)."),
}
REWORK_DONE = _("%(organisation)s: the work was done over. The moderator or the control body checks it (cl. 4.7).")
EXPLAINED = _("%(organisation)s: the reasons why the issue cannot be solved now (cl. 4.4).")
ASSIGNED_BY_HAND = _("The control body sent the issue to: %(organisation)s.")
SPLIT = _("The moderator separated the issue from No. %(main)s. It was published again.")
DUPLICATE_LEFT = _("The moderator separated No. %(number)s: it reports something else.")
OUTCOMES: Mapping[str, Words] = {
    CheckOutcome.SOLVED: _("solved"),
    CheckOutcome.NOT_SOLVED: _("not solved"),
    CheckOutcome.UNCLEAR: _("it could not be told"),
}
FORGOTTEN = _("No result of the residents' meeting was told within 30 days: it is over, and others may begin anew.")
CALLERS_REPLY = _("The control body passed on what the caller replied by telephone. Addressed to: %(organisation)s.")
BY_PHONE = _("The control body registered the issue in the System from a telephone call.")
SENT_AGAIN = _("The author corrected the issue and sent it to the moderator again (cl. 5.2).")
EXECUTOR = _("Executor: %(executor)s.")
PLANNED = _("Planned date: %(day)s.")
ACCEPT_AND_ANSWER_BY = _(
    "To be accepted and an executor named by %(accept)s (cl. 4.3), to be answered by %(answer)s (cl. 4.4)."
)
ANSWER_BY = _("Answer by %(answer)s (cl. 4.4).")
NEXT_ADDRESSEE = _("Next addressee: %(organisation)s.")
NEXT_UNKNOWN = _("The control body chooses the next addressee.")

PARTS: Mapping[str, Words] = {
    "title": pgettext_lazy("corrected field", "title"),
    "description": pgettext_lazy("corrected field", "description"),
    "location": pgettext_lazy("corrected field", "place on the map"),
    "address": pgettext_lazy("corrected field", "address"),
    "categories": pgettext_lazy("corrected field", "categories"),
    "answers": pgettext_lazy("corrected field", "answers"),
}


def say(words: Words, **values: Any) -> str:
    """A sentence in the reader's language with its blanks filled in."""
    return str(words) % values if values else str(words)


def day_words(day: date, today: date) -> str:
    """`5 December`, with the year when it is another than today's; Ukrainian months in the genitive."""
    return formats.date_format(day, "j E" if day.year == today.year else "j E Y")
