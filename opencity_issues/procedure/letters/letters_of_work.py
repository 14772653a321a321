"""Letters within an organisation: to its head (4.2), to an executor without an account, and about his or her report (4.5)."""

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.procedure.letters.letter import Audience, Letter

OF_WORK: tuple[Letter, ...] = (
    Letter(
        "head_informed",
        Audience.HEAD,
        EventKind.HEAD_INFORMED,
        _("For the head: issue No. %(number)s: %(title)s"),
        _(
            "The responsible worker of %(organisation)s informs you about this issue (4.2). Please appoint the executor within "
            "three working days of its coming (4.3)."
        ),
        "4.2",
    ),
    Letter(
        "executor_link",
        Audience.EXECUTOR,
        EventKind.LINK_SENT,
        _("You are the executor: issue No. %(number)s: %(title)s"),
        _(
            "%(organisation)s has appointed you to solve this issue. By the private link below you see it, ask the author, tell a "
            "planned date, and report that the work is done. No account is needed. Please give the link to nobody."
        ),
        "4.3, 4.5",
    ),
    Letter(
        "executor_sent_back",
        Audience.EXECUTOR,
        EventKind.SENT_BACK,
        _("Not finished yet: issue No. %(number)s: %(title)s"),
        _("The responsible worker of %(organisation)s looked at your report and asks for more. The reason is below."),
        "4.5",
    ),
    Letter(
        "executor_done",
        Audience.ORGANISATION,
        EventKind.EXECUTOR_DONE,
        _("The executor reports the work as done, issue No. %(number)s: %(title)s"),
        _("Please look at the executor's report in the cabinet: confirm it, which closes your part, or send it back."),
        "4.5",
    ),
    Letter(
        "executor_done_head",
        Audience.HEAD,
        EventKind.EXECUTOR_DONE,
        _("The executor reports the work as done, issue No. %(number)s: %(title)s"),
        _("The executor reports to you as the head of %(organisation)s. The responsible worker confirms the report."),
        "4.5",
    ),
    Letter(
        "executor_done_control",
        Audience.CONTROL,
        EventKind.EXECUTOR_DONE,
        _("The executor reports the work as done, issue No. %(number)s: %(title)s"),
        _("The executor of %(organisation)s reports the work as done. The responsible worker confirms the report."),
        "4.5",
    ),
)
