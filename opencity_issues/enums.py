"""Words of the procedure as values: statuses (3.2), functions of organisations (2.3, 2.5, 2.9), parties, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """The four stages of an issue's life (3.2)."""

    OPEN = "open", pgettext_lazy("issue status", "Open")
    ACCEPTED = "accepted", pgettext_lazy("issue status", "Accepted")
    CLOSED = "closed", pgettext_lazy("issue status", "Closed")
    ARCHIVED = "archived", pgettext_lazy("issue status", "Archived")


UNSOLVED = frozenset({Status.OPEN, Status.ACCEPTED})
SOLVED = frozenset({Status.CLOSED, Status.ARCHIVED})


class Publication(models.TextChoices):
    """The second axis beside the status: whether the public sees the issue (5.1, 5.2)."""

    HELD = "held", pgettext_lazy("publication", "Waiting for moderation")
    PUBLISHED = "published", pgettext_lazy("publication", "Published")
    REFUSED = "refused", pgettext_lazy("publication", "Refused")
    TAKEN_DOWN = "taken_down", pgettext_lazy("publication", "Taken down")
    WITHDRAWN = "withdrawn", pgettext_lazy("publication", "Withdrawn by the author")
    MERGED = "merged", pgettext_lazy("publication", "Merged with another issue")


class Reopening(models.TextChoices):
    """Where the latest reopening came from; it decides who may close (4.7 against T11)."""

    NEVER = "", pgettext_lazy("reopening", "Not reopened")
    ARCHIVE = "archive", pgettext_lazy("reopening", "From the archive")
    CLOSED = "closed", pgettext_lazy("reopening", "From closed, by clause 4.7")


class Party(models.TextChoices):
    """Who may do a transition (column «Хто може виконати?» of 3.2)."""

    CITIZEN = "citizen", _("Citizen")
    AUTHOR = "author", _("Author")
    RESPONSIBLE_WORKER = "responsible_worker", _("Responsible worker")
    CONTROL_BODY = "control_body", _("Control body")
    MODERATOR = "moderator", _("Moderator")
    SYSTEM = "system", _("System")


