"""Reports on effectiveness: the moderator's by week and month (5.4), the control body's general ones (2.9).

A draft is made by the schedule or by hand; its figures may be counted anew and words added until it is signed. Signing
freezes figures, words and names for good, and only then can it be passed to the control body.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.enums import ReportKind
from opencity_issues.models import IssueIndexPage, IssuePage, Notice, Organisation, Report
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.procedure.report_periods import Period, fits, periods_due
from opencity_issues.queries.reports.figures import figures_of
from opencity_issues.rules import Roles

WORDS_LENGTH = 20_000
SIGNER_LENGTH = 200


def draft_due(now: datetime | None = None) -> int:
    """Make every draft that 5.4 asks for by now and that is not there; returns how many. Safe to run twice and at once.

    Catches up with the last weeks and months, but not with those that ended before the city's first issue.
    """
    now = now or timezone.now()
    made = 0
    for city in IssueIndexPage.objects.select_related("city_settings"):
        for organisation, kind, period in _missing(city, now):
            made += _create(organisation, kind, period, now, tell=True)[1]
    return made


def _missing(city: IssueIndexPage, now: datetime) -> Iterator[tuple[Organisation, ReportKind, Period]]:
    bodies = list(Organisation.objects.active().filter(city=city, is_moderator=True))
    due = periods_due(now.astimezone(city.config.zone).date()) if bodies else []
    known = set(
        Report.objects.filter(organisation__in=bodies, first_day__gte=min(period.first_day for _kind, period in due))
        .order_by()
        .values_list("organisation_id", "kind", "first_day", "last_day")
        if due
        else ()
    )
    missing = [
        (body, kind, period)
        for kind, period in due
        for body in bodies
        if (body.pk, kind, period.first_day, period.last_day) not in known
    ]
    if not missing:
        return
    begun = IssuePage.objects.in_city(city).aggregate(first=Min("submitted_at"))["first"]
    for body, kind, period in missing:
        if begun is not None and begun < period.instants(city.config.zone)[1]:
            yield body, kind, period


def draft(
    organisation: Organisation, kind: str, period: Period, *, actor: Any, now: datetime | None = None
) -> tuple[Report, bool]:
    """A draft by hand; (the report of this period, whether it is new). Figures are counted as of the end of the period.

    Raises NotPermitted, and Missing for a period that is not over or is no week or month where the kind asks for one.
    """
    now = now or timezone.now()
    _ask(actor, organisation, kind)
    today = now.astimezone(organisation.city.config.zone).date()
    if not fits(kind, period):
        words = _("Choose a whole week, Monday to Sunday.") if kind == ReportKind.WEEKLY else _("Choose a whole month.")
        raise Missing(words, fields={"first_day": words}, clause="5.4")
    if not period.is_over(today):
        words = _("This period is not over yet.")
        raise Missing(words, fields={"last_day": words}, clause="5.4")
    return _create(organisation, kind, period, now, actor=actor)


def count_anew(report: Report, words: str | None = None, *, actor: Any, now: datetime | None = None) -> Report:
    """Count a draft's figures anew, and keep the words that came along. Raises NotPermitted, NotPossible once signed."""
    now = now or timezone.now()
    _ask(actor, report.organisation, report.kind)
    figures = figures_of(report.city, report.organisation, Period(report.first_day, report.last_day))
    with transaction.atomic():
        report = _locked_draft(report, actor)
        report.figures, report.counted_at = figures, now
        report.words = report.words if words is None else _checked(words)
        report.save(update_fields=["figures", "counted_at", "words"])
    return report


def write_words(report: Report, words: str, *, actor: Any) -> Report:
    """Keep the moderator's conclusions and proposals in a draft."""
    with transaction.atomic():
        report = _locked_draft(report, actor)
        report.words = _checked(words)
        report.save(update_fields=["words"])
    return report


def sign(report: Report, signer: str, words: str | None = None, *, actor: Any, now: datetime | None = None) -> Report:
    """Sign a draft as somebody (`signer`: position and name): figures, words and names stay as they are for good."""
    with transaction.atomic():
        report = _locked_draft(report, actor)
        if not signer.strip():
            raise Missing(
                _("Say who signs."), fields={"signer": _("Write the position and the name of who signs.")}, clause="5.4"
            )
        if len(signer) > SIGNER_LENGTH:
            fault = _("This is too long: at most %(count)d characters.") % {"count": SIGNER_LENGTH}
            raise Missing(fault, fields={"signer": fault}, clause="5.4")
        report.words = report.words if words is None else _checked(words)
        report.signer = " ".join(signer.split())
        report.signed_at, report.signed_by = now or timezone.now(), actor
        report.save(update_fields=["words", "signer", "signed_at", "signed_by"])
    return report


