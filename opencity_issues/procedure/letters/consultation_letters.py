"""Letters of consultation (5.5, 5.6): they belong to a question, a plan or a seminar, and to no issue. One row a letter."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ConsultationLetter:
    """`subject` and `lead` are formatted with organisation, title, day, time and period; `about` is what the notice's key names."""

    template: str
    about: str
    subject: Promise | str
    lead: Promise | str
    clause: str
    with_calendar: bool = False
    """Whether the seminar goes along as a file for the reader's calendar."""


QUESTION, PLAN, SEMINAR = "consultation", "plan", "seminar"

CONSULTATION_LETTERS: tuple[ConsultationLetter, ...] = (
    ConsultationLetter(
        "consultation_asked",
        QUESTION,
        _("A question to the moderator: %(organisation)s"),
        _("A responsible worker of %(organisation)s asks for advice. Please answer in the cabinet."),
        "5.6",
    ),
    ConsultationLetter(
        "consultation_answered",
        QUESTION,
        _("The moderator has answered your question"),
        _("The moderator has answered the question of %(organisation)s."),
        "5.6",
    ),
    ConsultationLetter(
        "plan_to_agree",
        PLAN,
        _("Plan of consultations to agree: %(period)s"),
        _("The control body has set the plan of consultations. Please agree it, or return it with remarks."),
        "5.5",
    ),
    ConsultationLetter(
        "plan_agreed",
        PLAN,
        _("The plan of consultations is agreed: %(period)s"),
        _("The moderator has agreed the plan of consultations. It is in force now."),
        "5.5",
    ),
    ConsultationLetter(
        "plan_returned",
        PLAN,
        _("The plan of consultations is returned: %(period)s"),
        _("The moderator has returned the plan of consultations with remarks."),
        "5.5",
    ),
    ConsultationLetter(
        "seminar",
        SEMINAR,
        _("Seminar on %(day)s: %(title)s"),
        _("The moderator invites responsible workers to a seminar. One click in the cabinet puts your name down."),
        "5.6",
        with_calendar=True,
    ),
    ConsultationLetter(
        "seminar_changed",
        SEMINAR,
        _("The seminar has changed: %(title)s"),
        _("Something about the seminar that you put your name down for is different now. Here is how it stands."),
        "5.6",
        with_calendar=True,
    ),
    ConsultationLetter(
        "seminar_reminder",
        SEMINAR,
        _("Reminder: seminar on %(day)s at %(time)s"),
        _("You have put your name down for this seminar. If you cannot come, please withdraw in the cabinet."),
        "5.6",
        with_calendar=True,
    ),
    ConsultationLetter(
        "seminar_cancelled",
        SEMINAR,
        _("The seminar is cancelled: %(title)s"),
        _("The seminar that you put your name down for is cancelled."),
        "5.6",
        with_calendar=True,
    ),
)

BY_TEMPLATE = {letter.template: letter for letter in CONSULTATION_LETTERS}
