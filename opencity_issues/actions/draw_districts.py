"""The city's districts out of its scheme, and each issue in the district where it lies."""

from opencity_issues.models import CityScheme, District, IssueIndexPage, IssuePage


def draw_districts(city: IssueIndexPage) -> int:
    """Make the city's districts what its GeoJSON scheme draws (features with `"kind": "district"`); returns how many.

    Issues are placed anew. Doing it again changes nothing.
    """
    scheme = CityScheme.objects.filter(city=city).first()
    drawn = [
        feature
        for feature in (scheme.features.get("features", []) if scheme else [])
        if feature["properties"].get("kind") == "district"
    ]
    for feature in drawn:
        said = feature["properties"]
        District.objects.update_or_create(
            city=city,
            name_uk=said["name"],
            defaults={"name_en": said.get("name_en", ""), "outline": feature["geometry"]},
        )
    District.objects.filter(city=city).exclude(name_uk__in=[one["properties"]["name"] for one in drawn]).delete()
    place_issues(city)
    return len(drawn)


def place_issues(city: IssueIndexPage) -> None:
    """Write each issue's district anew from its place."""
    moved = []
    for issue in IssuePage.objects.in_city(city).exclude(lng=None).only("pk", "lng", "lat", "district_id", "city_id"):
        district = District.objects.at(city, issue.location)
        if issue.district_id != (district.pk if district else None):
            issue.district = district
            moved.append(issue)
    IssuePage.objects.bulk_update(moved, ["district"], batch_size=500)
