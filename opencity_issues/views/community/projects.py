"""Community projects (1.1) for the public: the list, one project, and the moderator's hiding."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from opencity_issues.actions.community import moderate_undertaking
from opencity_issues.enums import UndertakingState
from opencity_issues.forms.community import HideUndertakingForm
from opencity_issues.models import Project
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.queries.community import projects
from opencity_issues.views.community.visitor import moderator_of
from opencity_issues.views.visit import city_of, private, roles_of, status_of


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """All projects of the city: under way, carried out, called off."""
    found = projects.by_state(projects.projects_of(city_of(request)))
    context = {
        "under_way": found[UndertakingState.PLANNED],
        "done": found[UndertakingState.DONE],
        "cancelled": found[UndertakingState.CANCELLED],
    }
    return render(request, "opencity_issues/community/projects.html", context)


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project with its issues and its result; what is hidden only its organisation and the moderator see."""
    return _page(request, _found(request, pk))


@private
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """The moderator hides it with a reason (5.1), or shows it again."""
    found, form = _found(request, pk), HideUndertakingForm(request.POST, auto_id="hide-%s")
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    try:
        by = {"actor": request.user, "organisation": moderator_of(request, found.city_id)}
        if request.POST.get("do") == "show":
            moderate_undertaking.show_again(found, **by)
            messages.success(request, _("Shown again."))
        else:
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            moderate_undertaking.hide(found, reason=reason, **by)
            messages.success(request, _("Hidden. The cards of its issues stay."))
    except Refusal as refusal:
        return _page(request, _found(request, pk), refusal=refusal, hide_form=form)
    return redirect(found)


def _found(request: HttpRequest, pk: int) -> Project:
    found = get_object_or_404(
        Project.objects.filter(city=city_of(request)).select_related("organisation", "category", "district"), pk=pk
    )
    roles = roles_of(request)
    if found.hidden_at is not None and not (roles.belongs_to(found.organisation) or roles.moderators(found.city_id)):
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Project,
    *,
    refusal: Refusal | None = None,
    hide_form: HideUndertakingForm | None = None,
) -> HttpResponse:
    roles = roles_of(request)
    told_in_form = isinstance(refusal, Missing)
    context: dict[str, Any] = {
        "shown": projects.show(found, timezone.now()),
        "project": found,
        "is_own": roles.belongs_to(found.organisation),
        "moderator": next(iter(roles.moderators(found.city_id)), None),
        "refusal": None if told_in_form else refusal,
        "hide_form": hide_form or HideUndertakingForm(auto_id="hide-%s"),
        "trail": [{"text": _("Community projects"), "url": reverse("opencity_issues:projects")}],
    }
    status = status_of(refusal) if refusal is not None else 200
    answer = render(request, "opencity_issues/community/project.html", context, status=status)
    if found.hidden_at is not None:
        answer["X-Robots-Tag"] = "noindex"
    if request.user.is_authenticated:
        answer["Cache-Control"] = "no-store, private"
    return answer
