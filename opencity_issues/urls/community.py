"""Addresses of self-organisation (1.1, T3, T7), of the community's needs, and of the projects that come of them (1.1)."""

from django.urls import URLPattern, path

from opencity_issues.views.community import needs, own_projects, projects, together

ROOM = "organisations/<slug:slug>/cabinet/projects/"

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
    path("needs/", needs.needs_page, name="needs"),
    path("needs/one/", needs.need, name="need"),
    path("needs.csv", needs.needs_csv, name="needs_csv"),
    path("needs.xlsx", needs.needs_xlsx, name="needs_xlsx"),
    path("needs.geojson", needs.needs_geojson, name="needs_geojson"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/hide/", projects.hide, name="project_hide"),
    path(ROOM, own_projects.room, name="own_projects"),
    path(f"{ROOM}new/", own_projects.declare, name="own_project_new"),
    path(f"{ROOM}<int:pk>/change/", own_projects.change, name="own_project_change"),
    path(f"{ROOM}<int:pk>/end/", own_projects.end, name="own_project_end"),
    path(f"{ROOM}<int:pk>/result/", own_projects.report, name="own_project_result"),
    path(f"{ROOM}<int:pk>/call-off/", own_projects.call_off, name="own_project_call_off"),
]
