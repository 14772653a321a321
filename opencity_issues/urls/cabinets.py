"""Addresses of organisations: the public page, the cabinet, and its members."""

from django.urls import path

from opencity_issues.views import organisation, people
from opencity_issues.views.desk import cabinet

urlpatterns = [
    path("organisations/<slug:slug>/", organisation.organisation, name="organisation"),
    path("organisations/<slug:slug>/cabinet/", cabinet.cabinet, name="cabinet"),
    path("organisations/<slug:slug>/cabinet/members/", people.members, name="members"),
]
