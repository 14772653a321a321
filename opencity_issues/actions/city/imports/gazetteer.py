"""The city's gazetteer from a table or a GeoJSON file: what is in it is added or renewed, all of it or nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry import shape

from opencity_issues.actions.city.imports.plan import Outcome, Plan, State, outcome, planned, set_values
from opencity_issues.models import GazetteerPlace, GazetteerSpot, IssueIndexPage, PlaceKind
from opencity_issues.models.gazetteer import SPOT_METRES, index_places
from opencity_issues.tables.decode import decode
from opencity_issues.tables.fault import Fault
from opencity_issues.tables.read_table import FAULTS_AT_MOST, Column, Row, Table, read_table

COLUMNS = (
    Column("kind", ("вид",), required=True),
    Column("name_uk", ("назва", "назва українською", "name", "name in ukrainian"), required=True),
    Column("lng", ("довгота", "longitude"), required=True),
    Column("lat", ("широта", "latitude"), required=True),
    Column("name_en", ("назва англійською", "name in english")),
    Column("other_names", ("інші назви", "other names", "колишні назви")),
)
KINDS = {
    **{kind.value: kind.value for kind in PlaceKind},
    "вулиця": PlaceKind.STREET,
    "будинок": PlaceKind.HOUSE,
    "район": PlaceKind.DISTRICT,
    "орієнтир": PlaceKind.LANDMARK,
}
BYTES_AT_MOST = 40 * 1024 * 1024
PLACES_AT_MOST = 300_000
BATCH = 500
METRES_PER_DEGREE = 111_320

Point = tuple[float, float]


@dataclass(frozen=True)
class Entry:
    """A place of a file; `lines` are those of a street, (lng, lat) in WGS 84 degrees."""

    kind: str
    name_uk: str
    name_en: str
    other_names: str
    at: Point
    lines: Sequence[Sequence[Point]] = ()
    line: int = 0
    """Line of the table, or number of the feature, that it is from."""

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name_uk


class _File:
    """A file on its way in: its faults, and how many of its places lie outside the city."""

    def __init__(self) -> None:
        self.table = Table()
        self.outside = 0

    def fault(self, line: int, column: str, words: str, *, is_feature: bool = False) -> None:
        if len(self.table.faults) < FAULTS_AT_MOST:
            heading = self.table.headings.get(column, column)
            self.table.faults.append(Fault(line, heading, words, is_feature))


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """Bring a city's gazetteer to what a file says; with `replace` what the file leaves out goes.

    A table with the columns kind, name_uk, lng, lat and perhaps name_en, other_names; or GeoJSON with the same properties,
    where streets may be lines and districts areas, and what has no kind of place is passed over.
    """
    file = _File()
    entries = _read(content, file)
    inside = {one.key: one for entry in entries if (one := _within(city, entry))}
    outside = len({one.key for one in entries}) - len(inside)
    if not file.table.faults and not inside:
        file.fault(0, "", _("there is no place in it that lies in the city"))
    if outside:
        words = ngettext(
            "%(count)d place lies outside the city and is passed over.",
            "%(count)d places lie outside the city and are passed over.",
            outside,
        )
        file.table.notes.append(words % {"count": outside})
    return _planned(city, inside, planned(file.table), replace=replace)


def _within(city: IssueIndexPage, entry: Entry) -> Entry | None:
    """An entry that lies in the city; a road that leaves it stands where it is still inside."""
    if city.config.contains(*entry.at):
        return entry
    inside = [spot for line in entry.lines for spot in _spots(line) if city.config.contains(*spot)]
    return replace(entry, at=inside[len(inside) // 2]) if inside else None


def _read(content: bytes, file: _File) -> list[Entry]:
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        if len(content) > BYTES_AT_MOST:
            file.fault(0, "", _("it is larger than %(size)d MB") % {"size": BYTES_AT_MOST // 1024 // 1024})
            return []
        return list(_geojson_entries(content, file))
    file.table = read_table(content, COLUMNS, bytes_at_most=BYTES_AT_MOST, rows_at_most=PLACES_AT_MOST)
    return [entry for row in file.table.rows if (entry := _table_entry(row, file))]


def _table_entry(row: Row, file: _File) -> Entry | None:
    said = {name: row.get(name) for name in ("kind", "name_uk", "name_en", "other_names")}
    at = _point(row.get("lng"), row.get("lat"))
    if at is None:
        file.fault(row.line, "lng", _("the place is not two numbers in degrees"))
    entry = _entry(row.line, said, at or (0.0, 0.0), (), file)
    return entry if at else None


def _geojson_entries(content: bytes, file: _File) -> Iterator[Entry]:
    read = decode(content)
    file.table.faults += read.faults
    try:
        features = list(json.loads(read.text)["features"])[:PLACES_AT_MOST]
    except (ValueError, KeyError, TypeError, RecursionError):
        file.fault(0, "", _("this is no GeoJSON collection of features"))
        return
    streets: dict[str, Entry] = {}
    for place, feature in enumerate(features, 1):
        said = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(said, dict) or said.get("kind") not in PlaceKind.values:
            continue
        said = {str(name): str(value or "").strip() for name, value in said.items()}
        said.setdefault("name_uk", said.get("name", ""))
        if not said["name_uk"]:
            continue
        at, lines = _geometry(feature.get("geometry"))
        if at is None:
            file.fault(place, "", _("the place is not two numbers in degrees"), is_feature=True)
        elif entry := _entry(place, said, at, lines, file, is_feature=True):
            # A street may be drawn in several pieces.
            earlier = streets.get(entry.name_uk) if lines else None
            if lines:
                streets[entry.name_uk] = entry = _joined(earlier, entry)
            yield entry


def _joined(earlier: Entry | None, entry: Entry) -> Entry:
    if earlier is None:
        return entry
    return replace(earlier, lines=[*earlier.lines, *entry.lines])


def _entry(
    line: int,
    said: dict[str, str],
    at: Point,
    lines: Sequence[Sequence[Point]],
    file: _File,
    *,
    is_feature: bool = False,
) -> Entry | None:
    kind = KINDS.get(said.get("kind", "").lower(), "")
    entry = Entry(kind, said["name_uk"], said.get("name_en", ""), said.get("other_names", ""), at, lines, line)
    if not kind:
        names = ", ".join(KINDS)
        file.fault(line, "kind", _("the kind is none of %(kinds)s") % {"kinds": names}, is_feature=is_feature)
        return None
    place = GazetteerPlace(kind=entry.kind, name_uk=entry.name_uk, name_en=entry.name_en, other_names=entry.other_names)
    try:
        place.clean_fields(exclude=["city", "lng", "lat"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            file.fault(line, name, " ".join(messages).rstrip("."), is_feature=is_feature)
        return None
    return entry


def _point(lng: Any, lat: Any) -> Point | None:
    try:
        at = float(str(lng).replace(",", ".")), float(str(lat).replace(",", "."))
    except ValueError:
        return None
    return at if all(map(math.isfinite, at)) and abs(at[0]) <= 180 and abs(at[1]) <= 85 else None


def _geometry(geometry: Any) -> tuple[Point | None, list[Sequence[Point]]]:
    """A point for a geometry (the middle of a line, a point within an area), and its lines if it has any."""
    try:
        drawn = shape(geometry)
        if drawn.is_empty:
            return None, []
        lines = [list(one.coords) for one in getattr(drawn, "geoms", [drawn]) if one.geom_type == "LineString"]
        longest = max(lines, key=lambda one: shapely.LineString(one).length, default=None)
        middle = shapely.LineString(longest).interpolate(0.5, normalized=True) if longest else None
        at = middle or drawn.representative_point()
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return None, []
    return _point(at.x, at.y), [[(x, y) for x, y, *_height in line] for line in lines]


def _planned(city: IssueIndexPage, entries: dict[tuple[str, str], Entry], made: Plan, *, replace: bool) -> Plan:
    known = {(one.kind, one.name_uk): one for one in GazetteerPlace.objects.filter(city=city)}
    gone = [place for key, place in known.items() if replace and key not in entries]
    fresh: list[GazetteerPlace] = []
    changed: list[GazetteerPlace] = []
    for key, entry in entries.items():
        place = known.get(key) or GazetteerPlace(city=city, kind=entry.kind, name_uk=entry.name_uk)
        # What a file leaves open stays as the city wrote it.
        values: dict[str, Any] = {"lng": entry.at[0], "lat": entry.at[1]}
        values |= {name: said for name in ("name_en", "other_names") if (said := getattr(entry, name))}
        changes = set_values(place, values)
        made.outcomes.append(outcome(entry.line, place, changes, name=entry.name_uk))
        if place.pk is None:
            fresh.append(place)
        elif changes:
            changed.append(place)
    made.outcomes += [Outcome(0, place.name_uk, State.REMOVED) for place in gone]
    places = [*known.values(), *fresh]
    made.write = lambda: _write(city, entries, places, fresh, changed, [place.pk for place in gone])
    return made


def _write(
    city: IssueIndexPage,
    entries: dict[tuple[str, str], Entry],
    places: Sequence[GazetteerPlace],
    fresh: Sequence[GazetteerPlace],
    changed: Sequence[GazetteerPlace],
    gone: Sequence[int],
) -> None:
    for start in range(0, len(gone), BATCH):
        GazetteerPlace.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    GazetteerPlace.objects.bulk_create(fresh, batch_size=BATCH)
    GazetteerPlace.objects.bulk_update(changed, ["name_en", "other_names", "lng", "lat"], batch_size=BATCH)
    written = [*fresh, *changed]
    for start in range(0, len(written), BATCH):
        index_places(written[start : start + BATCH])
    lines = {key: entry.lines for key, entry in entries.items() if entry.lines}
    _write_spots([one for one in places if (one.kind, one.name_uk) in lines], lines, city)


def _write_spots(
    places: Sequence[GazetteerPlace], lines: dict[tuple[str, str], Sequence[Sequence[Point]]], city: IssueIndexPage
) -> None:
    """The lines of streets as points, those within the city."""
    for start in range(0, len(places), BATCH):
        GazetteerSpot.objects.filter(place__in=[one.pk for one in places[start : start + BATCH]]).delete()
    GazetteerSpot.objects.bulk_create(
        (
            GazetteerSpot(place=place, lng=round(lng, 6), lat=round(lat, 6))
            for place in places
            for line in lines[place.kind, place.name_uk]
            for lng, lat in _spots(line)
            if city.config.contains(lng, lat)
        ),
        batch_size=2000,
    )


def _spots(line: Sequence[Point]) -> Iterator[Point]:
    """Points along a line, at most SPOT_METRES apart, its ends and bends among them."""
    yield line[0]
    for (lng, lat), (to_lng, to_lat) in pairwise(line):
        narrow = math.cos(math.radians(lat))
        metres = METRES_PER_DEGREE * math.hypot((to_lng - lng) * narrow, to_lat - lat)
        steps = max(1, math.ceil(metres / SPOT_METRES))
        for step in range(1, steps + 1):
            yield lng + (to_lng - lng) * step / steps, lat + (to_lat - lat) * step / steps
