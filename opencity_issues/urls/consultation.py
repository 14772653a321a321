"""Addresses of consultation (5.5, 5.6) and calls recorded by the control body."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
