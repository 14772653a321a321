"""Addresses of what brings people into an organisation."""

from django.urls import path

from opencity_issues.views import people

urlpatterns = [path("invitations/<str:secret>/", people.invitation, name="invitation")]
