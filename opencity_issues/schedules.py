"""The table of runs: which task runs how often. `opencity_setup` writes it into django-q2; doing so again changes nothing."""

from django_q.models import Schedule

RUNS = {
    "opencity: sweep": {"func": "opencity_issues.tasks.sweep", "schedule_type": Schedule.MINUTES, "minutes": 1},
    "opencity: draft reports": {"func": "opencity_issues.tasks.draft_reports", "schedule_type": Schedule.HOURLY},
    "opencity: tidy drafts": {"func": "opencity_issues.tasks.tidy_drafts", "schedule_type": Schedule.HOURLY},
    "opencity: retention": {"func": "opencity_issues.tasks.remove_what_is_old", "schedule_type": Schedule.DAILY},
    "opencity: learn words": {"func": "opencity_issues.tasks.learn_words_anew", "schedule_type": Schedule.DAILY},
}


def install() -> None:
    """Make django-q2's schedules what the table says."""
    for name, run in RUNS.items():
        Schedule.objects.update_or_create(name=name, defaults=run)
