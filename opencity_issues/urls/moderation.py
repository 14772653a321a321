"""Addresses of the moderator's rooms beside the desk: duplicates of an issue, visits."""

from django.urls import URLPattern, path

from opencity_issues.views.desk import duplicates, visits

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:slug>/cabinet/duplicates/<int:number>/", duplicates.duplicates, name="duplicates"),
    path("organisations/<slug:slug>/cabinet/visits/", visits.visits, name="visits"),
    path("organisations/<slug:slug>/cabinet/visits/<int:number>/", visits.visit, name="visit"),
]
