"""My data: a copy of all of it, and the erasure of the account by oneself."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from opencity_issues.actions.account.erase_account import erase_account, why_not_erased
from opencity_issues.forms.account import EraseForm
from opencity_issues.models.media import private_storage
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.my_data import OwnFile, my_data, own_files
from opencity_issues.views.visit import private, status_of

CHUNK = 256 * 1024
NOTHING_LEFT = '"cache", "cookies", "storage"'
"""Clear-Site-Data: drafts and pages that this browser kept go too."""


@private
@require_safe
@login_required
def my_data_page(request: HttpRequest) -> HttpResponse:
    return render(request, "opencity_issues/my/data.html", {"why_not": why_not_erased(request.user)})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """One's own data as JSON and one's own files in a ZIP, sent while it is being made: no size fills the memory."""
    data = my_data(request.user, request.build_absolute_uri("/").rstrip("/"))
    response = StreamingHttpResponse(_archive(data, list(own_files(request.user))), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["Cache-Control"] = "no-store, private"
    return response


@sensitive_post_parameters("proof")
@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase(request: HttpRequest) -> HttpResponse:
    """The last question before the account goes; after it the browser keeps nothing either."""
    form = EraseForm(request.user, request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            erase_account(request.user)
        except Refusal as caught:
            refusal = caught
        else:
            request.session.flush()
            request.user = AnonymousUser()
            response = render(request, "opencity_issues/my/erased.html")
            response["Clear-Site-Data"] = NOTHING_LEFT
            return response
    context = {"form": form, "refusal": refusal, "why_not": why_not_erased(request.user)}
    status = status_of(refusal) if refusal else 400 if form.is_bound else 200
    return render(request, "opencity_issues/my/erase.html", context, status=status)


class _Pipe:
    """Where a ZIP is written to: what was written waits here to be sent on, and nothing can be sought."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def _archive(data: dict[str, Any], files: list[OwnFile]) -> Iterator[bytes]:
    pipe, storage = _Pipe(), private_storage()
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload] # what it writes to need not be seekable
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=str), zipfile.ZIP_DEFLATED)
        yield pipe.take()
        for one in files:
            try:
                source = storage.open(one.stored)
            except FileNotFoundError:
                continue
            with source, archive.open(one.name, "w") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield pipe.take()
    yield pipe.take()
