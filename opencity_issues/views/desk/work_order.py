"""Room «Наряди»: the issues in work, and the file of work orders for those chosen."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opencity_issues.models import Organisation
from opencity_issues.queries.desk.work_orders import ORDERS_AT_MOST, in_work, orders
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private
from opencity_issues.work_order import draw

ROWS = 50


@private
@require_safe
@for_members
def work_orders(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What the organisation has in work, due first, with a box to choose each; of one executor where asked for."""
    executor = request.GET.get("executor", "")[:200]
    found = in_work(organisation, executor)
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "work_orders"),
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "executors": sorted({one.executor for one in in_work(organisation) if one.executor}),
        "executor": executor,
        "at_most": ORDERS_AT_MOST,
    }
    return render(request, "opencity_issues/work/orders.html", context)


@private
@require_safe
@for_members
def work_orders_pdf(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """One file with a sheet for each issue of `?issue=12&issue=15` that the organisation has; 404 where there is none."""
    asked = request.GET.getlist("issue")[:ORDERS_AT_MOST]
    numbers = [int(one) for one in asked if one.isdecimal() and len(one) < 10]
    found = orders(organisation, numbers, timezone.now())
    if not found:
        raise Http404
    response = HttpResponse(draw(found), content_type="application/pdf")
    name = "-".join(str(one.number) for one in found[:5])
    response["Content-Disposition"] = f'inline; filename="work-order-{name}.pdf"'
    return response
