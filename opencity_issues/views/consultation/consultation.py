"""The room of consultations (5.6): questions to the moderator, what was answered, and notes of advice given by telephone."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from opencity_issues import rules
from opencity_issues.actions.consultation.consult import answer, ask, note_advice
from opencity_issues.forms.consultation import AnswerQuestionForm, AskForm, NoteAdviceForm, SearchForm
from opencity_issues.models import Organisation
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.consultation import questions, waiting_question
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of


def sections(organisation: Organisation, current: str) -> list[dict[str, Any]]:
    """The parts of the room, for `consultation/sections.html`; `current` is the url name of the open one."""
    parts = (
        ("consultation", pgettext("part of consultations", "Questions"), "message-circle"),
        ("consultation_plans", pgettext("part of consultations", "Plan"), "clipboard-list"),
        ("seminars", pgettext("part of consultations", "Seminars"), "graduation-cap"),
    )
    return [
        {
            "title": title,
            "icon": icon,
            "url": reverse(f"opencity_issues:{name}", args=[organisation.slug]),
            "current": name == current,
        }
        for name, title, icon in parts
    ]


def frame(organisation: Organisation, section: str) -> dict[str, Any]:
    """What each page of the room shows around its own."""
    return {
        "organisation": organisation,
        "rooms": menu(organisation, "consultation"),
        "sections": sections(organisation, section),
    }


def take_refusal(form: Form, refusal: Refusal) -> None:
    """Show what an action found missing at its fields, the rest above the form."""
    if not isinstance(refusal, Missing):
        return
    for name, words in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(words))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def consultation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Questions waiting and answered; POST asks, answers, or notes (`do`)."""
    if request.method != "POST":
        return _page(request, organisation)
    deeds = {"ask": _ask, "answer": _answer, "note": _note}
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        return _page(request, organisation, status=400)
    return deed(request, organisation)


def _ask(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, ask_form=form, status=400)
    try:
        ask(organisation, actor=request.user, **form.cleaned_data)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _page(request, organisation, ask_form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("Your question is with the moderator. The answer comes here and to the mailbox."))
    return _back(organisation)


def _answer(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    key = request.POST.get("key", "")
    found = waiting_question(organisation, int(key)) if key.isdecimal() and len(key) < 18 else None
    if found is None:
        if not rules.allows("consult", roles_of(request), organisation=organisation):
            return _page(request, organisation, status=403)
        raise Http404
    form = AnswerQuestionForm(request.POST, auto_id=f"answer-{found.pk}-%s")
    refusal = None
    if form.is_valid():
        try:
            answer(found, form.cleaned_data["answer"], actor=request.user, organisation=organisation)
        except Refusal as refused:
            take_refusal(form, refused)
            refusal = refused
        else:
            messages.success(request, _("The answer is sent to %(name)s.") % {"name": found.organisation.name})
            return _back(organisation)
    return _page(
        request,
        organisation,
        answer_form=form,
        answered_key=found.pk,
        refusal=refusal,
        status=status_of(refusal) if refusal else 400,
    )


def _note(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = NoteAdviceForm(request.POST, city_id=organisation.city_id)
    if not form.is_valid():
        return _page(request, organisation, note_form=form, status=400)
    given = form.cleaned_data
    asked, person_id = form.asked
    try:
        note_advice(
            asked,
            given["question"],
            given["answer"],
            actor=request.user,
            organisation=organisation,
            way=given["way"],
            person_id=person_id,
            name=given["name"],
        )
    except Refusal as refusal:
        take_refusal(form, refusal)
        return _page(request, organisation, note_form=form, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The note is kept."))
    return _back(organisation)


def _back(organisation: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:consultation", args=[organisation.slug]))


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    ask_form: AskForm | None = None,
    answer_form: AnswerQuestionForm | None = None,
    answered_key: int = 0,
    note_form: NoteAdviceForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    search = SearchForm(request.GET)
    search.is_valid()
    text = search.cleaned_data.get("text", "").strip()
    found = questions(organisation, text, request.GET.get("page", "1"))
    context = frame(organisation, "consultation") | {
        "search": search,
        "text": text,
        "waiting": [
            (one, answer_form if one.pk == answered_key else AnswerQuestionForm(auto_id=f"answer-{one.pk}-%s"))
            for one in found.waiting
        ],
        "answered": found.answered,
        "page": found.page,
        "refusal": refusal,
        "form": ask_form or answer_form or note_form,
        "ask_form": None,
        "note_form": None,
    }
    if organisation.is_moderator:
        context["note_form"] = note_form or NoteAdviceForm(city_id=organisation.city_id)
        context["note_open"] = note_form is not None
    else:
        number = request.GET.get("issue", "")
        initial = {"number": number} if number.isdecimal() and len(number) < 10 else {}
        context["ask_form"] = ask_form or AskForm(initial=initial)
        context["ask_open"] = ask_form is not None or bool(initial)
    return render(request, "opencity_issues/consultation/questions.html", context, status=status)
