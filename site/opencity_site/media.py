"""Public uploads, served by the site itself where no web server before it does."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def public_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under MEDIA_ROOT, as inert content: whatever it holds, no script of it runs. Raises Http404."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except SuspiciousFileOperation as error:  # a path that climbs out; not worth an error in the log
        raise Http404(path) from error
    if isinstance(response, FileResponse):
        response.headers["Cache-Control"] = "public, max-age=3600"
        response._csp_replace = {"default-src": ["'none'"], "style-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]
    return response
