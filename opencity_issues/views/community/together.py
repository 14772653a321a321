"""Residents solve an issue themselves (1.1, T3, T7): the list of meetings, one meeting's page, and what is done there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opencity_issues import rules
from opencity_issues.actions.change_status import Move, change_status, offers
from opencity_issues.actions.community import moderate_undertaking, organise_initiative, take_part
from opencity_issues.actions.letters.community_letters import meeting_file
from opencity_issues.forms.community import HideUndertakingForm, InitiativeForm, MoveForm, ReasonForm, ResultForm
from opencity_issues.models import Initiative, IssuePage
from opencity_issues.procedure.refusals import Missing, NotPossible, Refusal
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.community import initiatives
from opencity_issues.rules import Roles
from opencity_issues.views.card import as_seen
from opencity_issues.views.community.visitor import files_of, moderator_of
from opencity_issues.views.report_files import bounded
from opencity_issues.views.visit import city_of, private, roles_of, status_of, visible_issue

MOVES = ("T3", "T7")
"""The transitions of 3.2 that self-organisation is a reason for."""


@require_safe
def together(request: HttpRequest) -> HttpResponse:
    """The meetings ahead, and what residents have done together lately."""
    city, now = city_of(request), timezone.now()
    context = {"coming": initiatives.coming(city, now), "done": initiatives.done(city, now)}
    return render(request, "opencity_issues/community/together.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, number: int) -> HttpResponse:
    """The form by which a resident gathers others; POST announces it."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    form = InitiativeForm(request.POST) if request.method == "POST" else InitiativeForm()
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            made = organise_initiative.start(issue, form.words, actor=request.user)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("It is announced. Send the link to your neighbours."))
            return redirect(made)
    elif not form.is_bound:
        refusal = _why_not_now(issue, roles_of(request))
    return _form_page(request, issue, form, refusal)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The organiser says it otherwise."""
    found, issue = _found(request, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if found.organiser_id != request.user.pk:
        raise Http404
    form = InitiativeForm(request.POST) if request.method == "POST" else InitiativeForm(initiative=found)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            organise_initiative.change(found, form.words, actor=request.user)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Changed. Everybody who takes part gets a letter."))
            return redirect(found)
    return _form_page(request, issue, form, refusal, found)


@require_safe
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, for everybody who may see it."""
    found, issue = _found(request, pk)
    return _page(request, found, issue)


@private
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap, and one takes part."""
    said = _("You take part. The date is below; add it to your calendar.")
    return _do(request, pk, lambda found: take_part.join(found, actor=request.user), said)


@private
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap back."""
    said = _("You do not take part any more. Your tasks are free again.")
    return _do(request, pk, lambda found: take_part.leave(found, actor=request.user), said)


