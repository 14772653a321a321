"""The figures of the community's needs for table programs and maps: what the page shows, and nothing of any person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from opencity_issues.queries.community.needs import Need

COLUMNS = (
    pgettext_lazy("column", "Code"),
    pgettext_lazy("column", "Category"),
    pgettext_lazy("column", "Where"),
    pgettext_lazy("column", "Unsolved issues"),
    pgettext_lazy("column", "Voices in support"),
    pgettext_lazy("column", "Overdue"),
    pgettext_lazy("column", "Oldest waits, days"),
    pgettext_lazy("column", "Latitude"),
    pgettext_lazy("column", "Longitude"),
    pgettext_lazy("column", "Address"),
)
WIDTHS = (8, 40, 30, 12, 12, 12, 12, 12, 12, 60)


def rows_of(needs: Iterable[Need], now: datetime, base: str) -> list[Sequence[Any]]:
    """One row a need, in the order of COLUMNS; addresses begin with `base`."""
    return [_row(one, now, base) for one in needs]


def features_of(needs: Iterable[Need], now: datetime, base: str) -> dict[str, Any]:
    """The same as a FeatureCollection (RFC 7946); a need without a place has no geometry."""
    return {"type": "FeatureCollection", "features": [_feature(one, now, base) for one in needs]}


def _row(need: Need, now: datetime, base: str) -> Sequence[Any]:
    lng, lat = need.centre or ("", "")
    counted = need.counted
    return (
        need.category.code,
        need.category.name,
        need.place,
        counted.issues,
        counted.supports,
        counted.overdue,
        (now - counted.oldest).days,
        lat,
        lng,
        f"{base}{need.url}",
    )


def _feature(need: Need, now: datetime, base: str) -> dict[str, Any]:
    counted = need.counted
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(need.centre)} if need.centre else None,
        "properties": {
            "category": need.category.code,
            "name": need.category.name,
            "area": need.place,
            "issues": counted.issues,
            "supports": counted.supports,
            "overdue": counted.overdue,
            "oldest_days": (now - counted.oldest).days,
            "url": f"{base}{need.url}",
        },
    }
