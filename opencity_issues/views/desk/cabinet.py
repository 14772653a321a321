"""An organisation's cabinet: what waits, the rows, and the issue ready to act on. One address for looking and acting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues import rules
from opencity_issues.actions.offer_deeds import awaited, is_permitted, offered_deeds, party_of
from opencity_issues.actions.take_media import take, waiting_for
from opencity_issues.enums import Party, Publication
from opencity_issues.forms.cabinet import DeedForm
from opencity_issues.forms.work import TemplatedForm
from opencity_issues.models import IssuePage, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, Refusal
from opencity_issues.queries.card.why_held import next_held
from opencity_issues.queries.desk.desk import Desk, desk, issue_on_desk
from opencity_issues.queries.desk.issue import opened_issue
from opencity_issues.queries.desk.queues import MOST, TITLES, Function, functions_of
from opencity_issues.views.desk.deeds import (
    DEEDS,
    DeskDeed,
    Order,
    letter_of,
    letters,
    part_of,
    person_behind,
    unblock,
)
from opencity_issues.views.desk.list import address, list_head, narrowing_of
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, roles_of, status_of

PARTIES = {
    Function.WORK: Party.RESPONSIBLE_WORKER,
    Function.CONTROL: Party.CONTROL_BODY,
    Function.MODERATION: Party.MODERATOR,
}


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def cabinet(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """GET shows and changes nothing; POST does the deed that the address names (`?issue=12&do=T2`)."""
    if request.method == "POST":
        return _act(request, organisation)
    name, part = request.GET.get("do", ""), request.GET.get("part", "")
    return _show(request, organisation, deed=DEEDS.get(name), part=part)


def _act(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    name, part = request.GET.get("do", ""), request.GET.get("part", "")
    if name == "unblock":
        return _unblock(request, organisation, part)
    deed, issue = DEEDS.get(name), _asked_issue(request, organisation)
    if deed is None or issue is None:
        raise Http404
    form = None
    try:
        if not is_permitted(name, issue, organisation, roles_of(request)):
            refusal = NotPermitted(_("This is not for your role."))
            return _show(request, organisation, deed=deed, part=part, refusal=refusal, status=403)
        form, given = _filled(request, deed, issue, organisation)
        if form is not None and not form.is_valid():
            return _show(request, organisation, deed=deed, part=part, form=form, status=400)
        kept = form.kept if form is not None else []
        deed.carry_out(Order(issue, organisation, request.user, given, kept, part))
    except Refusal as refusal:
        if isinstance(refusal, Missing) and form is not None:
            form.take_refusal(refusal.fields, refusal.message)
        return _show(request, organisation, deed=deed, part=part, form=form, refusal=refusal, status=status_of(refusal))
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    messages.success(request, f"№ {issue.number}. {deed.done}" if deed.moves_on else str(deed.done))
    number = issue.number
    if deed.moves_on and issue.publication == Publication.HELD:
        number = next_held(organisation, issue.number)
    return HttpResponseRedirect(address(request, organisation, issue=number))


def _filled(
    request: HttpRequest, deed: DeskDeed, issue: IssuePage, organisation: Organisation
) -> tuple[DeedForm | None, dict[str, Any]]:
    """The form as it was sent, its files let in through the gate. Raises Missing for a file that may not come in."""
    if deed.form is None:
        return None, {}
    form = deed.form(request.POST, request.FILES, issue=issue, organisation=organisation)
    form.kept = waiting_for(request.user, request.POST.getlist("kept"))
    form.is_valid()
    for upload in form.cleaned_data.get("files") or []:
        try:
            form.kept.append(take(upload, uploader=request.user).media)
        except Missing as missing:
            form.add_error("files", str(missing.message))
    return form, form.cleaned_data


def _unblock(request: HttpRequest, organisation: Organisation, key: str) -> HttpResponse:
    try:
        unblock(key, actor=request.user, organisation=organisation)
    except Refusal as refusal:
        return _show(request, organisation, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The block is lifted."))
    return HttpResponseRedirect(address(request, organisation))


def _show(
    request: HttpRequest,
    organisation: Organisation,
    *,
    deed: DeskDeed | None = None,
    part: str = "",
    form: DeedForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    narrowing = narrowing_of(request, organisation)
    asked = _asked_number(request)
    queue, page = request.GET.get("queue", ""), request.GET.get("page", "1")
    shown = desk(organisation, queue, narrowing.chosen, page, asked, now, request.user.pk)
    context: dict[str, Any] = {
        "organisation": organisation,
        "rooms": menu(organisation, "cabinet"),
        "desk": shown,
        "groups": _groups(request, shown),
        "rows": [(row, address(request, organisation, queue=shown.queue.name, issue=row.number)) for row in shown.rows],
        **list_head(request, organisation, shown, narrowing),
        "cabinets": [own for own in roles_of(request).organisations if own.city_id == organisation.city_id],
        "list_url": address(request, organisation, queue=shown.queue.name),
        "refusal": refusal,
        "asked": asked,
        "all_keys": _all_keys(organisation),
    }
    if shown.opened is not None and rules.allows("see_desk_view", roles_of(request), shown.opened):
        context |= _pane(request, organisation, shown, deed, part, form)
    elif asked:
        status = 404 if status == 200 else status
    return render(request, "opencity_issues/cabinet/cabinet.html", context, status=status)


def _pane(
    request: HttpRequest,
    organisation: Organisation,
    shown: Desk,
    deed: DeskDeed | None,
    part: str,
    form: DeedForm | None,
) -> dict[str, Any]:
    """What the right pane shows: the issue, the deeds that are lawful now, and the form of the one that was chosen."""
    issue, now = shown.opened, timezone.now()
    assert issue is not None  # noqa: S101 - asked by the caller; for the type checker
    roles = roles_of(request)
    offered = offered_deeds(issue, organisation, roles, now)
    place = {"queue": shown.queue.name, "issue": issue.number}
    context: dict[str, Any] = {
        "opened": opened_issue(
            issue, organisation, roles, now, with_bounced=organisation.is_control_body and issue.has_bounced
        ),
        "offered": offered,
        "deeds": _deeds(request, organisation, offered, place, deed, awaited(issue, offered, now)),
        "pane_url": address(request, organisation, **place),
        "seen_url": address(request, organisation, **place, do="seen") if "seen" in offered else "",
    }
    if deed is None or deed.form is None or (deed.name not in offered and form is None):
        return context
    if (deed.of_part or part) and form is None:
        _check_part(issue, deed, part)
    if form is None:
        form = deed.form(issue=issue, organisation=organisation)
        if isinstance(form, TemplatedForm):
            form.begin_from(request.GET.get("template", ""))
    context |= {
        "deed": deed,
        "form": form,
        "clause": offered.get(deed.name, ""),
        "is_offered": deed.name in offered,
        "form_url": address(request, organisation, **place, do=deed.name, part=part),
    }
    return context


def _deeds(
    request: HttpRequest,
    organisation: Organisation,
    offered: dict[str, str],
    place: dict[str, Any],
    chosen: DeskDeed | None,
    waits_for: str,
) -> list[dict[str, Any]]:
    """The buttons in the order of the table; the first that is a main one, or waited for, is the screen's main button."""
    letter = letters_of(organisation)
    open_ones = [one for one in DEEDS.values() if one.name in offered and not one.of_part and one.name != "seen"]
    main = next((one.name for one in open_ones if one.main or one.name == waits_for), "")
    return [
        {
            "deed": one,
            "letter": letter[one.name],
            "clause": offered[one.name],
            "is_main": one.name == main,
            "is_chosen": chosen is not None and chosen.name == one.name,
            "url": address(request, organisation, **place, do=one.name),
        }
        for one in open_ones
    ]


