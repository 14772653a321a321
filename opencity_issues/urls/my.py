"""Addresses of one's own page."""

from django.urls import URLPattern, path

from opencity_issues.views import letters
from opencity_issues.views.my import data, devices, follows, issues, places, profile

urlpatterns: list[URLPattern] = [
    path("my/", issues.my_issues, name="my_issues"),
    path("my/follows/", follows.follows, name="follows"),
    path("my/follows/place/", places.follow_place, name="follow_place"),
    path("my/letters/", letters.letter_settings, name="letter_settings"),
    path("my/profile/", profile.profile, name="profile"),
    path("my/devices/", devices.devices, name="devices"),
    path("my/data/", data.my_data_page, name="my_data"),
    path("my/data/export.zip", data.export, name="my_export"),
    path("my/data/erase/", data.erase, name="erase_account"),
]
