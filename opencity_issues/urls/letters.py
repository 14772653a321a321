"""Addresses of a citizen's choice of letters."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
