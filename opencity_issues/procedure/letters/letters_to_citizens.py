"""What the author of an issue is told when something happens to it (3.2, 4.3–4.7, 5.1, 5.2): one row a letter."""

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import EventKind
from opencity_issues.procedure.letters.letter import Audience, Letter

TO_CITIZENS: tuple[Letter, ...] = (
    Letter(
        "published",
        Audience.AUTHOR,
        EventKind.STATUS,
        _("Your issue No. %(number)s is published: %(title)s"),
        _("Your issue is published and sent to the organisations that answer for it."),
        "3.2",
        ("T1",),
        to_doer=True,
    ),
    Letter(
        "held",
        Audience.AUTHOR,
        EventKind.HELD,
        _("Your issue No. %(number)s is with the moderator: %(title)s"),
        _(
            "Before it is published, the moderator will look at your issue. We will write to you as soon as that is done."
        ),
        "5.1",
        to_doer=True,
    ),
    Letter(
        "refused",
        Audience.AUTHOR,
        EventKind.REFUSED,
        _("Your issue No. %(number)s was not published: %(title)s"),
        _(
            "The moderator did not publish your issue. The ground is below; you can correct the issue and send it again."
        ),
        "5.2",
    ),
    Letter(
        "taken_down",
        Audience.AUTHOR,
        EventKind.TAKEN_DOWN,
        _("Your issue No. %(number)s was taken down: %(title)s"),
        _("The moderator took your issue down. The ground is below; you can correct the issue and send it again."),
        "5.1",
    ),
    Letter(
        "put_back",
        Audience.AUTHOR,
        EventKind.PUT_BACK,
        _("Your issue No. %(number)s is published again: %(title)s"),
        _("The moderator published your issue again."),
        "5.1",
    ),
    Letter(
        "accepted",
        Audience.AUTHOR,
        EventKind.ACCEPTED,
        _("Your issue No. %(number)s is accepted: %(title)s"),
        _("%(organisation)s accepted your issue."),
        "4.3",
    ),
    Letter(
        "accepted_whole",
        Audience.AUTHOR,
        EventKind.STATUS,
        _("Your issue No. %(number)s is accepted: %(title)s"),
        _("Your issue is now accepted."),
        "3.2",
        ("T3", "T4"),
    ),
    Letter(
        "question",
        Audience.AUTHOR,
        EventKind.QUESTION,
        _("A question about your issue No. %(number)s: %(title)s"),
        _("%(organisation)s asks you for more information."),
        "4.4",
    ),
    Letter(
        "answer",
        Audience.AUTHOR,
        EventKind.ANSWER,
        _("An answer about your issue No. %(number)s: %(title)s"),
        _("%(organisation)s gave you an answer."),
        "4.4",
    ),
    Letter(
        "done",
        Audience.AUTHOR,
        EventKind.DONE,
        _("Work done on your issue No. %(number)s: %(title)s"),
        _("%(organisation)s reports its part as done."),
        "4.5",
    ),
    Letter(
        "closed",
        Audience.AUTHOR,
        EventKind.STATUS,
        _("Your issue No. %(number)s is closed: %(title)s"),
        _("Your issue is closed as solved. If it is not solved, you can open it again within 20 days (4.7)."),
        "4.7",
        ("T5", "T6", "T7", "T11", "T12", "T13"),
    ),
    Letter(
        "archived",
        Audience.AUTHOR,
        EventKind.STATUS,
        _("Your issue No. %(number)s is archived: %(title)s"),
        _(
            "20 days have passed since the issue was closed. If it is not solved, you can return it within 20 days more."
        ),
        "4.6",
        ("T8",),
    ),
    Letter(
        "reopened_author",
        Audience.AUTHOR,
        EventKind.STATUS,
        _("Your issue No. %(number)s is open again: %(title)s"),
        _("The moderator opened your issue again after a check."),
        "4.7",
        ("T10", "T14"),
    ),
    Letter(
        "comment",
        Audience.AUTHOR,
        EventKind.COMMENT,
        _("A comment on your issue No. %(number)s: %(title)s"),
        _("Somebody commented on your issue."),
        "3.3",
    ),
    Letter(
        "initiative_started",
        Audience.AUTHOR,
        EventKind.INITIATIVE_STARTED,
        _("Residents want to solve your issue No. %(number)s themselves: %(title)s"),
        _("Residents will meet on %(day)s to solve your issue by their own hands. You can join them on its page."),
        "1.1",
    ),
    Letter(
        "initiative_result",
        Audience.AUTHOR,
        EventKind.INITIATIVE_DONE,
        _("Residents have told the result on your issue No. %(number)s: %(title)s"),
        _("Those who took your issue into their own hands have told what was done."),
        "1.1",
    ),
    Letter(
        "project_declared",
        Audience.AUTHOR,
        EventKind.PROJECT_DECLARED,
        _("Your issue No. %(number)s is taken into a project: %(title)s"),
        _("%(organisation)s plans a project from the community's needs, and your issue is part of it."),
        "1.1",
    ),
    Letter(
        "project_result",
        Audience.AUTHOR,
        EventKind.PROJECT_DONE,
        _("A project has a result on your issue No. %(number)s: %(title)s"),
        _("%(organisation)s has told the result of its project."),
        "1.1",
    ),
    Letter(
        "project_cancelled",
        Audience.AUTHOR,
        EventKind.PROJECT_CANCELLED,
        _("Your issue No. %(number)s is no longer part of a project: %(title)s"),
        _("%(organisation)s will not take up your issue in its project after all."),
        "1.1",
    ),
)
