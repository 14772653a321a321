"""A report on effectiveness as a paper in one language: what its figures are called, and how each was counted."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from opencity_issues.enums import ReportKind
from opencity_issues.models import Report
from opencity_issues.paper.structure import Paper, Section, Share, Signature, Text
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.reports import plots as report_plots
from opencity_issues.queries.reports import tables as report_tables
from opencity_issues.queries.reports.definitions import definitions
from opencity_issues.queries.reports.tables import name_of


def paper_of(report: Report, base_url: str = "") -> Paper:
    """The whole report in the active language. Reads nothing but the report's own row.

    `base_url` stands before the addresses of issues in the workbook; without it the list has no links.
    """
    figures = report.figures
    return Paper(
        language=get_language() or "uk",
        title=_general_title(report),
        subtitle=_(
            "on how effectively the community's problems are solved and how effectively the executive bodies of the city "
            "council work on the problems that citizens report through the System"
        ),
        period=period_words(Period(report.first_day, report.last_day)),
        facts=_facts(report),
        sections=tuple(section for section in _sections(report, base_url) if section.blocks),
        signature=_signature(report),
        mark="" if report.is_frozen else pgettext("report", "Draft"),
        author=name_of(figures["organisation"]),
        page_words=pgettext("numbering", "page %(page)s of %(pages)s"),
        continued=pgettext("table", "continued"),
        highlights=_highlights(figures),
    )


def period_words(period: Period) -> str:
    """The period as an official paper says it: a week, a month, or from one day to another."""
    if period.is_month:
        month = formats.date_format(period.first_day, "F").lower() if get_language() == "uk" else ""
        month = month or formats.date_format(period.first_day, "F")
        return _("for %(month)s %(year)d") % {"month": month, "year": period.first_day.year}
    if period.is_week:
        return _("for the week of %(days)s") % {"days": days_words(period)}
    return _("for the period from %(first)s to %(last)s") % {
        "first": _day(period.first_day),
        "last": _day(period.last_day),
    }


def days_words(period: Period) -> str:
    """`16–22 November 2026`, `30 November – 6 December 2026`, or both days in full."""
    first, last = period.first_day, period.last_day
    if first == last:
        return _day(first)
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    if first.month != last.month:
        return f"{formats.date_format(first, 'j E')} – {_day(last)}"
    return f"{first.day}–{_day(last)}"


def _day(day: date) -> str:
    # "E" is the month as it stands in a date (uk: «листопада»).
    return pgettext("date", "%(day)s %(year)d") % {"day": formats.date_format(day, "j E"), "year": day.year}


def _local(report: Report, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(report.figures["zone"])).date()


def _general_title(report: Report) -> str:
    titles = {
        ReportKind.WEEKLY: _("Weekly report"),
        ReportKind.MONTHLY: _("Monthly report"),
        ReportKind.GENERAL: _("General report"),
    }
    return str(titles[ReportKind(report.kind)])


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    figures = report.figures
    facts = [(_("City"), figures["city"]), (_("Prepared by"), name_of(figures["organisation"]))]
    addressees = "; ".join(name_of(one) for one in figures["addressees"])
    if report.kind != ReportKind.GENERAL and addressees:
        facts.append((_("Submitted to"), addressees))
    ground = _("clause 2.9 of the Procedure") if report.kind == ReportKind.GENERAL else _("clause 5.4 of the Procedure")
    facts.append((pgettext("report", "Ground"), ground))
    before = Period(*(date.fromisoformat(day) for day in figures["previous"]))
    facts.append((_("Compared with"), month_or_days(before)))
    facts.append((pgettext("report", "Counted"), _day(_local(report, report.counted_at))))
    return tuple(facts)


def month_or_days(period: Period) -> str:
    """A period without a preposition, for a column or a line: `October 2026`, `9–15 November 2026`."""
    if period.is_month:
        month = formats.date_format(period.first_day, "F").lower() if get_language() == "uk" else None
        return pgettext("month", "%(month)s %(year)d") % {
            "month": month or formats.date_format(period.first_day, "F"),
            "year": period.first_day.year,
        }
    return days_words(period)


def _highlights(figures: dict[str, Any]) -> tuple[tuple[Any, str], ...]:
    totals, terms = figures["totals"], figures["terms"]

    def kept(clause: str) -> Share:
        return report_tables.share_in_time(terms[clause][0])

    return (
        (totals["received"][0], _("issues received")),
        (totals["closed"][0], pgettext("figure", "issues closed")),
        (kept("4.3"), _("accepted in time (cl. 4.3)")),
        (kept("4.4"), _("solved or answered in time (cl. 4.4)")),
        (totals["overdue"][0], _("overdue when the period ended")),
    )


def _sections(report: Report, base_url: str) -> list[Section]:
    figures = report.figures
    sections = [
        Section(pgettext("report", "Main figures"), (report_tables.main_figures(figures),), "main"),
        Section(
            _("Terms of the Procedure"),
            (report_tables.terms(figures), report_tables.medians(figures)),
            "terms",
        ),
        Section(
            _("Received and closed"),
            tuple(filter(None, (report_plots.by_day(figures), report_tables.statuses(figures)))),
            "flow",
        ),
        Section(
            pgettext("report", "By category"),
            tuple(filter(None, (report_plots.by_category(figures), report_tables.by_category(figures)))),
            "categories",
        ),
        Section(
            pgettext("report", "By district"), tuple(filter(None, (report_tables.by_district(figures),))), "districts"
        ),
        Section(
            pgettext("report", "By organisation"),
            tuple(filter(None, (report_plots.by_organisation(figures), *report_tables.by_organisation(figures)))),
            "organisations",
        ),
        Section(_("Issues of the period"), report_tables.issues(figures, base_url), "issues"),
        Section(_("How it was counted"), (definitions(),), "definitions"),
        Section(_("Conclusions and proposals"), _words(report), "words"),
    ]
    consultation = report_tables.consultation(figures)
    if consultation:
        sections.insert(6, Section(_("Consultation of responsible workers"), (consultation,), "consultation"))
    return sections


def _words(report: Report) -> tuple[Text, ...]:
    paragraphs = tuple(line.strip() for line in report.words.splitlines() if line.strip())
    return (Text(paragraphs),) if paragraphs else ()


def _signature(report: Report) -> Signature:
    position, _comma, name = report.signer.rpartition(",")
    note = ""
    if report.signed_at:
        note = _("Signed in the System on %(day)s: %(signer)s.") % {
            "day": _day(_local(report, report.signed_at)),
            "signer": report.signer.rstrip("."),
        }
    return Signature(
        position=position.strip() or ("" if name else report.signer),
        name=name.strip(),
        labels=(_("(position)"), _("(signature)"), _("(first name, surname)")),
        date_line=_("“____” ______________ 20____"),
        stamp=_("Place of the stamp (if there is one)"),
        note=note,
    )
