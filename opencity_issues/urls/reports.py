"""Addresses of reports on effectiveness (5.4, 2.9)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
