"""What programs that read the whole site are asked to leave out: what is nobody's to find, or only a view of something else."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

LEFT_OUT = (
    *("/admin/", "/accounts/", "/api/", "/open311/", "/demo/", "/health/", "/i18n/"),
    *("/my/", "/report/*/", "/search/", "/map/data/", "/map/rows/", "/places/", "/*/cabinet/"),
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309, with the address of the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_OUT)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
