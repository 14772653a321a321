"""Addresses of an issue's card and of its files."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def card(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(status=404)


def media(request: HttpRequest, token: str, size: str) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [
    path("issues/<int:number>/", card, name="card"),
    path("files/<str:token>/<str:size>/", media, name="media"),
]
