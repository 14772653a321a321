"""The ready-written warning and repeated message of one missed deadline, in the language of the organisation's mailbox."""

from django.utils import formats, translation

from opencity_issues.enums import ContributionKind
from opencity_issues.models import CitySettings, Deadline, IssuePage, Organisation
from opencity_issues.procedure import messages
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
