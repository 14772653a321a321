"""What stands above a desk's rows: the fields that narrow it, what narrows it now, kept views, and what to do with several."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from opencity_issues.enums import Status
from opencity_issues.forms.desk import NARROWING, DeskFilterForm
from opencity_issues.models import Organisation, SavedFilter
from opencity_issues.queries.desk.desk import Desk
from opencity_issues.queries.desk.narrowing import ANY_CLAUSE, NOT_SOLVED, DeskFilter
from opencity_issues.queries.desk.queues import MOST, Function, functions_of, queues_of
from opencity_issues.views.desk.bulk_deeds import BULK_DEEDS, WHOLE_LISTS

PLACE = ("queue", *NARROWING, "page")
"""What of the address says where in the cabinet one is; `issue`, `do` and `part` say what is open there."""


def address(request: HttpRequest, organisation: Organisation, room: str = "cabinet", /, **changes: Any) -> str:
    """The cabinet's address at the same place, with something else open; empty values are left out."""
    values = {name: request.GET.get(name, "") for name in PLACE} | changes
    said = urlencode({name: value for name, value in values.items() if value not in ("", None)})
    path = reverse(f"opencity_issues:{room}", args=[organisation.slug])
    return f"{path}?{said}" if said else path


def narrowing_of(request: HttpRequest, organisation: Organisation) -> DeskFilterForm:
    """The fields of the address, as the function of the queue that is asked for has them."""
    name = request.GET.get("queue", "")
    queue = next((one for one in queues_of(organisation) if one.name == name), None)
    function = queue.function if queue else functions_of(organisation)[0]
    return DeskFilterForm(request.GET, city=organisation.city, function=function)


def list_head(request: HttpRequest, organisation: Organisation, shown: Desk, form: DeskFilterForm) -> dict[str, Any]:
    """The context of `cabinet/narrowing.html` and `cabinet/bulk_bar.html`."""
    queue = shown.queue
    chosen = form.chosen
    narrowed = {name: request.GET.get(name, "") for name in NARROWING if request.GET.get(name)}
    return {
        "narrowing": form,
        "is_narrowed": chosen.is_set,
        "opens_panel": request.GET.get("narrow") == "1",
        "panel_url": address(request, organisation, queue=queue.name, page="", narrow="1"),
        "closed_panel_url": address(request, organisation, queue=queue.name, page=""),
        "clear_url": f"{reverse('opencity_issues:cabinet', args=[organisation.slug])}?queue={queue.name}",
        "chips": _chips(request, organisation, chosen, queue.name),
        "kept_in_search": [(name, value) for name, value in narrowed.items() if name != "text"],
        "saved": list(SavedFilter.objects.filter(organisation=organisation, user_id=request.user.pk)),
        "present_query": urlencode({"queue": queue.name, **narrowed}),
        "table_url": address(request, organisation, "desk_table", queue=queue.name, page=""),
        "bulk_deeds": [deed for deed in BULK_DEEDS.values() if deed.function == queue.function],
        "for_all": BULK_DEEDS.get(WHOLE_LISTS.get(queue.name, "")),
        "total": shown.page.paginator.count,
        "most": MOST,
    }


def _chips(request: HttpRequest, organisation: Organisation, chosen: DeskFilter, queue: str) -> list[dict[str, str]]:
    """One chip a condition, each with the address without it."""
    words = {
        "text": chosen.text and f"«{chosen.text}»",
        "status": _status_words(chosen.status),
        "late": _late_words(chosen.late),
        "organisation": chosen.organisation.name if chosen.organisation else "",
        "executor": chosen.executor and _("executor: %(name)s") % {"name": chosen.executor},
        "category": chosen.category.name if chosen.category else "",
        "district": _("without a district") if chosen.nowhere else chosen.district.name if chosen.district else "",
        "from": _("registered from %(day)s") % {"day": _day(chosen.first)} if chosen.first else "",
        "to": _("registered until %(day)s") % {"day": _day(chosen.last)} if chosen.last else "",
        "due": _due_words(chosen),
    }
    without = {"due": {"due": "", "clause": ""}}
    return [
        {
            "name": name,
            "text": text,
            "url": address(request, organisation, queue=queue, page="", **without.get(name, {name: ""})),
        }
        for name, text in words.items()
        if text
    ]


def _status_words(status: str) -> str:
    if status == NOT_SOLVED:
        return _("not solved")
    return str(Status(status).label) if status else ""


def _late_words(late: str) -> str:
    if not late:
        return ""
    return _("overdue") if late == ANY_CLAUSE else _("overdue by cl. %(clause)s") % {"clause": late}


def _due_words(chosen: DeskFilter) -> str:
    if chosen.due is None:
        return ""
    if chosen.clause:
        return _("due on %(day)s by cl. %(clause)s") % {"day": _day(chosen.due), "clause": chosen.clause}
    return _("due on %(day)s") % {"day": _day(chosen.due)}


def _day(day: Any) -> str:
    return formats.date_format(day, "j E Y")


def function_of(organisation: Organisation, name: str) -> Function:
    """The function that a queue belongs to; the organisation's first for an unknown name."""
    return next((one.function for one in queues_of(organisation) if one.name == name), functions_of(organisation)[0])