@private
@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a free task on, or give one's own back."""

    def deed(found: Initiative) -> None:
        key = request.POST.get("task", "")
        chosen = get_object_or_404(found.tasks, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
        chosen.initiative = found
        taken = take_part.take_task(chosen, actor=request.user)
        messages.success(
            request, _("The task is yours. Thank you!") if taken.taken_by_id else _("The task is free again.")
        )

    return _do(request, pk, deed, "")


@private
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """The organiser calls it off, with the reason."""
    form = ReasonForm(request.POST)

    def deed(found: Initiative) -> None:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        organise_initiative.call_off(found, reason, actor=request.user)

    return _do(request, pk, deed, _("Called off. Everybody who takes part gets a letter."), reason_form=form)


@bounded
@private
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The organiser tells the result, with photos."""
    found, issue = _found(request, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    form = ResultForm(request.POST)
    media, refusal = files_of(request)
    if form.is_valid() and refusal is None:
        try:
            organise_initiative.report_result(found, form.cleaned_data["text"], actor=request.user, media=media)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Thank you! The result is on the card, and the moderator has it."))
            return redirect(found)
    kept = [ShownMedia.of(one) for one in media]
    return _page(request, found, issue, refusal=refusal, result_form=form, kept_media=kept)


@private
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The moderator accepts the issue as being solved by self-organisation (T3), or closes it on the result (T7)."""
    form = MoveForm(request.POST)

    def deed(found: Initiative) -> None:
        moderator = moderator_of(request, found.issue.city_id)
        words = form.cleaned_data["words"] if form.is_valid() else ""
        transition = request.POST.get("transition", "")
        if transition not in MOVES:
            raise NotPossible(
                _("There is no such transition to ask for."), transition=transition[:4], state=found.issue.status
            )
        asked = Move(reason=words, answer=words)
        change_status(found.issue, transition, actor=request.user, organisation=moderator, move=asked)

    said = _("The issue is closed.") if request.POST.get("transition") == "T7" else _("The issue is accepted.")
    return _do(request, pk, deed, said)


@private
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """The moderator hides it with a reason (5.1), or shows it again."""
    form = HideUndertakingForm(request.POST)

    def deed(found: Initiative) -> None:
        by = {"actor": request.user, "organisation": moderator_of(request, found.issue.city_id)}
        if request.POST.get("do") == "show":
            moderate_undertaking.show_again(found, **by)
        else:
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            moderate_undertaking.hide(found, reason=reason, **by)

    said = _("Shown again.") if request.POST.get("do") == "show" else _("Hidden. The rest of the card stays.")
    return _do(request, pk, deed, said, hide_form=form)


@require_safe
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting for a calendar program."""
    found, issue = _found(request, pk)
    found.issue = issue
    url = request.build_absolute_uri(found.get_absolute_url())
    answer = HttpResponse(
        meeting_file(found, request.get_host().partition(":")[0], url),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="meeting-{found.pk}.ics"',
            "X-Content-Type-Options": "nosniff",
        },
    )
    return as_seen(request, answer, issue)


def _found(request: HttpRequest, pk: int) -> tuple[Initiative, IssuePage]:
    """A meeting of this city that the visitor may see: a hidden one its organiser and the moderator alone. Raises Http404."""
    all_of_city = Initiative.objects.filter(issue__city=city_of(request)).select_related("issue")
    found = get_object_or_404(initiatives.with_parts(all_of_city), pk=pk)
    issue, roles = visible_issue(request, found.issue.number), roles_of(request)
    if found.hidden_at is not None:
        is_own = roles.user_id is not None and found.organiser_id == roles.user_id
        if not is_own and not roles.moderators(issue.city_id):
            raise Http404
    return found, issue


def _page(
    request: HttpRequest,
    found: Initiative,
    issue: IssuePage,
    *,
    refusal: Refusal | None = None,
    **forms: Any,
) -> HttpResponse:
    roles, now = roles_of(request), timezone.now()
    context: dict[str, Any] = {
        "shown": initiatives.show(found, issue, roles, now),
        "initiative": found,
        "issue": issue,
        "refusal": refusal,
        "is_refused": any(form.is_bound for name, form in forms.items() if name.endswith("_form")),
        "moderator": next(iter(roles.moderators(issue.city_id)), None),
        "move": _move_form(found, issue, roles, now),
        "may_ask_to_sign_in": not roles.is_registered,
        "reason_form": ReasonForm(auto_id="off-%s"),
        "result_form": ResultForm(auto_id="result-%s"),
        "hide_form": HideUndertakingForm(auto_id="hide-%s"),
        "url": request.build_absolute_uri(found.get_absolute_url()),
        "trail": [
            {"text": _("Residents’ own deeds"), "url": reverse("opencity_issues:together")},
            {"text": f"№ {issue.number}", "url": issue.get_absolute_url()},
        ],
        **forms,
    }
    status = 200
    if refusal is not None:
        status = status_of(refusal)
    elif context["is_refused"]:
        status = 400
    answer = render(request, "opencity_issues/community/initiative.html", context, status=status)
    if found.hidden_at is not None:
        answer["X-Robots-Tag"] = "noindex"
    return as_seen(request, answer, issue)


def _move_form(found: Initiative, issue: IssuePage, roles: Roles, now: datetime) -> dict[str, Any] | None:
    """What the moderator is offered here: T3 while it is planned, T7 on its result; None for anybody else."""
    wanted = initiatives.transition_for(found)
    if not any(offer.transition.id == wanted for offer in offers(issue, roles, now)):
        return None
    return {"transition": wanted, "form": MoveForm(initial={"words": initiatives.words_for(found)}, auto_id="move-%s")}


def _do(request: HttpRequest, pk: int, deed: Callable[[Initiative], Any], said: str, **forms: Any) -> HttpResponse:
    """Carry out a deed and go back to where it was asked for: the meeting's page, or the card (`back=card`)."""
    found, issue = _found(request, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    found.issue = issue
    try:
        deed(found)
    except Refusal as refusal:
        for form in forms.values():
            if isinstance(refusal, Missing) and form.is_valid():
                form.take_refusal(refusal)
        fresh, issue = _found(request, pk)
        return _page(request, fresh, issue, refusal=refusal, **forms)
    if said:
        messages.success(request, said)
    if request.POST.get("back") == "card":
        return redirect(f"{issue.get_absolute_url()}#together")
    return redirect(found)


def _form_page(
    request: HttpRequest,
    issue: IssuePage,
    form: InitiativeForm,
    refusal: Refusal | None,
    found: Initiative | None = None,
) -> HttpResponse:
    status = 200
    if refusal is not None:
        status = status_of(refusal) if form.is_bound else 200
        if isinstance(refusal, Missing):
            form.take_refusal(refusal)
    elif form.is_bound:
        status = 400
    context = {
        "form": form,
        "issue": issue,
        "initiative": found,
        "refusal": None if isinstance(refusal, Missing) else refusal,
        "trail": [{"text": f"№ {issue.number}", "url": issue.get_absolute_url()}],
    }
    return render(request, "opencity_issues/community/initiative_form.html", context, status=status)


def _why_not_now(issue: IssuePage, roles: Roles) -> Refusal | None:
    """What the action would say, so that nobody fills in a form for nothing."""
    try:
        organise_initiative.require_unsolved(issue)
        if not rules.allows("start_initiative", roles, issue):
            raise organise_initiative.not_permitted(roles)
        organise_initiative.require_none_ahead(issue)
    except Refusal as refusal:
        return refusal
    return None
