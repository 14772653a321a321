"""Room «Проєкти» of a cabinet: an organisation declares, changes, ends and calls off its projects (1.1)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opencity_issues.actions.community import declare_project
from opencity_issues.forms.community import ProjectForm, ProjectResultForm, ReasonForm
from opencity_issues.models import Category, District, IssuePage, Organisation, Project
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.community import needs, projects
from opencity_issues.views.community.visitor import files_of
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.report_files import bounded
from opencity_issues.views.visit import city_of, private, status_of

OFFERED_AT_MOST = 40
"""Issues of a need to choose from, those with most voices first."""


@private
@require_safe
@for_members
def room(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """All projects of the organisation, those hidden by the moderator included."""
    context = _frame(organisation) | {"projects": list(projects.own_projects(organisation))}
    return render(request, "opencity_issues/community/own_projects.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def declare(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The form of a new project, with the issues of the need that the address names to choose from; POST declares it."""
    category, area = _need(request)
    issues = needs.issues_of(city_of(request), category, area)[:OFFERED_AT_MOST] if category else []
    form = ProjectForm(request.POST or None, offered=list(issues), chosen=True)
    if request.method == "POST" and form.is_valid():
        district = District.objects.filter(city=city_of(request), pk=int(area) if area.isdigit() else 0).first()
        by = {"actor": request.user, "organisation": organisation}
        try:
            made = declare_project.declare(city_of(request), form.words, category=category, district=district, **by)
        except Refusal as refusal:
            return _form_page(request, organisation, form, refusal)
        messages.success(request, _("The project is declared. It is on the cards of its issues."))
        return redirect(made)
    return _form_page(request, organisation, form)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def change(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Other words, days or issues."""
    found = _own(organisation, pk)
    form = ProjectForm(request.POST or None, offered=_issues(found), project=found)
    if request.method == "POST" and form.is_valid():
        try:
            declare_project.change(found, form.words, actor=request.user, organisation=organisation)
        except Refusal as refusal:
            return _form_page(request, organisation, form, refusal, found)
        messages.success(request, _("The project is changed."))
        return redirect(found)
    return _form_page(request, organisation, form, None, found)


@private
@require_POST
@for_members
def call_off(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The project will not be carried out; everyone reads the reason."""
    form = ReasonForm(request.POST, auto_id="off-%s")

    def deed(found: Project) -> None:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        declare_project.call_off(found, reason, actor=request.user, organisation=organisation)

    return _end(request, organisation, pk, deed, _("The project is called off."), reason_form=form)


@bounded
@private
@require_POST
@for_members
def report(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The result, told on the card of each issue, with photos."""
    form = ProjectResultForm(request.POST, issues=_issues(_own(organisation, pk)), auto_id="result-%s")
    media, fault = files_of(request)

    def deed(found: Project) -> None:
        if fault is not None:
            raise fault
        given = form.cleaned_data if form.is_valid() else {"text": ""}
        declare_project.report_result(
            found,
            given.get("text", ""),
            actor=request.user,
            organisation=organisation,
            media=media,
            number=given.get("number"),
            own_words=form.own_words if form.is_valid() else None,
        )

    kept = [ShownMedia.of(one) for one in media]
    said = _("Thank you! The result is on the cards.")
    return _end(request, organisation, pk, deed, said, result_form=form, kept_media=kept)


@private
@require_safe
@for_members
def end(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Where the result is told, or the project called off."""
    return _end_page(request, organisation, _own(organisation, pk))


def _need(request: HttpRequest) -> tuple[Category | None, str]:
    """The need that the address names; no category where it names none."""
    area = request.GET.get("area", "")
    if not needs.is_area(area):
        return None, ""
    return Category.objects.active().filter(code=request.GET.get("category", "")[:20]).first(), area


def _own(organisation: Organisation, pk: int) -> Project:
    return get_object_or_404(Project.objects.filter(organisation=organisation), pk=pk)


def _issues(project: Project) -> list[IssuePage]:
    return list(projects.issues_of(project))


def _end(
    request: HttpRequest, organisation: Organisation, pk: int, deed: Callable[[Project], Any], said: str, **forms: Any
) -> HttpResponse:
    found = _own(organisation, pk)
    try:
        deed(found)
    except Refusal as refusal:
        for name, form in forms.items():
            if name.endswith("_form") and isinstance(refusal, Missing) and form.is_valid():
                form.take_refusal(refusal)
        return _end_page(request, organisation, _own(organisation, pk), refusal, **forms)
    messages.success(request, said)
    return redirect(found)


def _end_page(
    request: HttpRequest, organisation: Organisation, found: Project, refusal: Refusal | None = None, **forms: Any
) -> HttpResponse:
    context = _frame(organisation) | {
        "project": found,
        "refusal": None if isinstance(refusal, Missing) else refusal,
        "result_form": ProjectResultForm(issues=_issues(found), auto_id="result-%s"),
        "reason_form": ReasonForm(auto_id="off-%s"),
        **forms,
    }
    status = status_of(refusal) if refusal is not None else 200
    return render(request, "opencity_issues/community/project_end.html", context, status=status)


def _form_page(
    request: HttpRequest,
    organisation: Organisation,
    form: ProjectForm,
    refusal: Refusal | None = None,
    found: Project | None = None,
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    if refusal is not None:
        status = status_of(refusal)
        if isinstance(refusal, Missing):
            form.take_refusal(refusal)
            refusal = None
    context = _frame(organisation) | {"form": form, "project": found, "refusal": refusal}
    return render(request, "opencity_issues/community/project_form.html", context, status=status)


def _frame(organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "rooms": menu(organisation, "own_projects")}
