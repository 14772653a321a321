"""Addresses of self-organisation (1.1, T3, T7): the meetings of residents, and what is done there."""

from django.urls import URLPattern, path

from opencity_issues.views.community import together

urlpatterns: list[URLPattern] = [
    path("together/", together.together, name="together"),
    path("together/<int:pk>/", together.initiative, name="initiative"),
    path("together/<int:pk>/change/", together.change, name="initiative_change"),
    path("together/<int:pk>/join/", together.join, name="initiative_join"),
    path("together/<int:pk>/leave/", together.leave, name="initiative_leave"),
    path("together/<int:pk>/task/", together.task, name="initiative_task"),
    path("together/<int:pk>/call-off/", together.call_off, name="initiative_call_off"),
    path("together/<int:pk>/result/", together.report, name="initiative_report"),
    path("together/<int:pk>/move/", together.move, name="initiative_move"),
    path("together/<int:pk>/hide/", together.hide, name="initiative_hide"),
    path("together/<int:pk>/meeting.ics", together.calendar_file, name="initiative_calendar"),
    path("issues/<int:number>/together/", together.start, name="initiative_start"),
]
