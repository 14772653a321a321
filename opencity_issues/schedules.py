"""The table of runs: which task runs how often. `opencity_setup` writes it into django-q2; doing so again changes nothing."""

from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

RUNS = {
    "opencity: sweep": {"func": "opencity_issues.tasks.sweep", "schedule_type": Schedule.MINUTES, "minutes": 1},
    "opencity: draft reports": {"func": "opencity_issues.tasks.draft_reports", "schedule_type": Schedule.HOURLY},
    "opencity: tidy drafts": {"func": "opencity_issues.tasks.tidy_drafts", "schedule_type": Schedule.HOURLY},
    "opencity: retention": {"func": "opencity_issues.tasks.remove_what_is_old", "schedule_type": Schedule.DAILY},
    "opencity: learn words": {"func": "opencity_issues.tasks.learn_words_anew", "schedule_type": Schedule.DAILY},
}

WORDS = {
    "opencity: sweep": _("Letters, deadlines and archiving"),
    "opencity: draft reports": _("Drafts of weekly and monthly reports"),
    "opencity: tidy drafts": _("Unfinished reports and uploads are removed"),
    "opencity: retention": _("Data kept long enough are removed"),
    "opencity: learn words": _("Categories are learnt from what was reported"),
}
"""What each run does, for the operator's page."""


def install() -> None:
    """Make django-q2's schedules what the table says."""
    for name, run in RUNS.items():
        Schedule.objects.update_or_create(name=name, defaults=run)
