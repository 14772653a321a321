"""The demonstration's reports on effectiveness (5.4): what the past weeks left, the latest new to the control body, a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from opencity_issues.actions.reports import compile_report
from opencity_issues.demo.town import Town
from opencity_issues.models import Notice, Report
from opencity_issues.procedure.report_periods import Period, month_of, week_of

WEEKS = 4
SIGNER = "Голова громадської організації «Відкрите подвір’я», Дарина ОГІРКО"
WORDS = (
    "За тиждень більшість повідомлень прийнято в роботу у встановлений строк. Найбільше повідомлень, як і раніше, "
    "стосується міського господарства та вулично-дорожньої мережі.\n"
    "Пропонуємо органу контролю звернути увагу на Організації з простроченими строками за п. 4.4 та заслухати їхніх "
    "керівників на найближчому засіданні робочої групи."
)


def play_reports(town: Town, now: datetime) -> None:
    """Weekly reports signed and passed, all but the latest confirmed; last month's is a draft. A second run adds nothing."""
    if Report.objects.filter(city=town.city).exists():
        return
    moderator, control = town.people["moderator"], town.people["control"]
    ngo, body = town.organisations["moderator"], town.organisations["control"]
    zone = town.city.config.zone
    week = week_of(now.astimezone(zone).date()).previous()
    # One transaction: letters of the past are marked as sent before any worker can see them.
    with transaction.atomic():
        for age in range(WEEKS):
            begun = _monday_after(week, now, town)
            report, _new = compile_report.draft(ngo, "weekly", week, actor=moderator, now=begun)
            compile_report.sign(report, SIGNER, WORDS, actor=moderator, now=min(begun + timedelta(hours=2), now))
            compile_report.pass_on(report, actor=moderator, now=min(begun + timedelta(hours=3), now))
            if age:
                received = begun + timedelta(days=1)
                compile_report.take_note(report, actor=control, organisation=body, now=received)
                Notice.objects.filter(report=report).update(sent_at=received, created_at=begun)
            week = week.previous()
        month = month_of(now.astimezone(zone).date()).previous()
        compile_report.draft(ngo, "monthly", month, actor=moderator, now=_monday_after(month, now, town))


def _monday_after(period: Period, now: datetime, town: Town) -> datetime:
    """When the schedule would have drafted it, and somebody looked at it in the morning."""
    _start, end = period.instants(town.city.config.zone)
    return min(end + timedelta(hours=9), now)
