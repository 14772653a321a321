"""What the demonstration is made from: the texts, places and tables in `fixtures/`."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

Point = tuple[float, float]

# The city's data stand beside the packages in the repository; they are not part of the distribution.
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True)
class Text:
    """An issue as somebody might write it; `near` is a name of the gazetteer, `scene` a photo that fits, or empty.

    `answer` is what was done about it, where the words for its category would not fit.
    `ground` and `reason` say why the moderator refuses it or takes it down, where that is its story.
    """

    title: str
    description: str
    categories: tuple[str, ...]
    near: str = ""
    scene: str = ""
    answer: str = ""
    ground: str = ""
    reason: str = ""

    @classmethod
    def of(cls, row: dict[str, Any]) -> Text:
        """From a row of the fixtures."""
        return cls(**{**row, "categories": tuple(row["categories"])})


@dataclass(frozen=True)
class Material:
    """Everything read from one folder of fixtures. Points are (lng, lat) in WGS 84 degrees."""

    folder: Path
    issues: list[Text]
    talk: dict[str, Any]
    scheme: dict[str, Any]
    places: dict[str, Point] = field(default_factory=dict)
    streets: dict[str, list[Point]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path = DEFAULT_FOLDER) -> Material:
        """Read a folder. Raises FileNotFoundError where it is not one of fixtures."""
        scheme = json.loads((folder / "scheme" / "scheme.geojson").read_text(encoding="utf-8"))
        material = cls(
            folder=folder,
            issues=[Text.of(row) for row in json.loads((folder / "demo" / "issues.json").read_text(encoding="utf-8"))],
            talk=json.loads((folder / "demo" / "talk.json").read_text(encoding="utf-8")),
            scheme=scheme,
        )
        for row in material.table("gazetteer.csv"):
            material.places[row["name_uk"]] = (float(row["lng"]), float(row["lat"]))
        for feature in scheme["features"]:
            if feature["properties"]["kind"] == "street" and feature["properties"].get("name"):
                line = [(lng, lat) for lng, lat in feature["geometry"]["coordinates"]]
                # Highways go on beyond the city's bounds, where nothing can be reported.
                material.streets[feature["properties"]["name"]] = [
                    point for point in line if _within(scheme["bbox"], point)
                ]
        return material

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the folder."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def texts(self, topic: str) -> list[Text]:
        """The issue texts kept under a topic of talk.json: held, refused, off_topic."""
        return [Text.of(row) for row in self.talk[topic]]

    def about(self, topic: str, codes: Sequence[str], random: Random) -> str:
        """Words of a topic that is sorted by category: those of the longest beginning of a code that has any."""
        table: dict[str, list[str]] = self.talk[topic]
        for code in codes:
            parts = code.split(".")
            for length in range(len(parts), 0, -1):
                words = table.get(".".join(parts[:length]))
                if words:
                    return random.choice(words)
        return random.choice(table.get("") or table["8"])

    def said(self, topic: str, scene: str, random: Random) -> str:
        """Words of a topic that is sorted by scene, or of a plain list."""
        words = self.talk[topic]
        if isinstance(words, dict):
            words = words.get(scene, []) + words["any"]
        return random.choice(words)

    def somewhere(self, near: str, random: Random) -> tuple[Point, str]:
        """A place beside a street or landmark, and its address in words."""
        line = self.streets.get(near)
        if line is None:
            lng, lat = self.places[near]
            return _beside(lng, lat, 0.00045, random), near
        share = random.uniform(0.1, 0.9)
        return _beside(*_along(line, share), 0.00016, random), f"{near}, {1 + int(share * 80)}"


def _within(bounds: Sequence[float], point: Point) -> bool:
    west, south, east, north = bounds
    return west + 0.001 < point[0] < east - 0.001 and south + 0.001 < point[1] < north - 0.001


def _along(line: list[Point], share: float) -> Point:
    """The point at `share` of a line's length."""
    lengths = [((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for (x1, y1), (x2, y2) in pairwise(line)]
    rest = share * sum(lengths)
    for ((x1, y1), (x2, y2)), length in zip(pairwise(line), lengths, strict=True):
        if rest <= length:
            part = rest / length
            return x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
        rest -= length
    return line[-1]


def _beside(lng: float, lat: float, degrees: float, random: Random) -> Point:
    return round(lng + random.uniform(-degrees, degrees), 6), round(lat + random.uniform(-degrees, degrees) * 0.62, 6)
