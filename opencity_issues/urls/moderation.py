"""Addresses of the moderator's rooms: visits, duplicates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
