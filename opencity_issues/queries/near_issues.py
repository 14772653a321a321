"""Unsolved issues near a place, so that one problem is not registered twice."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from opencity_issues.enums import UNSOLVED
from opencity_issues.models import Category, IssueIndexPage, IssuePage
from opencity_issues.queries.issue_rows import issue_rows, with_row_parts
from opencity_issues.queries.near_duplicates import branches
from opencity_issues.queries.viewport import Viewport

METRES = 200
"""How far from the place is still near."""
AT_MOST = 5
LOOKED_AT = 60
METRES_A_DEGREE = 111_320
"""Of latitude; of longitude at the equator."""
WORD_AT_LEAST = 4


def near_issues(
    city: IssueIndexPage,
    location: tuple[float, float] | None,
    address: str,
    categories: Sequence[Category],
    now: datetime,
    *,
    alike: bool = False,
) -> list[dict[str, Any]]:
    """Rows for the component `issue_row`, the nearest first, with `metres` and the same in words as `distance`; `location` is (lng, lat), WGS 84.

    Only those `alike`, of the branches of the categories, where it is asked for and these are known. Without a place: those of the categories whose address has the longest word of this one. Empty where neither is known.
    """
    open_ones = IssuePage.objects.in_city(city).published().filter(status__in=UNSOLVED)
    if location is not None:
        if alike and categories:
            branch = Category.objects.filter(branches(one.code for one in categories))
            open_ones = open_ones.filter(
                pk__in=IssuePage.categories.through.objects.filter(category__in=branch).values("issue_id")
            )
        return around_place(open_ones, location, now)
    word = max(address.replace(",", " ").split(), key=len, default="")
    if len(word) < WORD_AT_LEAST or not categories:
        return []
    # SQLite folds the case of Latin letters only; people write in Cyrillic.
    named = Q(address__icontains=word) | Q(address__icontains=word.lower()) | Q(address__icontains=word.capitalize())
    of_kind = IssuePage.categories.through.objects.filter(category__in=categories).values("issue_id")
    found = with_row_parts(open_ones.filter(named, pk__in=of_kind))
    return issue_rows(found.order_by("-number")[:AT_MOST], now)


def around_place(issues: Any, location: tuple[float, float], now: datetime) -> list[dict[str, Any]]:
    """Rows of those of these issues that lie within METRES of a place, (lng, lat) in WGS 84 degrees, the nearest first."""
    lng, lat = location
    high = METRES / METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    view = Viewport(lng - wide, lat - high, lng + wide, lat + high)
    found = issue_rows(with_row_parts(issues.filter(view.holds_place())).order_by("-number")[:LOOKED_AT], now)
    for row in found:
        row["metres"] = round(_metres(location, (row["lng"], row["lat"])))
        row["distance"] = _("%(count)d m away") % {"count": row["metres"]}
    near = sorted((row for row in found if row["metres"] <= METRES), key=lambda row: row["metres"])
    return near[:AT_MOST]


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Across a few hundred metres the Earth is flat."""
    east = (other[0] - one[0]) * math.cos(math.radians(one[1])) * METRES_A_DEGREE
    return math.hypot(east, (other[1] - one[1]) * METRES_A_DEGREE)
