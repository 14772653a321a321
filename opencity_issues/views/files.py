"""Photos and videos by their token, only to those who may see what they belong to (trust, 1).

An answer of "no" is the same for a file that is not there, not for you, or not any more: 404, kept by no cache.
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from opencity_issues import rules
from opencity_issues.enums import MediaKind
from opencity_issues.models import Media
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.models.media import SIZES, private_storage
from opencity_issues.views.report_draft import owns_draft
from opencity_issues.views.visit import roles_of

PUBLIC_SECONDS = 600
"""How long other people's caches may show a public photo after it was taken down."""
CHUNK_BYTES = 64 * 1024
_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


@require_safe
def media(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """One size of a photo, or a video with byte ranges so that a telephone can seek in it."""
    found = Media.objects.filter(token=token).select_related("issue__duplicate_of", "contribution").first()
    if found is None or size not in (SIZES if found.kind == MediaKind.PHOTO else ("video",)):
        return _nothing()
    public = _is_public(found)
    if not public and not _may_see(request, found):
        return _nothing()
    etag = f'"{token}-{size}"'
    if public and request.headers.get("If-None-Match") == etag:
        return _described(HttpResponseNotModified(), found, etag, public)
    try:
        file = private_storage().open(found.file_name(size))
    except FileNotFoundError:
        return _nothing()
    return _described(_body(request, file, found), found, etag, public)


def _is_public(media: Media) -> bool:
    """Of a public issue, and neither the file nor the words it came with are hidden or between offices."""
    if media.issue is None or not media.issue.is_public or media.hidden_at is not None:
        return False
    said = media.contribution
    return said is None or (said.hidden_at is None and said.kind in PUBLIC_KINDS)


def _may_see(request: HttpRequest, media: Media) -> bool:
    """Who sees a file that the public does not: its draft's browser, its uploader, the moderator, those the rules name."""
    if media.issue is None:
        if media.draft_id is not None:
            return owns_draft(request, media.draft_id)
        return _is_uploader(request, media)
    if not request.user.is_authenticated:
        return False
    roles, said = roles_of(request), media.contribution
    if not rules.allows("see_issue", roles, media.issue):
        return False
    if roles.moderators(media.issue.city_id) or _is_uploader(request, media):
        return True
    if media.hidden_at is not None or (said is not None and said.hidden_at is not None):
        return False
    return said is None or said.kind in PUBLIC_KINDS or rules.allows("see_desk_view", roles, media.issue)


def _is_uploader(request: HttpRequest, media: Media) -> bool:
    return media.uploader_id is not None and request.user.is_authenticated and request.user.pk == media.uploader_id


def _nothing() -> HttpResponse:
    # Vary as well: the sessions add it where they were asked, which would tell that there is something.
    return HttpResponse(status=404, content_type="text/plain", headers={"Cache-Control": "no-store", "Vary": "Cookie"})


def _body(request: HttpRequest, file: IO[bytes], media: Media) -> HttpResponseBase:
    """The whole file, or of a video the one range of it that was asked for (RFC 9110, 14)."""
    total: int = file.size  # type: ignore[attr-defined] # Django's File knows its size
    if media.kind == MediaKind.PHOTO:
        return _stream(file, 0, total, media)
    wanted = _RANGE.match(request.headers.get("Range", ""))
    # A range of an earlier file of this name cannot be: the name is random and the file never changes.
    first, last = _bounds(wanted, total) if wanted else (0, total - 1)
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{total}"})
    response = _stream(file, first, last - first + 1, media)
    response["Accept-Ranges"] = "bytes"
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{total}"
    return response


def _bounds(wanted: re.Match[str], total: int) -> tuple[int, int]:
    """First and last byte of a range; the first behind the last where there is nothing to give."""
    start, end = wanted.groups()
    if not start:
        return (max(0, total - int(end)), total - 1) if end and int(end) else (1, 0)
    return int(start), min(int(end), total - 1) if end else total - 1


def _stream(file: IO[bytes], start: int, length: int, media: Media) -> HttpResponseBase:
    response = StreamingHttpResponse(_chunks(file, start, length), content_type=media.content_type)
    response["Content-Length"] = str(length)
    return response


def _chunks(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk


def _described(response: Any, media: Media, etag: str, public: bool) -> HttpResponseBase:
    """No Last-Modified: the moment of a file tells of what happened to it."""
    suffix = "jpg" if media.kind == MediaKind.PHOTO else media.content_type.rpartition("/")[2]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = f'inline; filename="{media.kind}.{suffix}"'
    if public:
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}, must-revalidate"
    else:
        response["Cache-Control"] = "no-store, private"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        patch_vary_headers(response, ["Cookie"])
    return response
