"""Rooms beside the desk: its overview by whom, what and where, the calendar of what falls due, and who has not looked today."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from opencity_issues.models import Organisation
from opencity_issues.queries.desk.calendar import month_of_terms
from opencity_issues.queries.desk.looks import looks
from opencity_issues.queries.desk.overview import overview
from opencity_issues.queries.desk.queues import TITLES, Function, functions_of
from opencity_issues.queries.desk.sets import today_at
from opencity_issues.views.desk.members_only import for_members, not_a_member
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private

WHOLE = {Function.WORK: "at-work", Function.CONTROL: "all", Function.MODERATION: "all"}
"""The queue of a function that holds all the issues that a room counts."""


@private
@require_safe
@for_members
def overview_room(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Counts by organisation, executor, missed clause, category and district; each leads to the desk narrowed to it."""
    function = _function(request, organisation)
    path = reverse("opencity_issues:cabinet", args=[organisation.slug])
    context = {
        **_room(organisation, "desk_overview", function),
        "overview": overview(organisation, function, timezone.now()),
        "desk_path": path,
        "whole": WHOLE[function],
    }
    return render(request, "opencity_issues/cabinet/overview.html", context)


@private
@require_safe
@for_members
def calendar_room(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """A month of the city's calendar with what falls due (`month=2026-11`); a month that makes no sense is the present one."""
    function, now = _function(request, organisation), timezone.now()
    first = _month(request.GET.get("month", "")) or today_at(organisation, now).replace(day=1)
    context = {
        **_room(organisation, "desk_calendar", function),
        "month": month_of_terms(organisation, function, first, now),
        "desk_path": reverse("opencity_issues:cabinet", args=[organisation.slug]),
        "whole": WHOLE[function],
    }
    return render(request, "opencity_issues/cabinet/calendar.html", context)


@private
@require_safe
@for_members
def looks_room(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Who has not looked into the cabinet today; for the control body alone (4.1, 2.9)."""
    if not organisation.is_control_body:
        return not_a_member(request, organisation)
    context = {
        **_room(organisation, "desk_looks", Function.CONTROL),
        "looks": looks(organisation, timezone.now()),
        "desk_path": reverse("opencity_issues:cabinet", args=[organisation.slug]),
    }
    return render(request, "opencity_issues/cabinet/looks.html", context)


def _function(request: HttpRequest, organisation: Organisation) -> Function:
    """The function that the address names (`as=control`), where the organisation has it; otherwise the widest."""
    own = functions_of(organisation)
    asked = request.GET.get("as", "")
    return next((one for one in own if one == asked), own[-1] if Function.CONTROL not in own else Function.CONTROL)


def _room(organisation: Organisation, name: str, function: Function) -> dict[str, Any]:
    own = functions_of(organisation)
    path = reverse(f"opencity_issues:{name}", args=[organisation.slug])
    return {
        "organisation": organisation,
        "rooms": menu(organisation, name),
        "function": function,
        "functions": [
            {"title": TITLES[one], "url": f"{path}?{urlencode({'as': one})}", "current": one == function} for one in own
        ]
        if len(own) > 1
        else [],
    }


def _month(text: str) -> date | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if 2000 <= first.year <= 2100 else None
