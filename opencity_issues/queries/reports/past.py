"""Where issues belonged when a period ended: later corrections of category and place are undone by their traces."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from shapely.geometry import Point, shape

from opencity_issues.models import Category, Correction, District, IssueCategory, IssueIndexPage, IssuePage

CHUNK = 5000
"""Keys asked for at once: databases limit the parameters of a question."""


@dataclass
class Belonging:
    """Categories and district of each issue as of a moment."""

    categories: dict[int, set[int]] = field(default_factory=dict)
    districts: dict[int, int | None] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)


def belonging_at(city: IssueIndexPage, issues: Collection[int], moment: datetime) -> Belonging:
    """What these issues belonged to at a moment. Two questions for each five thousand, and one or two more."""
    found = Belonging()
    for keys in _chunks(sorted(issues)):
        for issue_id, category_id in IssueCategory.objects.filter(issue_id__in=keys).values_list(
            "issue_id", "category_id"
        ):
            found.categories.setdefault(issue_id, set()).add(category_id)
        for issue_id, number, district_id in (
            IssuePage.objects.filter(pk__in=keys).order_by().values_list("pk", "number", "district_id")
        ):
            found.numbers[issue_id], found.districts[issue_id] = number, district_id
    _undo_later_corrections(city, found, moment)
    return found


def _undo_later_corrections(city: IssueIndexPage, found: Belonging, moment: datetime) -> None:
    later = Correction.objects.filter(
        Q(field="categories") | Q(field="location"), event__issue__city=city, event__at__gte=moment
    )
    first: dict[tuple[int, str], str] = {}
    for issue_id, name, before in later.order_by("event__issue_id", "event__sequence").values_list(
        "event__issue_id", "field", "before"
    ):
        if issue_id in found.numbers:
            first.setdefault((issue_id, name), before)
    if not first:
        return
    keys = dict(Category.objects.values_list("code", "pk"))
    outlines: list[tuple[int, Any]] | None = None
    for (issue_id, name), before in first.items():
        if name == "categories":
            codes = [code.strip() for code in before.split(",")]
            found.categories[issue_id] = {keys[code] for code in codes if code in keys}
        else:
            if outlines is None:
                outlines = [(one.pk, shape(one.outline)) for one in District.objects.filter(city=city)]
            found.districts[issue_id] = _district_of(before, outlines)


def _district_of(words: str, outlines: list[tuple[int, Any]]) -> int | None:
    """The district of a place written as "lng, lat"; None without a place."""
    try:
        lng, lat = (float(part) for part in words.split(","))
    except ValueError:
        return None
    return next((key for key, outline in outlines if outline.covers(Point(lng, lat))), None)


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
