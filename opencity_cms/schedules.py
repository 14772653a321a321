"""The table of runs: which task of the content runs how often. Written into django-q2 when a city is set up."""

from django_q.models import Schedule

RUNS = {
    "opencity: remind secretaries": {"func": "opencity_cms.tasks.remind", "schedule_type": Schedule.DAILY},
    "opencity: publish scheduled pages": {
        "func": "opencity_cms.tasks.publish_scheduled",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
    "opencity: tell of news": {
        "func": "opencity_cms.tasks.tell_of_news",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
}


def install() -> None:
    """Make django-q2's schedules what the table says."""
    for name, run in RUNS.items():
        Schedule.objects.update_or_create(name=name, defaults=run)
