"""Addresses of what control body and organisations do from their desks beyond one issue: lists, exports, saved filters, the calendar."""

from django.urls import URLPattern, path

from opencity_issues.views.desk import bulk as desk_bulk
from opencity_issues.views.desk import matrix
from opencity_issues.views.desk import rooms as desk_rooms
from opencity_issues.views.desk import tables as desk_tables
from opencity_issues.views.desk import views as desk_views

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:slug>/cabinet/overview/", desk_rooms.overview_room, name="desk_overview"),
    path("organisations/<slug:slug>/cabinet/calendar/", desk_rooms.calendar_room, name="desk_calendar"),
    path("organisations/<slug:slug>/cabinet/looks/", desk_rooms.looks_room, name="desk_looks"),
    path("organisations/<slug:slug>/cabinet/look/", desk_views.look, name="desk_look"),
    path("organisations/<slug:slug>/cabinet/views/", desk_views.views, name="desk_views"),
    path("organisations/<slug:slug>/cabinet/several/", desk_bulk.bulk, name="desk_bulk"),
    path("organisations/<slug:slug>/cabinet/list.xlsx", desk_tables.table, name="desk_table"),
    path(
        "organisations/<slug:slug>/cabinet/history/<int:number>.<slug:kind>", desk_tables.history, name="desk_history"
    ),
    path("organisations/<slug:slug>/cabinet/matrix/", matrix.matrix, name="matrix"),
]
