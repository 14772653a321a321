"""How the pages look to this visitor."""

from django.urls import path

from opencity_issues.views import look

urlpatterns = [path("look/", look.choose_look, name="look")]
