"""Addresses of the content besides its pages. A host site includes them before the issues' own."""

from django.urls import path

from opencity_cms.search import search

app_name = "opencity_cms"

urlpatterns = [path("search/", search, name="search")]
