"""Addresses of what control body and organisations do from their desks beyond one issue: lists, exports, saved filters, the calendar."""

from django.urls import URLPattern, path

from opencity_issues.views import matrix

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:slug>/cabinet/matrix/", matrix.matrix, name="matrix"),
]
