"""A city's districts from GeoJSON: they become part of its scheme, out of which districts are drawn."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import box, mapping, shape

from opencity_issues.actions.city.draw_districts import draw_districts
from opencity_issues.actions.city.imports.plan import Outcome, Plan, State
from opencity_issues.models import CityScheme, District, IssueIndexPage
from opencity_issues.tables.decode import decode
from opencity_issues.tables.fault import Fault

BYTES_AT_MOST = 20 * 1024 * 1024
NAME_LENGTH = 120
NAMES = ("name_uk", "name", "назва")


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """Districts by their Ukrainian names; with `replace` those that the file leaves out go.

    A FeatureCollection of Polygons or MultiPolygons in WGS 84 degrees with the property `name` or `name_uk`, perhaps
    `name_en`. Faults count the features, since lines of GeoJSON say nothing.
    """
    made = Plan()
    features = _features(content, made)
    known = {one.name_uk: one for one in District.objects.filter(city=city)}
    found: dict[str, dict[str, Any]] = {}
    bounds = box(*city.config.bounds)
    for place, feature in enumerate(features, 1):
        drawn = _district(place, feature, bounds, made)
        if drawn is None:
            continue
        name = drawn["properties"]["name"]
        if name in found:
            _fault(made, place, _("“%(name)s” is there twice") % {"name": name})
        found[name] = drawn
        made.outcomes.append(_outcome(place, name, drawn, known.get(name)))
    if not found and not made.faults:
        made.faults.append(Fault(0, "", _("there is no district in it")))
    if replace:
        made.outcomes += [Outcome(0, name, State.REMOVED) for name in known if name not in found]
    made.write = lambda: _write(city, found, replace=replace)
    return made


def _features(content: bytes, made: Plan) -> list[Any]:
    if len(content) > BYTES_AT_MOST:
        made.faults.append(Fault(0, "", _("it is larger than %(size)d MB") % {"size": 20}))
        return []
    read = decode(content)
    made.faults += read.faults
    try:
        return list(json.loads(read.text)["features"])
    except (ValueError, KeyError, TypeError, RecursionError):
        made.faults.append(Fault(0, "", _("this is no GeoJSON collection of features")))
        return []


def _district(place: int, feature: Any, bounds: Any, made: Plan) -> dict[str, Any] | None:
    """A feature as the scheme holds it, or None and a fault. What is of another kind than a district is passed over."""
    said = feature.get("properties") if isinstance(feature, dict) else None
    said = said if isinstance(said, dict) else {}
    if said.get("kind") not in (None, "", "district"):
        return None
    name = next((str(said[key]).strip() for key in NAMES if said.get(key)), "")
    if not name or len(name) > NAME_LENGTH:
        _fault(made, place, _("the district has no name, or one of more than 120 characters"))
        return None
    try:
        area = shape(feature.get("geometry"))
        whole = area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and not area.is_empty
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        whole = False
    if not whole:
        _fault(made, place, _("“%(name)s” has no outline, or one that crosses itself") % {"name": name})
        return None
    if not area.intersects(bounds):
        _fault(made, place, _("“%(name)s” lies outside the city's bounds") % {"name": name})
        return None
    english = str(said.get("name_en") or "")[:NAME_LENGTH]
    properties = {"kind": "district", "name": name, "name_en": english}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(json.dumps(mapping(area)))}


def _outcome(place: int, name: str, drawn: dict[str, Any], known: District | None) -> Outcome:
    if known is None:
        return Outcome(place, name, State.NEW)
    same = known.outline == drawn["geometry"] and known.name_en == drawn["properties"]["name_en"]
    return Outcome(place, name, State.SAME if same else State.CHANGED)


def _write(city: IssueIndexPage, found: dict[str, dict[str, Any]], *, replace: bool) -> None:
    scheme, _made = CityScheme.objects.get_or_create(
        city=city, defaults={"features": {"type": "FeatureCollection", "features": []}}
    )
    kept = [one for one in scheme.features.get("features", []) if not _goes(one, found, replace=replace)]
    scheme.features["features"] = [*kept, *found.values()]
    scheme.save()
    draw_districts(city)


def _goes(feature: Any, found: dict[str, Any], *, replace: bool) -> bool:
    said = feature.get("properties") or {}
    return said.get("kind") == "district" and (replace or said.get("name") in found)


def _fault(made: Plan, place: int, words: str) -> None:
    made.faults.append(Fault(place, "", words, is_feature=True))
