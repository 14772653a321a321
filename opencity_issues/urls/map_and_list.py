"""Addresses of the map, the list and the feeds."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def issue_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [path("issues/", issue_list, name="issue_list")]
