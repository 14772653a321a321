"""Addresses of photos and videos, each behind the view that checks who asks."""

from django.urls import path

from opencity_issues.views import files

urlpatterns = [path("files/<str:token>/<str:size>/", files.media, name="media")]
