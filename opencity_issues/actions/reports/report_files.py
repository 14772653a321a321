"""A report on effectiveness as files: a print-ready A4 PDF and a workbook, in the language of who wrote it."""

from django.utils import translation

from opencity_issues.models import Report
from opencity_issues.paper.pdf import as_pdf
from opencity_issues.paper.xlsx import TYPE as XLSX_TYPE
from opencity_issues.paper.xlsx import as_xlsx
from opencity_issues.queries.reports.paper import paper_of

PDF_TYPE = "application/pdf"


def pdf_of(report: Report) -> bytes:
    """The report's PDF. A signed report gives the same bytes whenever it is asked for."""
    with translation.override(language_of(report)):
        return as_pdf(paper_of(report), report.signed_at or report.counted_at)


def xlsx_of(report: Report) -> bytes:
    """The report's workbook, with the list of issues of the period."""
    with translation.override(language_of(report)):
        return as_xlsx(paper_of(report, report.city.base_url), report.signed_at or report.counted_at)


def language_of(report: Report) -> str:
    """The language that the writing organisation had when the figures were counted."""
    return str(report.figures["language"])


def file_name(report: Report, extension: str) -> str:
    """`report-weekly-2026-11-16-2026-11-22.pdf`: plain letters, since mail programs garble others."""
    return f"report-{report.kind}-{report.first_day:%Y-%m-%d}-{report.last_day:%Y-%m-%d}.{extension}"


def attachments(report: Report) -> list[tuple[str, bytes, str]]:
    """What goes along with the letter that passes the report: (file name, content, type)."""
    return [
        (file_name(report, "pdf"), pdf_of(report), PDF_TYPE),
        (file_name(report, "xlsx"), xlsx_of(report), XLSX_TYPE),
    ]
