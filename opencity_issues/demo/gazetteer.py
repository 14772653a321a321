"""The demonstration town's gazetteer: its table, the lines of its streets, and houses along the larger ones."""

import csv
import io
import json
import math
from collections.abc import Iterator

from shapely.geometry import LineString

from opencity_issues.actions.city.imports.run import run_import
from opencity_issues.demo.material import Material
from opencity_issues.models import IssueIndexPage

HOUSES = 80
"""On a street, as many as the addresses of the demonstration's issues know."""

ASIDE = 0.00018
"""Degrees from the middle of the street to a house, odd numbers on one side and even ones on the other."""


def load_gazetteer(city: IssueIndexPage, material: Material) -> None:
    """Give a city without a gazetteer the town's; what is there stays."""
    if city.gazetteer.exists():
        return
    contents = [
        json.dumps({"type": "FeatureCollection", "features": material.scheme["features"]}).encode(),
        (material.folder / "gazetteer.csv").read_bytes(),
        _houses(material).encode(),
    ]
    for content in contents:
        if faults := run_import("gazetteer", city, content).faults:
            raise ValueError("\n".join(str(fault) for fault in faults))


def _houses(material: Material) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("kind", "name_uk", "name_en", "lng", "lat"))
    for feature in material.scheme["features"]:
        said = feature["properties"]
        if said["kind"] == "street" and said.get("name") and said.get("rank") != "local":
            for number, lng, lat in _along(material.streets[said["name"]]):
                english = f"{said['name_en']}, {number}" if said.get("name_en") else ""
                writer.writerow(("house", f"{said['name']}, {number}", english, lng, lat))
    return table.getvalue()


def _along(points: list[tuple[float, float]]) -> Iterator[tuple[int, float, float]]:
    """Numbers and places of the houses of a line."""
    if len(points) < 2:
        return
    line = LineString(points)
    for number in range(1, HOUSES + 1):
        share = (number - 0.5) / HOUSES
        at, ahead = (line.interpolate(min(1.0, share + more), normalized=True) for more in (0, 0.01))
        turn = math.atan2(ahead.y - at.y, ahead.x - at.x) + math.radians(90 if number % 2 else -90)
        yield number, round(at.x + ASIDE * math.cos(turn), 6), round(at.y + 0.62 * ASIDE * math.sin(turn), 6)
