"""The ready-written warning and repeated message of a missed deadline, in the language of the organisation's mailbox."""

from datetime import datetime

from django.utils import formats, translation

from opencity_issues.enums import ContributionKind
from opencity_issues.models import CitySettings, Deadline, IssuePage, Organisation
from opencity_issues.procedure.deadlines import DEADLINES, MISSABLE, WhenMissed
from opencity_issues.procedure.letters import messages
from opencity_issues.procedure.working_days import WorkingCalendar


def ready_text(
    kind: ContributionKind,
    issue: IssuePage,
    organisation: Organisation,
    deadline: Deadline,
    calendar: WorkingCalendar,
) -> str:
    """The city's own text where it has one, otherwise the System's; `kind` is WARNING or REPEATED (4.3, 4.4)."""
    settings: CitySettings = issue.city.config
    warning = kind == ContributionKind.WARNING
    with translation.override(organisation.language):
        own = settings.warning_text if warning else settings.repeated_text
        text = own.strip() or str(messages.WARNING if warning else messages.REPEATED)
        values = {
            "number": str(issue.number),
            "title": issue.title,
            "organisation": organisation.name,
            "clause": deadline.clause,
            "day": formats.date_format(calendar.last_day(deadline.due_at), "j E Y"),
            "what": deadline.what,
        }
        return messages.fill(text, values)


def ready_texts(kind: ContributionKind, issue: IssuePage, now: datetime) -> dict[int, str]:
    """A ready text for each organisation at work that has missed something, by its key; the longest late first.

    Of several missed deadlines the text speaks of one that is warned about by the procedure (4.3, 4.4; the head not being
    informed is only told to the control body), and of these of one that nobody has written about yet. Reads the issue's
    prefetched assignments and deadlines.
    """
    mark = "warned_at" if kind == ContributionKind.WARNING else "repeated_at"
    active = {one.pk: one for one in issue.assignments.all() if one.is_active}
    late = [
        one
        for one in issue.deadlines.all()
        if one.clause in MISSABLE and one.assignment_id in active and one.is_overdue(now)
    ]
    late.sort(
        key=lambda one: (
            DEADLINES[one.clause].when_missed != WhenMissed.WARN_AND_REPEAT,
            getattr(one, mark) is not None,
            one.due_at,
        )
    )
    calendar = issue.city.config.calendar() if late else None
    texts: dict[int, str] = {}
    for deadline in late:
        organisation = active[deadline.assignment_id or 0].organisation
        if calendar is not None and organisation.pk not in texts:
            texts[organisation.pk] = ready_text(kind, issue, organisation, deadline, calendar)
    return texts