class AssignmentState(models.TextChoices):
    """An assignment is active while sent or accepted (reading of T2, T5)."""

    SENT = "sent", pgettext_lazy("assignment", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("assignment", "Accepted")
    DONE = "done", pgettext_lazy("assignment", "Done")
    RETURNED = "returned", pgettext_lazy("assignment", "Returned as not ours")
    ENDED = "ended", pgettext_lazy("assignment", "Ended with the issue")
    WITHDRAWN = "withdrawn", pgettext_lazy("assignment", "Withdrawn")


ACTIVE_ASSIGNMENTS = frozenset({AssignmentState.SENT, AssignmentState.ACCEPTED})
FINISHED_ASSIGNMENTS = frozenset({AssignmentState.DONE, AssignmentState.ENDED})
"""States of an organisation that still answers for the issue and is called again when it reopens (T9, T10, T14)."""

NOT_THEIRS = frozenset({AssignmentState.WITHDRAWN, AssignmentState.RETURNED})
"""States of an organisation whose issue it is not, or no longer."""


class AcceptanceKind(models.TextChoices):
    """What an organisation took the issue for (3.2: «на розгляд, на рішення, на контроль»)."""

    CONSIDER = "consider", pgettext_lazy("accepted", "to consider")
    SOLVE = "solve", pgettext_lazy("accepted", "to solve")
    CONTROL = "control", pgettext_lazy("accepted", "to control")


class EventKind(models.TextChoices):
    """What can happen to an issue; the card's timeline (3.3) is made from these."""

    SUBMITTED = "submitted", pgettext_lazy("event", "Registered")
    HELD = "held", pgettext_lazy("event", "Held for moderation")
    STATUS = "status", pgettext_lazy("event", "Status changed")
    REFUSED = "refused", pgettext_lazy("event", "Refused publication")
    TAKEN_DOWN = "taken_down", pgettext_lazy("event", "Taken down")
    PUT_BACK = "put_back", pgettext_lazy("event", "Published again")
    WITHDRAWN = "withdrawn", pgettext_lazy("event", "Withdrawn by the author")
    CORRECTED = "corrected", pgettext_lazy("event", "Corrected")
    ROUTED = "routed", pgettext_lazy("event", "Sent to an organisation")
    UNROUTED = "unrouted", pgettext_lazy("event", "Sent to the control body to assign")
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn", pgettext_lazy("event", "Taken from an organisation")
    SEEN = "seen", pgettext_lazy("event", "Seen by the organisation")
    HEAD_INFORMED = "head_informed", pgettext_lazy("event", "Head informed")
    ACCEPTED = "accepted", pgettext_lazy("event", "Accepted by an organisation")
    EXECUTOR_NAMED = "executor_named", pgettext_lazy("event", "Executor named")
    QUESTION = "question", pgettext_lazy("event", "Question to the author")
    REPLY = "reply", pgettext_lazy("event", "Author's reply")
    ANSWER = "answer", pgettext_lazy("event", "Answer of an organisation")
    DONE = "done", pgettext_lazy("event", "Reported as done")
    RETURNED = "returned", pgettext_lazy("event", "Returned as not ours")
    WARNING = "warning", pgettext_lazy("event", "Warning by the control body")
    REPEATED = "repeated", pgettext_lazy("event", "Repeated message by the moderator")
    COMMENT = "comment", pgettext_lazy("event", "Comment")
    FLAG = "flag", pgettext_lazy("event", "Flagged as still not solved")
    FLAG_HANDLED = "flag_handled", pgettext_lazy("event", "Flag looked at")
    HIDDEN = "hidden", pgettext_lazy("event", "Part hidden by the moderator")
    SHOWN = "shown", pgettext_lazy("event", "Part shown again")
    AUTHOR_NAME = "author_name", pgettext_lazy("event", "Author's name shown or hidden")
    HANDED_OVER = "handed_over", pgettext_lazy("event", "Handed over in the organisation")
    MISSED = "missed", pgettext_lazy("event", "Deadline missed")
    RECOUNTED = "recounted", pgettext_lazy("event", "Deadlines counted anew")
    PLAN_NEAR = "plan_near", pgettext_lazy("event", "Planned date is near")
    LINK_SENT = "link_sent", pgettext_lazy("event", "Private link sent to the executor")
    EXECUTOR_DONE = "executor_done", pgettext_lazy("event", "Executor reported the work as done")
    SENT_BACK = "sent_back", pgettext_lazy("event", "Executor's report sent back")
    NOTE = "note", pgettext_lazy("event", "Internal note")
    COMPLAINT = "complaint", pgettext_lazy("event", "Complaint to the moderator")
    COMPLAINT_HANDLED = "complaint_handled", pgettext_lazy("event", "Complaint looked at")
    CHECKED = "checked", pgettext_lazy("event", "Checked by the moderator")
    MERGED = "merged", pgettext_lazy("event", "Merged with another issue")
    DUPLICATE_JOINED = "duplicate_joined", pgettext_lazy("event", "Another report of the same joined")
    CALLER_TOLD = "caller_told", pgettext_lazy("event", "Caller told by telephone")
    BOUNCE_HANDLED = "bounce_handled", pgettext_lazy("event", "Undelivered letter dealt with")
    INITIATIVE_STARTED = "initiative_started", pgettext_lazy("event", "Residents began to solve it themselves")
    INITIATIVE_CHANGED = "initiative_changed", pgettext_lazy("event", "Residents changed their plan")
    INITIATIVE_DONE = "initiative_done", pgettext_lazy("event", "Residents reported their result")
    INITIATIVE_CANCELLED = "initiative_cancelled", pgettext_lazy("event", "Residents called their plan off")
    PROJECT_DECLARED = "project_declared", pgettext_lazy("event", "Taken into a community project")
    PROJECT_DONE = "project_done", pgettext_lazy("event", "Result of a community project")
    PROJECT_CANCELLED = "project_cancelled", pgettext_lazy("event", "Community project called off")


class ContributionKind(models.TextChoices):
    """What people write on a card (3.3, 4.4, 4.5)."""

    COMMENT = "comment", pgettext_lazy("contribution", "Comment")
    QUESTION = "question", pgettext_lazy("contribution", "Question")
    REPLY = "reply", pgettext_lazy("contribution", "Reply")
    ANSWER = "answer", pgettext_lazy("contribution", "Answer")
    DONE = "done", pgettext_lazy("contribution", "Report of the work done")
    REASON = "reason", pgettext_lazy("contribution", "Reason")
    FLAG = "flag", pgettext_lazy("contribution", "Still not solved")
    WARNING = "warning", pgettext_lazy("contribution", "Warning")
    REPEATED = "repeated", pgettext_lazy("contribution", "Repeated message")
    EXECUTED = "executed", pgettext_lazy("contribution", "Executor's report")
    NOTE = "note", pgettext_lazy("contribution", "Internal note")
    COMPLAINT = "complaint", pgettext_lazy("contribution", "Complaint")
    CHECK = "check", pgettext_lazy("contribution", "Moderator's check")
    INITIATIVE = "initiative", pgettext_lazy("contribution", "Residents' result")
    PROJECT = "project", pgettext_lazy("contribution", "Result of a project")


class UndertakingState(models.TextChoices):
    """Of what residents or an organisation undertake for an issue themselves (1.1)."""

    PLANNED = "planned", pgettext_lazy("undertaking", "Planned")
    DONE = "done", pgettext_lazy("undertaking", "Done")
    CANCELLED = "cancelled", pgettext_lazy("undertaking", "Called off")


class Way(models.TextChoices):
    """How something reached its addressee: most goes through the System, what was said otherwise is recorded (4.3, 5.6)."""

    SYSTEM = "system", pgettext_lazy("way", "in the System")
    PHONE = "phone", pgettext_lazy("way", "by telephone")
    EMAIL = "email", pgettext_lazy("way", "by e-mail")
    MEETING = "meeting", pgettext_lazy("way", "at a meeting")


class CheckOutcome(models.TextChoices):
    """What the moderator found at the place of a closed issue (T10, T13, 4.7)."""

    SOLVED = "solved", pgettext_lazy("check", "Solved")
    NOT_SOLVED = "not_solved", pgettext_lazy("check", "Not solved")
    UNCLEAR = "unclear", pgettext_lazy("check", "Could not be told")


class LetterChoice(models.TextChoices):
    """When a citizen wants letters about his or her issues."""

    AT_ONCE = "at_once", pgettext_lazy("letters", "At once")
    DAILY = "daily", pgettext_lazy("letters", "Once a day, together")
    WEEKLY = "weekly", pgettext_lazy("letters", "Once a week, together")
    NONE = "none", pgettext_lazy("letters", "Never")


class ReportKind(models.TextChoices):
    """Reports on effectiveness: the moderator's (5.4) and the control body's (2.9)."""

    WEEKLY = "weekly", pgettext_lazy("report", "Weekly report")
    MONTHLY = "monthly", pgettext_lazy("report", "Monthly report")
    GENERAL = "general", pgettext_lazy("report", "General report")


class MediaKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    VIDEO = "video", _("Video")