def pass_on(report: Report, *, actor: Any, now: datetime | None = None) -> Report:
    """Pass a signed report to the control body (5.4): an entry in its room, and a letter with the files. Once only."""
    now = now or timezone.now()
    with transaction.atomic():
        report = _locked(report)
        _ask(actor, report.organisation, report.kind)
        if report.kind == ReportKind.GENERAL:
            raise NotPossible(_("A general report is the control body's own."), clause="2.9")
        if not report.is_frozen:
            raise NotPossible(_("Sign the report first."), clause="5.4", state="draft")
        if report.passed_at is not None:
            raise NotPossible(
                _("The report has been passed to the control body already."), clause="5.4", state="passed"
            )
        report.passed_at = now
        report.save(update_fields=["passed_at"])
        _write_letter(report, "report", f"control:{report.city_id}", None, now)
    return report


def take_note(report: Report, *, actor: Any, organisation: Organisation, now: datetime | None = None) -> Report:
    """The control body (`organisation`) confirms that it has got a report: it is no longer new there."""
    with transaction.atomic():
        report = _locked(report)
        allowed = rules.allows("see_reports", Roles.of(actor), organisation=organisation)
        if not allowed or not organisation.is_control_body or organisation.city_id != report.city_id:
            raise NotPermitted(_("This is not for your role."), clause="5.4")
        if report.passed_at is None:
            raise NotPossible(_("The report has not been passed to the control body."), clause="5.4")
        if report.received_at is not None:
            raise NotPossible(_("That has been done already."), clause="5.4")
        report.received_at, report.received_by = now or timezone.now(), actor
        report.save(update_fields=["received_at", "received_by"])
    return report


def discard(report: Report, *, actor: Any, now: datetime | None = None) -> None:
    """Delete a draft. Raises NotPossible once signed, and for a draft that 5.4 asks for: the schedule would make it again."""
    now = now or timezone.now()
    with transaction.atomic():
        report = _locked_draft(report, actor)
        due = periods_due(now.astimezone(report.city.config.zone).date())
        if (report.kind, Period(report.first_day, report.last_day)) in due:
            raise NotPossible(
                _("This report is asked for by clause 5.4 and is not deleted. Count it anew, or correct its words."),
                clause="5.4",
            )
        report.delete()


def _create(
    organisation: Organisation, kind: str, period: Period, now: datetime, *, actor: Any = None, tell: bool = False
) -> tuple[Report, bool]:
    key = {"organisation": organisation, "kind": kind, "first_day": period.first_day, "last_day": period.last_day}
    found = Report.objects.filter(**key).first()
    if found is not None:
        return found, False
    # Counted before the lock: it reads much and writes nothing.
    figures = figures_of(organisation.city, organisation, period)
    try:
        with transaction.atomic():
            if actor is not None:
                _ask(actor, organisation, kind)
            report = Report.objects.create(
                **key, city=organisation.city, figures=figures, drafted_at=now, counted_at=now
            )
            if tell:
                _write_letter(report, "report_drafted", f"organisation:{organisation.pk}", organisation, now)
    except IntegrityError:
        # Another worker was quicker; the database holds one report a period.
        return Report.objects.get(**key), False
    return report, True


def _write_letter(
    report: Report, template: str, recipient: str, organisation: Organisation | None, now: datetime
) -> None:
    Notice.objects.create(
        template=template,
        recipient=recipient,
        key=f"report:{report.pk}",
        city=report.city,
        report=report,
        organisation=organisation,
        send_after=now,
    )
    transaction.on_commit(ring_doorbell, robust=True)


def _locked(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("organisation", "city__city_settings")
        .get(pk=report.pk)
    )


def _locked_draft(report: Report, actor: Any) -> Report:
    """The draft as it is now, locked; permission first, then state."""
    report = _locked(report)
    _ask(actor, report.organisation, report.kind)
    if report.is_frozen:
        raise NotPossible(_("The report is signed and stays as it is."), clause="5.4", state="signed")
    return report


def _ask(actor: Any, organisation: Organisation, kind: str) -> None:
    """Weekly and monthly reports are the moderator's (5.4), general ones the control body's (2.9)."""
    fitting = organisation.is_control_body if kind == ReportKind.GENERAL else organisation.is_moderator
    if not fitting or not rules.allows("write_report", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("This is not for your role."), clause="2.9" if kind == ReportKind.GENERAL else "5.4")


def _checked(words: str) -> str:
    if len(words) > WORDS_LENGTH:
        fault = _("This is too long: at most %(count)d characters.") % {"count": WORDS_LENGTH}
        raise Missing(fault, fields={"words": fault}, clause="5.4")
    return words.strip()
