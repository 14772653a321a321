"""What every screen asks first: which city this is, and who is visiting."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.models import Site

from opencity_issues import rules
from opencity_issues.models import Assignment, IssueIndexPage, IssuePage
from opencity_issues.procedure.refusals import Missing, NotPermitted, Refusal
from opencity_issues.rules import NOBODY, Roles


def city_of(request: HttpRequest) -> IssueIndexPage:
    """The city of the site that is being visited; read once a request. Raises Http404 before `opencity_setup`."""
    city = getattr(request, "_opencity_city", None)
    if city is None:
        city = IssueIndexPage.of_site(Site.find_for_request(request))
        if city is None:
            raise Http404
        visit_city(request, city)
    return city


def visit_city(request: HttpRequest, city: IssueIndexPage) -> None:
    """Let the rest of this request be about that city, as if its own site were visited: the admin serves all cities."""
    request._opencity_city = city  # type: ignore[attr-defined]


def roles_of(request: HttpRequest) -> Roles:
    """The visitor's roles, read once a request. The actions read them again under their lock."""
    roles = getattr(request, "_opencity_roles", None)
    if roles is None:
        roles = Roles.of(request.user) if request.user.is_authenticated else NOBODY
        request._opencity_roles = roles  # type: ignore[attr-defined]
    return roles


def visible_issue(request: HttpRequest, number: int) -> IssuePage:
    """The issue of this city with this number, where the visitor may see it; otherwise Http404, as if there were none."""
    issue = get_object_or_404(
        IssuePage.objects.in_city(city_of(request))
        .select_related("city__city_settings", "author")
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("organisation")), "deadlines", "categories"
        ),
        number=number,
    )
    if issue.duplicate_count:
        # Asked by each rule that asks for the author.
        prefetch_related_objects([issue], "co_authors")
    if not rules.allows("see_issue", roles_of(request), issue):
        raise Http404
    return issue


def safe_next(request: HttpRequest) -> str:
    """The address of this site that a form wants to lead back to (`next`), or nothing (trust, 16)."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def status_of(refusal: Refusal) -> int:
    """403 not your role, 400 something missing, 409 not in this state or moment."""
    if isinstance(refusal, NotPermitted):
        return 403
    return 400 if isinstance(refusal, Missing) else 409


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for this person's eyes: no cache keeps it, not the browser's either (trust, 23)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return answer
