"""The way of reporting, screen 4 and the last page: reads like the card it will become, names who gets it, and sends."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues.actions.route_issue import receivers
from opencity_issues.actions.submit_issue import Report, submit_issue
from opencity_issues.enums import MediaKind
from opencity_issues.forms.report import SendForm
from opencity_issues.models import Citizen, Draft, IssueIndexPage, Media, Organisation
from opencity_issues.procedure.deadlines import due_at
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.gazetteer import near_what
from opencity_issues.views.report import frame, screen, where_form
from opencity_issues.views.report_draft import current_draft, is_left_by_somebody, keep, remember, sent_draft, typed
from opencity_issues.views.report_guidance import what_form
from opencity_issues.views.visit import city_of, private, status_of, visible_issue


@private
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """4. Everything once more. Whoever comes too early is led to the screen where something is missing."""
    draft = current_draft(request)
    if draft is None:
        return _nothing_to_send(request)
    report = report_of(request, draft)
    if isinstance(report, str):
        return redirect(f"opencity_issues:{report}")
    return _show(request, draft, report, _send_form(request, draft))


@private
@screen
def send(request: HttpRequest) -> HttpResponse:
    """Send the draft: sign-in comes before this and leads back to the review; a second click finds what the first made."""
    already = sent_draft(request)
    if already is not None:
        return _to_last_page(already)
    draft = current_draft(request)
    if draft is None:
        return _nothing_to_send(request)
    if request.method != "POST":
        return redirect("opencity_issues:report_review")
    keep(draft, review=typed(request.POST, ["show_author"]))
    if draft.issue_id is not None:  # another click was quicker
        return _to_last_page(draft)
    if "back" in request.POST:
        return redirect("opencity_issues:report_photos")
    report = report_of(request, draft)
    if isinstance(report, str):
        return redirect(f"opencity_issues:{report}")
    return _send(request, draft, report)


@private
@require_safe
def sent(request: HttpRequest, number: int) -> HttpResponse:
    """The last page, for the author alone: number, link, who received it, and what they must do by when."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated or issue.author_id != request.user.pk:
        raise Http404
    calendar = issue.city.config.calendar()
    last_days = {
        (deadline.assignment_id, deadline.clause): calendar.last_day(deadline.due_at)
        for deadline in issue.deadlines.all()
    }
    receiving = [
        {
            "name": assignment.organisation.name,
            "accept_by": last_days.get((assignment.pk, "4.3")),
            "solve_by": last_days.get((assignment.pk, "4.4")),
        }
        for assignment in issue.assignments.all()
        if assignment.is_active
    ]
    context = {"issue": issue, "receivers": receiving, "link": request.build_absolute_uri(issue.get_absolute_url())}
    if issue.is_published and not receiving:
        context["control_bodies"] = _control_bodies(issue.city)
    return render(request, "opencity_issues/report/sent.html", context)


def report_of(request: HttpRequest, draft: Draft) -> Report | str:
    """The draft as a report, or the address's name of the screen where something is missing or wrong."""
    where = where_form(request, draft.data.get("where", {}))
    if not where.is_valid():
        return "report"
    what = what_form(request, draft.data.get("what", {}))
    if not what.is_valid():
        return "report_what"
    request._opencity_answers = what.answers_shown  # type: ignore[attr-defined]
    return Report(
        title=what.cleaned_data["title"],
        description=what.cleaned_data["description"],
        categories=what.cleaned_data["categories"],
        location=where.location,
        address=where.cleaned_data["address"],
        media=list(Media.objects.filter(draft=draft)),
        key=str(draft.pk),
        draft=draft,
        answers=draft.data.get("what", {}).get("answers", {}),
    )


def _send(request: HttpRequest, draft: Draft, report: Report) -> HttpResponse:
    if not request.user.is_authenticated:
        return remember(_to_sign_in(), draft, request)
    form = SendForm(request.POST, asks_terms=_asks_terms(request))
    if not form.is_valid():
        return _show(request, draft, report, form)
    return _submit(request, draft, report, form)


