"""What the law's clock has brought about by now in the demonstration, as if the worker had been there all the time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.clock.remind_plans import remind_of_plans
from opencity_issues.models import Event, IssueIndexPage, Notice


def let_the_clock_run(city: IssueIndexPage, now: datetime) -> None:
    """Missed deadlines with the messages that follow, reminders of promised dates; their letters have been sent long ago."""
    with transaction.atomic():
        last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
        record_missed(now)
        remind_of_plans(now)
        moment = Subquery(Event.objects.filter(pk=OuterRef("event_id")).values("at")[:1])
        letters = Notice.objects.filter(pk__gt=last, issue__city=city, sent_at=None)
        letters.update(sent_at=moment, created_at=moment)
