from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from shapely.geometry import Point, shape


class DistrictQuerySet(models.QuerySet["District"]):
    def at(self, city: Any, location: tuple[float, float] | None) -> "District | None":
        """The city's district that a place (lng, lat in WGS 84 degrees) lies in, or None."""
        if location is None:
            return None
        lng, lat = location
        near = self.filter(city=city, west__lte=lng, east__gte=lng, south__lte=lat, north__gte=lat)
        point = Point(lng, lat)
        return next((one for one in near if shape(one.outline).covers(point)), None)


class District(models.Model):
    """A part of the city, for filters, figures and reports."""

    city = models.ForeignKey("opencity_issues.IssueIndexPage", on_delete=models.CASCADE, related_name="districts")
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    outline = models.JSONField(_("outline, a GeoJSON Polygon or MultiPolygon"))
    west = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    north = models.FloatField(editable=False)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        ordering = ["name_uk"]
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = [models.UniqueConstraint(fields=["city", "name_uk"], name="district_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Ukrainian where there is no other."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_uk

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.west, self.south, self.east, self.north = shape(self.outline).bounds
        super().save(*args, **kwargs)
