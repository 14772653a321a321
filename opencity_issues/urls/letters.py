"""Addresses that letters carry for their readers to choose or stop them, and of the letters that did not arrive."""

from django.urls import path

from opencity_issues.views import letters, stop_following
from opencity_issues.views.desk import undelivered

urlpatterns = [
    path("letters/<str:token>/", letters.letters, name="letters"),
    path("follows/<str:token>/", stop_following.stop_following, name="stop_following"),
    path("organisations/<slug:slug>/cabinet/letters/", undelivered.room, name="undelivered"),
]
