"""Small things that a member tells the cabinet: that it was looked into today (4.1), and which views to keep."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opencity_issues.actions.cabinet.keep_views import forget_view, keep_view
from opencity_issues.actions.cabinet.record_look import record_look
from opencity_issues.models import Organisation
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.visit import private


@private
@require_POST
@for_members
def look(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Note that this member has looked into the cabinet today."""
    record_look(organisation, actor=request.user)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    messages.success(request, _("Noted: looked at."))
    return HttpResponseRedirect(reverse("opencity_issues:cabinet", args=[organisation.slug]))


@private
@require_POST
@for_members
def views(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Keep the present view under a name, or delete a kept one; back to where one was."""
    given = request.POST
    query = given.get("query", "") if given.get("do") == "save" else given.get("back", "")
    try:
        if given.get("do") == "save":
            view = keep_view(organisation, given.get("name", ""), query, actor=request.user)
            messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
        elif given.get("do") == "delete":
            key = given.get("key", "")
            forget_view(organisation, int(key) if key.isdecimal() and len(key) < 18 else 0, actor=request.user)
            messages.success(request, _("The view is deleted."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    path = reverse("opencity_issues:cabinet", args=[organisation.slug])
    return HttpResponseRedirect(f"{path}?{query[:500]}" if query else path)
