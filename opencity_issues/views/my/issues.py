"""My issues: what the signed-in citizen has reported, what each waits for, and what was begun and not sent."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opencity_issues.actions.change_status import offers
from opencity_issues.enums import Party
from opencity_issues.queries.own_issues import describe, own_issues
from opencity_issues.views.report_draft import current_draft
from opencity_issues.views.visit import city_of, private, roles_of

AT_ONCE = 20


@private
@require_safe
@login_required
def my_issues(request: HttpRequest) -> HttpResponse:
    """The list of one's own issues in this city."""
    city, now = city_of(request), timezone.now()
    page = Paginator(own_issues(city, request.user, now), AT_ONCE).get_page(request.GET.get("page"))
    issues = describe(city, list(page.object_list), now)
    roles = roles_of(request)
    rows = [
        {
            "own": one,
            "can_reopen": any(offer.transition.party == Party.AUTHOR for offer in offers(one.issue, roles, now)),
        }
        for one in issues
    ]
    context = {"rows": rows, "page": page, "draft": _draft(request)}
    return render(request, "opencity_issues/my/issues.html", context)


def _draft(request: HttpRequest) -> dict[str, str] | None:
    """What was begun in this browser and not sent; a draft of another one is not shown, it could not be opened here."""
    draft = current_draft(request)
    if draft is None:
        return None
    return {"title": draft.data.get("what", {}).get("title", "").strip()}
