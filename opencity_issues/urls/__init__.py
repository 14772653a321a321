"""The one include of a host site. Each area keeps its patterns in a module of its own here."""

from opencity_issues.urls import api, cabinets, cards, files, map_and_list, people, report

app_name = "opencity_issues"

urlpatterns = [
    *map_and_list.urlpatterns,
    *report.urlpatterns,
    *files.urlpatterns,
    *cards.urlpatterns,
    *cabinets.urlpatterns,
    *people.urlpatterns,
    *api.urlpatterns,
]
