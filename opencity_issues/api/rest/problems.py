"""Errors as RFC 9457 problem details: what refused, by which rule, clause and moment."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from opencity_issues.procedure.refusals import Missing, NotPossible, Refusal
from opencity_issues.views.visit import status_of

CONTENT_TYPE = "application/problem+json"


def problem(status: int, code: str, title: str, **extra: Any) -> Response:
    """A problem detail (RFC 9457): `type` names the kind, `title` says it in the caller's language."""
    return Response(
        {"type": f"urn:opencity:{code}", "title": title, "status": status, **extra},
        status=status,
        content_type=CONTENT_TYPE,
    )


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the interface in one form; unknown ones stay errors of the server."""
    set_rollback()
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    answer = _of_framework(error)
    if isinstance(error, exceptions.Throttled) and error.wait:
        answer["Retry-After"] = str(int(error.wait) + 1)
    elif getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    return answer


def _of_refusal(refusal: Refusal) -> Response:
    extra: dict[str, Any] = {"transition": refusal.transition or None, "clause": refusal.clause or None}
    if isinstance(refusal, Missing):
        extra["errors"] = {name: [str(message)] for name, message in refusal.fields.items()}
    if isinstance(refusal, NotPossible):
        extra["state"] = refusal.state or None
    return problem(status_of(refusal), refusal.code, str(refusal.message), **extra)


def _of_framework(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return problem(400, "missing", _("Please correct what is marked."), errors=errors)
    return problem(error.status_code, error.default_code, str(error.detail))
