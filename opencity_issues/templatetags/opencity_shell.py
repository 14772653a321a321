"""What the page around every screen is made of: the city's name and addresses, and where this person works.

    {% load opencity_shell %}{% opencity_shell as opencity %}

`opencity_issues/base.html` asks once a page; what a view puts into the context as `opencity` comes first. Nothing here
fails: an error page has a shell too, even without a request or a city.
"""

from contextlib import suppress
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.shortcuts import resolve_url
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from opencity_issues import conf
from opencity_issues.models import IssueIndexPage
from opencity_issues.sheets import SHEETS, TOGETHER
from opencity_issues.views.kept_copies import queue_addresses, scope
from opencity_issues.views.look import look_of
from opencity_issues.views.report_draft import owner_name
from opencity_issues.views.visit import city_of, roles_of

register = template.Library()


@register.simple_tag(takes_context=True)
def opencity_shell(context: RequestContext) -> dict[str, Any]:
    """City's name, support address, terms, the visitor's look, the cabinets of the signed-in person, the device's part."""
    given = context.get("opencity") or {}
    request = context.get("request")
    if request is None:
        return given
    given = {"look": look_of(request), **given}
    try:
        city = city_of(request)
        config = city.config
    except (Http404, ObjectDoesNotExist):
        return given
    shell = {
        "city_name": config.city_name,
        "support_email": config.support_email,
        "terms_url": config.terms_url,
        "cabinets": _cabinets(request, city),
        "device": _device(request),
    }
    return {**shell, **given}


@register.simple_tag
def sign_in_url() -> str:
    """The host's own sign-in page: LOGIN_URL, an address or a name; "" where it leads nowhere."""
    try:
        return resolve_url(settings.LOGIN_URL)
    except NoReverseMatch:
        return ""


@register.simple_tag
def sign_out_url() -> str:
    """Where one signs out by POST: allauth's page, or Django's own under its usual name; "" where the host has neither."""
    for name in ("account_logout", "logout"):
        with suppress(NoReverseMatch):
            return reverse(name)
    return ""


@register.simple_tag
def opencity_sheets() -> list[str]:
    """Addresses of the style sheets of every page: one where the storage keeps them together, otherwise each."""
    names = [TOGETHER] if getattr(staticfiles_storage, "sheets_together", False) and not settings.DEBUG else SHEETS
    return [static(name) for name in names]


def _cabinets(request: HttpRequest, city: IssueIndexPage) -> list[dict[str, Any]]:
    """Organisations of this city that the visitor is a member of, with the addresses of their cabinets."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    own = [organisation for organisation in roles_of(request).organisations if organisation.city_id == city.pk]
    try:
        return [
            {"name": organisation.name, "url": reverse("opencity_issues:cabinet", args=[organisation.slug])}
            for organisation in own
        ]
    except NoReverseMatch:
        return []


def _device(request: HttpRequest) -> dict[str, Any]:
    """What the component `device` is given: the worker, the queue, and whose device it is now; nothing when off."""
    if not conf.get("OPENCITY_OFFLINE"):
        return {}
    return {"scope": scope(), "queue": queue_addresses(), "owner": owner_name(request)}
