"""The page of an executor without an account: one assignment, opened by its private link and by nothing else (2.8, 4.4, 4.5).

It uses no session, no cookie and no script. GET changes nothing, since mail scanners open links. The address is the
credential, so another site cannot make a browser act here, and the token of CSRF, which needs a cookie, is not asked for.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.cabinet import work_as_executor
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST
from opencity_issues.actions.take_media import take
from opencity_issues.actions.work_on_assignment import Answer
from opencity_issues.forms.executor import AskForm, DoneForm, ExecutorForm, ExplainForm
from opencity_issues.models import ExecutorLink
from opencity_issues.procedure.refusals import Missing, NotPermitted, Refusal
from opencity_issues.queries import executor_links
from opencity_issues.queries.card.executor_page import executor_page
from opencity_issues.queries.executor_links import LinkState
from opencity_issues.views import map_drawing
from opencity_issues.views.report_files import BoundedUpload
from opencity_issues.views.visit import city_of, private, status_of

FORMS: dict[str, type[ExecutorForm]] = {"done": DoneForm, "ask": AskForm, "explain": ExplainForm}

THANKS = {
    "done": _("Thank you. Your report is with the responsible worker, the head and the control body."),
    "ask": _("The question is sent to the author. The reply will stand on this page."),
    "explain": _("The explanation is on the card, and the author gets it by e-mail."),
}


@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def executor(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link; 404 for an address that was never given, 410 for a link that has ended."""
    request.upload_handlers.insert(0, BoundedUpload(request))
    return _unseen(_answer(request, token))


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    link = executor_links.find(token)
    if link is None or link.assignment.issue.city_id != city_of(request).pk:
        return render(request, "opencity_issues/executor/unknown.html", {"city": city_of(request).config}, status=404)
    state = executor_links.state_of(link, timezone.now())
    if state != LinkState.OPEN:
        return _over(request, link, state)
    return _act(request, link, token) if request.method == "POST" else _show(request, link)


def _act(request: HttpRequest, link: ExecutorLink, token: str) -> HttpResponse:
    do = request.POST.get("do", "")
    if do not in FORMS:
        return _show(request, link, status=400)
    form = FORMS[do](request.POST, request.FILES)
    try:
        _let_files_in(request, form)
        if not form.is_valid():
            return _show(request, link, form=form, status=400)
        _carry_out(link, form)
    except NotPermitted:
        link.refresh_from_db()
        return _over(request, link, executor_links.state_of(link, timezone.now()))
    except Refusal as refusal:
        fields = refusal.fields if isinstance(refusal, Missing) else {}
        for name, words in fields.items():
            form.add_error(name if name in form.fields else None, str(words))
        return _show(request, link, form=form, refusal=refusal, status=status_of(refusal))
    page = reverse("opencity_issues:executor", args=[token])
    return HttpResponseRedirect(f"{page}?{urlencode({'said': do})}")


def _let_files_in(request: HttpRequest, form: ExecutorForm) -> None:
    """Files through the gate; those that came in stay with the form when something else is wrong."""
    form.is_valid()
    form.kept = work_as_executor.waiting_files(request.POST.getlist("kept"))
    for upload in form.cleaned_data.get("files") or []:
        if len(form.kept) >= MEDIA_AT_MOST:
            form.add_error("files", str(_("Add at most %(count)d photos and videos.") % {"count": MEDIA_AT_MOST}))
            return
        try:
            form.kept.append(take(upload).media)
        except Missing as missing:
            form.add_error("files", str(missing.message))


def _carry_out(link: ExecutorLink, form: ExecutorForm) -> None:
    given = form.cleaned_data
    if form.do == "done":
        work_as_executor.report_done(link, given["text"], media=form.kept)
    elif form.do == "ask":
        work_as_executor.ask_author(link, given["text"])
    else:
        work_as_executor.explain(link, Answer(given["text"], given["planned_date"], given["explains"]))


def _show(
    request: HttpRequest,
    link: ExecutorLink,
    *,
    form: ExecutorForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    page = executor_page(link)
    context: dict[str, Any] = {
        "page": page,
        "issue": page.issue,
        "city": page.issue.city.config,
        "forms": [form if form is not None and form.do == do else kind() for do, kind in FORMS.items()],
        "opened": form.do if form is not None else "",
        "form": form,
        "refusal": refusal,
        "thanks": THANKS.get(request.GET.get("said", "")) if form is None else None,
        "paths": map_drawing.paths(page.piece) if page.piece else [],
        "words": map_drawing.words(page.piece.labels) if page.piece else [],
    }
    return render(request, "opencity_issues/executor/executor.html", context, status=status)


def _over(request: HttpRequest, link: ExecutorLink, state: LinkState) -> HttpResponse:
    context = {"state": state, "organisation": link.assignment.organisation, "city": city_of(request).config}
    return render(request, "opencity_issues/executor/over.html", context, status=410)


def _unseen(response: HttpResponse) -> HttpResponse:
    """The address goes to no other site, no search engine and no cache."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
