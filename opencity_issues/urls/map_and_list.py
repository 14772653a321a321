"""Addresses of the map, the list and the feeds."""

from django.urls import URLPattern, URLResolver, path

from opencity_issues.views import feeds, map_and_list, places, statistics

urlpatterns: list[URLPattern | URLResolver] = [
    path("map/", map_and_list.map_page, name="map"),
    path("map/data/", map_and_list.map_points, name="map_data"),
    path("map/rows/", map_and_list.map_rows, name="map_rows"),
    path("map/scheme.geojson", map_and_list.map_scheme, name="map_scheme"),
    path("map/districts/<int:pk>/", map_and_list.map_district, name="map_district"),
    path("places/", places.places, name="places"),
    path("issues/", map_and_list.issue_list, name="issue_list"),
    path("issues.geojson", feeds.geojson, name="issues_geojson"),
    path("issues.csv", feeds.csv_table, name="issues_csv"),
    path("issues.rss", feeds.rss, name="issues_rss"),
    path("statistics/", statistics.statistics_page, name="statistics"),
    path("statistics/<slug:table>.csv", statistics.statistics_csv, name="statistics_csv"),
    path("statistics/<slug:table>.xlsx", statistics.statistics_xlsx, name="statistics_xlsx"),
]
