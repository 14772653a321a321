"""The one include of a host site. Each area keeps its patterns in a module of its own here."""

from opencity_issues.urls import (
    api,
    cabinets,
    cards,
    community,
    consultation,
    desks,
    files,
    letters,
    looks,
    map_and_list,
    moderation,
    my,
    offline,
    people,
    report,
    reports,
    work,
)

app_name = "opencity_issues"

urlpatterns = [
    *map_and_list.urlpatterns,
    *report.urlpatterns,
    *offline.urlpatterns,
    *files.urlpatterns,
    *cards.urlpatterns,
    *community.urlpatterns,
    *cabinets.urlpatterns,
    *desks.urlpatterns,
    *moderation.urlpatterns,
    *consultation.urlpatterns,
    *reports.urlpatterns,
    *work.urlpatterns,
    *people.urlpatterns,
    *letters.urlpatterns,
    *my.urlpatterns,
    *looks.urlpatterns,
    *api.urlpatterns,
]
