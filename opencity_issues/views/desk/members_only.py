"""The door of an organisation's rooms: for its live members alone, whatever else somebody may be."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from opencity_issues import rules
from opencity_issues.models import Organisation
from opencity_issues.procedure.refusals import NotPermitted
from opencity_issues.rules import Roles
from opencity_issues.views.visit import city_of, roles_of


def for_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the organisation of the address to a member; send the anonymous to sign in, tell others kindly (403).

    Membership is read at each request, so rights end with it (trust, 4); the actions read it once more under their lock.
    """

    @wraps(view)
    def answer(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        organisation = next((own for own in roles_of(request).organisations if own.slug == slug), None)
        if organisation is None or organisation.city_id != city_of(request).pk:
            organisation = get_object_or_404(Organisation.objects.active().filter(city=city_of(request)), slug=slug)
        organisation.city = city_of(request)  # read already, with its settings
        if not rules.allows("enter_cabinet", roles_of(request), organisation=organisation):
            return not_a_member(request, organisation)
        try:
            return view(request, organisation, *args, **kwargs)
        except NotPermitted:
            if rules.allows("enter_cabinet", Roles.of(request.user), organisation=organisation):
                raise
            return not_a_member(request, organisation)  # whose membership ended while the request was on its way

    return answer


def not_a_member(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The kind 403: whose cabinet this is, how one gets in, and where the person's own cabinets are."""
    own = [one for one in roles_of(request).organisations if one.city_id == organisation.city_id]
    context = {"organisation": organisation, "own": own}
    return render(request, "opencity_issues/cabinet/not_member.html", context, status=403)
