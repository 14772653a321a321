"""The city's gazetteer from a table or a GeoJSON file: what is in it is added or renewed, all of it or nothing."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from opencity_issues.actions.city.import_matrix import decode_table
from opencity_issues.models import GazetteerPlace, GazetteerSpot, IssueIndexPage, PlaceKind
from opencity_issues.models.gazetteer import SPOT_METRES, index_places

COLUMNS = ("kind", "name_uk", "lng", "lat")
BYTES_AT_MOST = 40 * 1024 * 1024
PLACES_AT_MOST = 300_000
FAULTS_AT_MOST = 50
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

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name_uk


@dataclass
class GazetteerImport:
    """What came of a file: places added, changed, left as they were, taken out, outside the city; faults by line."""

    added: int = 0
    changed: int = 0
    known: int = 0
    removed: int = 0
    outside: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, where: str, words: str) -> None:
        if len(self.faults) < FAULTS_AT_MOST:
            self.faults.append(f"{where}: {words}.")


def import_gazetteer(
    city: IssueIndexPage, content: bytes, *, instead: bool = False, dry_run: bool = False
) -> GazetteerImport:
    """Bring a city's gazetteer to what a file says; with `instead` what the file leaves out goes.

    CSV with the columns kind, name_uk, lng, lat and perhaps name_en, other_names; or GeoJSON with the same properties,
    where streets may be lines and districts areas, and what has no kind of place is passed over. Nothing is written
    where there are faults.
    """
    result = GazetteerImport()
    entries = _read(content, result)
    inside = {one.key: one for entry in entries if (one := _within(city, entry))}
    result.outside = len({one.key for one in entries}) - len(inside)
    if not result.faults and not inside:
        result.fault(_("The file"), _("there is no place in it that lies in the city"))
    if not result.faults:
        with transaction.atomic():
            _write(city, inside, result, instead=instead, dry_run=dry_run)
    return result


def _within(city: IssueIndexPage, entry: Entry) -> Entry | None:
    """An entry that lies in the city; a road that leaves it stands where it is still inside."""
    if city.config.contains(*entry.at):
        return entry
    inside = [spot for line in entry.lines for spot in _spots(line) if city.config.contains(*spot)]
    return replace(entry, at=inside[len(inside) // 2]) if inside else None


def _read(content: bytes, result: GazetteerImport) -> list[Entry]:
    if len(content) > BYTES_AT_MOST:
        result.fault(_("The file"), _("it is larger than 40 MB"))
        return []
    text = decode_table(content)
    read = _geojson_entries if text.lstrip()[:1] == "{" else _table_entries
    entries: list[Entry] = []
    for entry in read(text, result):
        if len(entries) == PLACES_AT_MOST:
            result.fault(_("The file"), _("it has more than %(count)d places") % {"count": PLACES_AT_MOST})
            break
        entries.append(entry)
    return entries


def _table_entries(text: str, result: GazetteerImport) -> Iterator[Entry]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=max(",;\t", key=head.count))
    try:
        reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in COLUMNS if name not in reader.fieldnames]
        for name in missing:
            result.fault(_line(1), _("the column “%(name)s” is missing") % {"name": name})
        if missing:
            return
        for row in reader:
            said = {name: str(value or "").strip() for name, value in row.items() if name}
            if not any(said.values()):
                continue
            at = _point(said["lng"], said["lat"])
            if at is None:
                result.fault(_line(reader.line_num), _("the place is not two numbers in degrees"))
            if (entry := _entry(_line(reader.line_num), said, at or (0.0, 0.0), (), result)) and at:
                yield entry
    except csv.Error:
        result.fault(_line(reader.line_num), _("this is no line of a table"))


def _geojson_entries(text: str, result: GazetteerImport) -> Iterator[Entry]:
    try:
        features = list(json.loads(text)["features"])
    except (ValueError, KeyError, TypeError, RecursionError):
        result.fault(_("The file"), _("this is no GeoJSON collection of features"))
        return
    streets: dict[str, Entry] = {}
    for number, feature in enumerate(features, 1):
        where = _("Feature %(number)d") % {"number": number}
        said = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(said, dict) or said.get("kind") not in PlaceKind.values:
            continue
        said = {str(name): str(value or "").strip() for name, value in said.items()}
        said.setdefault("name_uk", said.get("name", ""))
        if not said["name_uk"]:
            continue
        at, lines = _geometry(feature.get("geometry"))
        if at is None:
            result.fault(where, _("the place is not two numbers in degrees"))
        elif entry := _entry(where, said, at, lines, result):
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
    where: str, said: dict[str, str], at: Point, lines: Sequence[Sequence[Point]], result: GazetteerImport
) -> Entry | None:
    entry = Entry(
        said.get("kind", ""), said["name_uk"], said.get("name_en", ""), said.get("other_names", ""), at, lines
    )
    if entry.kind not in PlaceKind.values:
        kinds = ", ".join(PlaceKind.values)
        result.fault(where, _("the kind is none of %(kinds)s") % {"kinds": kinds})
        return None
    place = GazetteerPlace(kind=entry.kind, name_uk=entry.name_uk, name_en=entry.name_en, other_names=entry.other_names)
    try:
        place.clean_fields(exclude=["city", "lng", "lat"])
    except ValidationError as error:
        words = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        result.fault(where, words.rstrip("."))
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


def _line(number: int) -> str:
    return _("Line %(line)d") % {"line": number}


def _write(
    city: IssueIndexPage,
    entries: dict[tuple[str, str], Entry],
    result: GazetteerImport,
    *,
    instead: bool,
    dry_run: bool,
) -> None:
    known = {(one.kind, one.name_uk): one for one in GazetteerPlace.objects.filter(city=city)}
    gone = [place.pk for key, place in known.items() if instead and key not in entries]
    fresh: list[GazetteerPlace] = []
    changed: list[GazetteerPlace] = []
    for key, entry in entries.items():
        place = known.get(key) or GazetteerPlace(city=city, kind=entry.kind, name_uk=entry.name_uk)
        before = (place.name_en, place.other_names, place.lng, place.lat)
        # What a file leaves open stays as the city wrote it.
        place.name_en, place.other_names = entry.name_en or place.name_en, entry.other_names or place.other_names
        place.lng, place.lat = entry.at
        if place.pk is None:
            fresh.append(place)
        elif before != (place.name_en, place.other_names, place.lng, place.lat):
            changed.append(place)
    result.added, result.changed, result.removed = len(fresh), len(changed), len(gone)
    result.known = len(entries) - len(fresh) - len(changed)
    if dry_run:
        return
    for start in range(0, len(gone), BATCH):
        GazetteerPlace.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    GazetteerPlace.objects.bulk_create(fresh, batch_size=BATCH)
    GazetteerPlace.objects.bulk_update(changed, ["name_en", "other_names", "lng", "lat"], batch_size=BATCH)
    written = [*fresh, *changed]
    for start in range(0, len(written), BATCH):
        index_places(written[start : start + BATCH])
    lines = {key: entry.lines for key, entry in entries.items() if entry.lines}
    _write_spots([one for one in [*known.values(), *fresh] if (one.kind, one.name_uk) in lines], lines, city)


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