def letters_of(organisation: Organisation) -> dict[str, str]:
    """The keys of a cabinet: one a deed, over all deeds of the organisation's functions."""
    parties = {PARTIES[function] for function in functions_of(organisation)}
    return letters(deed for deed in DEEDS.values() if party_of(deed.name) in parties | {None})


def _all_keys(organisation: Organisation) -> list[tuple[str, str]]:
    """Each letter once with the words of its deed, for the list of keys."""
    words: dict[str, str] = {}
    for name, letter in letters_of(organisation).items():
        if letter:
            words.setdefault(letter, str(DEEDS[name].label))
    return list(words.items())


def _groups(request: HttpRequest, shown: Desk) -> list[dict[str, Any]]:
    path = reverse("opencity_issues:cabinet", args=[shown.organisation.slug])
    groups = []
    for function in functions_of(shown.organisation):
        queues = [
            {
                "name": queue.title,
                "url": f"{path}?queue={queue.name}",
                "count": shown.counts[queue.name] if shown.counts[queue.name] < MOST else f"{MOST - 1}+",
                "urgent": queue.urgent,
                "late": queue.late,
                "current": queue.name == shown.queue.name,
            }
            for queue in shown.queues
            if queue.function == function
        ]
        groups.append({"title": TITLES[function], "queues": queues})
    return groups


def _asked_number(request: HttpRequest) -> int | None:
    asked = request.GET.get("issue", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def _asked_issue(request: HttpRequest, organisation: Organisation) -> IssuePage | None:
    number = _asked_number(request)
    return issue_on_desk(organisation, number) if number else None


def _check_part(issue: IssuePage, deed: DeskDeed, part: str) -> None:
    if deed.name == "block":
        person_behind(issue, part)
    elif part.startswith("letter-"):
        letter_of(issue, part)
    else:
        part_of(issue, part)
