"""The city's districts out of its scheme, and each issue in the district where it lies."""

from typing import Any

from django.db import transaction
from shapely import prepared
from shapely.geometry import Point, shape

from opencity_issues.actions.keep_statistics import count_all_later
from opencity_issues.models import CityScheme, District, IssueIndexPage, IssuePage
from opencity_issues.models.map_cell import recount

CHUNK = 500


def draw_districts(city: IssueIndexPage) -> int:
    """Make the city's districts what its GeoJSON scheme draws (features with `"kind": "district"`); returns how many.

    Issues are placed anew. Doing it again changes nothing.
    """
    scheme = CityScheme.objects.filter(city=city).first()
    drawn = [feature for feature in (scheme.features.get("features", []) if scheme else []) if _is_district(feature)]
    with transaction.atomic():
        for feature in drawn:
            said = feature["properties"]
            District.objects.update_or_create(
                city=city,
                name_uk=said["name"],
                defaults={"name_en": said.get("name_en") or "", "outline": feature["geometry"]},
            )
        District.objects.filter(city=city).exclude(name_uk__in=[one["properties"]["name"] for one in drawn]).delete()
        place_issues(city)
    return len(drawn)


def _is_district(feature: Any) -> bool:
    """A feature that can be drawn: of the kind, with a name and an area."""
    said = feature.get("properties") or {}
    area = (feature.get("geometry") or {}).get("type") in ("Polygon", "MultiPolygon")
    return said.get("kind") == "district" and bool(said.get("name")) and area


def place_issues(city: IssueIndexPage) -> None:
    """Write each issue's district anew from its place, and the map's counts; the outlines are read once, the issues in one pass."""
    outlines = [
        (one.pk, prepared.prep(shape(one.outline))) for one in District.objects.filter(city=city).order_by("name_uk")
    ]
    moved: list[IssuePage] = []
    placed = IssuePage.objects.in_city(city).exclude(lng=None).only("pk", "lng", "lat", "district_id", "city_id")
    for issue in placed.iterator(CHUNK):
        point = Point(*issue.location)
        district_id = next((key for key, outline in outlines if outline.covers(point)), None)
        if issue.district_id != district_id:
            issue.district_id = district_id
            moved.append(issue)
    IssuePage.objects.bulk_update(moved, ["district"], batch_size=CHUNK)
    recount(city)
    count_all_later(city)
