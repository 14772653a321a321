"""Addresses of a citizen's choice of letters, and of the letters that did not arrive."""

from django.urls import path

from opencity_issues.views import letters
from opencity_issues.views.desk import undelivered

urlpatterns = [
    path("my/letters/", letters.letter_settings, name="letter_settings"),
    path("letters/<str:token>/", letters.letters, name="letters"),
    path("organisations/<slug:slug>/cabinet/letters/", undelivered.room, name="undelivered"),
]
