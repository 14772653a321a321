"""The room of reports on effectiveness (5.4, 2.9): the list, a report with its figures, its files, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues import rules
from opencity_issues.actions.reports import compile_report, report_files
from opencity_issues.forms.report_words import PeriodForm, ReportWordsForm, kinds_of
from opencity_issues.models import Organisation, Report
from opencity_issues.paper.drawing import draw
from opencity_issues.paper.structure import Plot
from opencity_issues.paper.xlsx import TYPE as XLSX_TYPE
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.reports.list import reports_of
from opencity_issues.queries.reports.paper import days_words, month_or_days, paper_of
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of

ROWS = 20
SCREEN_UNITS = 360.0


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For members of the moderator and of the control body; to other organisations this room is not there."""

    @for_members
    def answer(request: HttpRequest, organisation: Organisation, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.allows("see_reports", roles_of(request), organisation=organisation):
            raise Http404
        return view(request, organisation, *args, **kwargs)

    return answer


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def reports(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The organisation's reports and those passed to it; POST makes a draft by hand."""
    today = timezone.now().astimezone(organisation.city.config.zone).date()
    if request.method != "POST":
        return _list_page(request, organisation, PeriodForm(organisation=organisation, today=today))
    form = PeriodForm(request.POST, organisation=organisation, today=today)
    if not form.is_valid():
        return _list_page(request, organisation, form, status=400)
    try:
        report, new = compile_report.draft(organisation, form.cleaned_data["kind"], form.period, actor=request.user)
    except Refusal as refusal:
        _mark(form, refusal)
        return _list_page(request, organisation, form, refusal=refusal, status=status_of(refusal))
    if new:
        messages.success(request, _("The draft is ready: its figures are counted."))
    else:
        messages.info(request, _("There is a report for this period already."))
    return HttpResponseRedirect(_address(organisation, report))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def report_page(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One report with its figures; POST does one of `DEEDS` with it, keeping the words that came along."""
    report = _report(organisation, pk)
    if request.method != "POST":
        form = ReportWordsForm(initial={"words": report.words, "signer": _usual_signer(report)})
        return _report_page(request, organisation, report, form)
    name = request.POST.get("do", "")
    form = ReportWordsForm(request.POST, signing=name == "sign")
    if name not in DEEDS or (name in WITH_WORDS and not form.is_valid()):
        return _report_page(request, organisation, report, form, status=400)
    try:
        return DEEDS[name](request, organisation, report, form)
    except Refusal as refusal:
        _mark(form, refusal)
        report = _report(organisation, pk)
        return _report_page(request, organisation, report, form, refusal=refusal, status=status_of(refusal))


def _save(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    compile_report.write_words(report, form.cleaned_data["words"], actor=request.user)
    messages.success(request, _("The words are saved."))
    return HttpResponseRedirect(_address(organisation, report))


def _count(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    compile_report.count_anew(report, form.cleaned_data["words"], actor=request.user)
    messages.success(request, _("The figures are counted anew; your words are saved."))
    return HttpResponseRedirect(_address(organisation, report))


def _sign(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    given = form.cleaned_data
    compile_report.sign(report, given["signer"], given["words"], actor=request.user)
    messages.success(request, _("The report is signed. From now on it stays as it is."))
    return HttpResponseRedirect(_address(organisation, report))


def _pass(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    compile_report.pass_on(report, actor=request.user)
    messages.success(request, _("The report is passed to the control body, with its PDF and its workbook by e-mail."))
    return HttpResponseRedirect(_address(organisation, report))


def _receive(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    compile_report.take_note(report, actor=request.user, organisation=organisation)
    messages.success(request, _("The report is marked as received."))
    return HttpResponseRedirect(_address(organisation, report))


def _discard(request: HttpRequest, organisation: Organisation, report: Report, form: ReportWordsForm) -> HttpResponse:
    compile_report.discard(report, actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("opencity_issues:reports", args=[organisation.slug]))


DEEDS = {"save": _save, "count": _count, "sign": _sign, "pass": _pass, "receive": _receive, "discard": _discard}
WITH_WORDS = frozenset({"save", "count", "sign"})


@private
@require_safe
@for_readers
def report_pdf(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The print-ready A4 PDF, in the language of the organisation that wrote it."""
    report = _report(organisation, pk)
    return _file(report, "pdf", report_files.PDF_TYPE, report_files.pdf_of(report))


@private
@require_safe
@for_readers
def report_xlsx(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The figures as a workbook, with the list of issues."""
    report = _report(organisation, pk)
    return _file(report, "xlsx", XLSX_TYPE, report_files.xlsx_of(report))


def _file(report: Report, extension: str, kind: str, content: bytes) -> HttpResponse:
    name = report_files.file_name(report, extension)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(organisation: Organisation, pk: int) -> Report:
    seen = reports_of(organisation).values("pk")
    found = Report.objects.filter(pk__in=seen).select_related("organisation", "city__city_settings")
    return get_object_or_404(found, pk=pk)


def _list_page(
    request: HttpRequest,
    organisation: Organisation,
    form: PeriodForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(reports_of(organisation), ROWS).get_page(request.GET.get("page"))
    rows = [
        {
            "report": report,
            "own": report.organisation_id == organisation.pk,
            "period": month_or_days(Period(report.first_day, report.last_day)),
            "url": _address(organisation, report),
            "is_new": report.passed_at and not report.received_at and organisation.is_control_body,
        }
        for report in page
    ]
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "reports"),
        "form": form,
        "refusal": refusal,
        "page": page,
        "rows": rows,
        "kinds": kinds_of(organisation),
    }
    return render(request, "opencity_issues/reports/list.html", context, status=status)


def _report_page(
    request: HttpRequest,
    organisation: Organisation,
    report: Report,
    form: ReportWordsForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    paper = paper_of(report)
    is_own = report.organisation_id == organisation.pk
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "reports"),
        "form": form,
        "refusal": refusal,
        "report": report,
        "paper": paper,
        "period": days_words(Period(report.first_day, report.last_day)),
        "sections": [
            {
                "section": section,
                "blocks": [
                    (type(block).__name__, draw(block, SCREEN_UNITS) if isinstance(block, Plot) else block)
                    for block in section.blocks
                ],
            }
            for section in paper.sections
        ],
        "may_write": is_own and not report.is_frozen,
        "may_pass": is_own and report.is_frozen and not report.passed_at and report.kind != "general",
        "may_receive": organisation.is_control_body and report.passed_at and not report.received_at,
    }
    return render(request, "opencity_issues/reports/report.html", context, status=status)


def _usual_signer(report: Report) -> str:
    """Who signed this organisation's latest report; otherwise its head."""
    signed = Report.objects.filter(organisation=report.organisation_id).exclude(signed_at=None)
    latest = signed.order_by("-signed_at").values_list("signer", flat=True).first()
    return latest or report.organisation.head_position


def _address(organisation: Organisation, report: Report) -> str:
    return reverse("opencity_issues:report_page", args=[organisation.slug, report.pk])


def _mark(form: Any, refusal: Refusal) -> None:
    """What an action found missing, at its field."""
    if isinstance(refusal, Missing):
        for name, words in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(words))
