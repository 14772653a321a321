"""The mailbox's pages; each opens to everybody, since the demonstration has no secrets."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from opencity_site.demo_mail.models import DemoMessage

JSON_LIMIT = 500
PAGE_SIZE = 50


@never_cache
def message_list(request: HttpRequest) -> HttpResponse:
    """The messages, newest first: pages of 50, or with ?format=json the newest 500; `?to=` narrows to an address."""
    messages = DemoMessage.objects.all()
    if to := request.GET.get("to", "").strip():
        messages = messages.filter(to__icontains=to)
    if request.GET.get("format") == "json":
        fields = ("to", "subject", "text", "html", "sent_at")
        return JsonResponse(
            list(messages.values(*fields)[:JSON_LIMIT]), safe=False, json_dumps_params={"ensure_ascii": False}
        )
    page = Paginator(messages.defer("text", "html"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "demo_mail/message_list.html", {"page": page, "to": to})


@never_cache
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message with its text and, in a frame of its own, its HTML."""
    message = get_object_or_404(DemoMessage, pk=pk)
    return render(request, "demo_mail/message_detail.html", {"message": message})


@never_cache
@xframe_options_sameorigin
def message_html(_request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of one message as a mail program would show it: no scripts, no forms, styles of its own."""
    message = get_object_or_404(DemoMessage, pk=pk)
    response = HttpResponse(message.html or message.text)
    response._csp_replace = {  # type: ignore[attr-defined] # django-csp's documented attribute
        "script-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
    }
    return response