def _submit(request: HttpRequest, draft: Draft, report: Report, form: SendForm) -> HttpResponse:
    report = replace(report, show_author=form.cleaned_data["show_author"])
    if "accept_terms" in form.fields:
        citizen = _citizen(request, save=True)
        citizen.accept_terms()
        citizen.save(update_fields=["terms_version", "terms_accepted_at", "consent_at"])
    try:
        issue = submit_issue(city_of(request), report, author=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        for message in getattr(refusal, "fields", {}).values():
            form.add_error(None, str(message))
        response = _show(request, draft, report, form)
        response.status_code = status_of(refusal)
        return response
    # The issue holds the words now; the draft stays for a second click, without them.
    Draft.objects.filter(pk=draft.pk).update(data={})
    return remember(redirect("opencity_issues:report_sent", issue.number), draft, request)


def _show(request: HttpRequest, draft: Draft, report: Report, form: SendForm) -> HttpResponse:
    city = city_of(request)
    receiving = receivers(city, report.categories)
    photos = [_photo(media) for media in report.media if media.kind == MediaKind.PHOTO]
    context = frame(request, "report_review") | {
        "form": form,
        "report": report,
        "answers": getattr(request, "_opencity_answers", []),
        "photos": photos,
        "other_photos": photos[1:],
        "videos": [media for media in report.media if media.kind == MediaKind.VIDEO],
        "receivers": receiving,
        "control_bodies": [] if receiving else _control_bodies(city),
        "config": city.config,
        "asks_terms": "accept_terms" in form.fields,
        "place": f"{report.location[0]},{report.location[1]}" if report.location else "",
        "near": near_what(city, *report.location) if report.location and not report.address else "",
        **_terms(city),
    }
    return render(request, "opencity_issues/report/review.html", context)


def _terms(city: IssueIndexPage) -> dict[str, date]:
    """The last days of 4.3 and 4.4 for an issue that is routed now."""
    calendar, now = city.config.calendar(), timezone.now()
    return {
        "accept_by": calendar.last_day(due_at("4.3", now, calendar)),
        "solve_by": calendar.last_day(due_at("4.4", now, calendar)),
    }


def _photo(media: Media) -> dict[str, Any]:
    return {"url": media.url("large"), "thumb": media.url("medium")}


def _control_bodies(city: IssueIndexPage) -> list[Organisation]:
    return list(Organisation.objects.active().filter(city=city, is_control_body=True))


def _send_form(request: HttpRequest, draft: Draft) -> SendForm:
    kept = draft.data.get("review")
    shown = bool(kept.get("show_author")) if kept else request.user.is_authenticated and _citizen(request).show_name
    return SendForm(initial={"show_author": shown}, asks_terms=_asks_terms(request))


def _asks_terms(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not _citizen(request).has_accepted_terms


def _citizen(request: HttpRequest, *, save: bool = False) -> Citizen:
    """The visitor's row, made only where it is to be written."""
    citizen: Citizen | None = getattr(request, "_opencity_citizen", None)
    if citizen is None:
        citizen = Citizen.objects.filter(user_id=request.user.pk).first()
        citizen = citizen or Citizen(user_id=request.user.pk, language=get_language() or settings.LANGUAGE_CODE)
        request._opencity_citizen = citizen  # type: ignore[attr-defined]
    if save and citizen.pk is None:
        citizen = Citizen.objects.get_or_create(user_id=citizen.user_id, defaults={"language": citizen.language})[0]
    return citizen


def _to_last_page(draft: Draft) -> HttpResponse:
    return redirect("opencity_issues:report_sent", draft.issue.number)


def _to_sign_in() -> HttpResponse:
    return redirect_to_login(reverse("opencity_issues:report_send"), login_url=settings.LOGIN_URL)


def _nothing_to_send(request: HttpRequest) -> HttpResponse:
    if is_left_by_somebody(request):
        return _to_sign_in()
    messages.info(request, _("There is nothing to send yet. Begin with the place."))
    return redirect("opencity_issues:report")
