"""Addresses of what control body and organisations do from their desks beyond one issue: lists, exports, saved filters, the calendar."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
