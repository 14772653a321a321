"""Addresses of an organisation's own rooms: templates, absences, work orders, and the executor's private link."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
