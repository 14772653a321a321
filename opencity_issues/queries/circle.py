"""A circle on the map, checked once: what is near a place, and how far away."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db.models import ExpressionWrapper, F, FloatField
from django.db.models.functions import Sqrt
from django.utils.translation import gettext as _

from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.viewport import Viewport

METRES_PER_DEGREE = 111_320
"""Of latitude; of longitude at the equator."""

METRES_AT_MOST = 5_000
METRES_OTHERWISE = 500


@dataclass(frozen=True)
class Circle:
    """`lng`, `lat` in WGS 84 degrees."""

    lng: float
    lat: float
    metres: float = METRES_OTHERWISE

    @classmethod
    def parse(cls, text: str) -> Circle:
        """From `lng,lat` or `lng,lat,metres`. Raises ValueError in words."""
        try:
            numbers = [float(part) for part in text.split(",")] if len(text) <= 100 else []
        except ValueError:
            numbers = []
        if len(numbers) not in (2, 3) or not all(math.isfinite(number) for number in numbers):
            raise ValueError(_("A place is two or three numbers: longitude, latitude and metres."))
        lng, lat, *rest = numbers
        metres = rest[0] if rest else METRES_OTHERWISE
        if abs(lng) > 180 or abs(lat) > 85:
            raise ValueError(_("The view of the map lies beyond the globe."))
        if not 0 < metres <= METRES_AT_MOST:
            raise ValueError(_("The circle is at most %(metres)d metres wide.") % {"metres": METRES_AT_MOST})
        return cls(lng, lat, metres)

    @property
    def box(self) -> Viewport:
        """The circle's box."""
        high = self.metres / METRES_PER_DEGREE
        wide = high / self._narrowing
        return Viewport(self.lng - wide, self.lat - high, self.lng + wide, self.lat + high)

    def within(self, issues: IssueQuerySet) -> IssueQuerySet:
        """Those of the issues that lie within, with `metres` from its middle; found by the grid's index."""
        east = (F("lng") - self.lng) * (METRES_PER_DEGREE * self._narrowing)
        north = (F("lat") - self.lat) * float(METRES_PER_DEGREE)
        far = ExpressionWrapper(Sqrt(east * east + north * north), output_field=FloatField())
        return issues.filter(self.box.holds_place()).annotate(metres=far).filter(metres__lte=self.metres)

    @property
    def _narrowing(self) -> float:
        return math.cos(math.radians(self.lat))

    def __str__(self) -> str:
        return f"{self.lng:.5f},{self.lat:.5f},{self.metres:g}"
