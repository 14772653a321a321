"""The city's own gazetteer: its streets, houses, districts and landmarks, by whatever name they are called."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.place_words import BEGINNING, keys_of

SPOT_METRES = 40
"""How far apart the spots are that a street's line is kept as."""


class PlaceKind(models.TextChoices):
    STREET = "street", _("street")
    HOUSE = "house", _("house")
    DISTRICT = "district", _("district")
    LANDMARK = "landmark", _("landmark")


class GazetteerPlace(models.Model):
    """A named place of the city's own gazetteer: it answers the search for an address and says what a point is near."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="gazetteer")
    kind = models.CharField(_("kind"), max_length=8, choices=PlaceKind)
    name_uk = models.CharField(
        _("name in Ukrainian"), max_length=200, help_text=_("A house: its street, a comma and its number.")
    )
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    other_names = models.CharField(
        _("other names"), max_length=300, blank=True, help_text=_("Former and colloquial names, with commas between.")
    )
    lng = models.FloatField(_("longitude, degrees"))
    lat = models.FloatField(_("latitude, degrees"))

    class Meta:
        ordering = ["name_uk"]
        verbose_name = _("place of the gazetteer")
        verbose_name_plural = _("gazetteer")
        constraints = [models.UniqueConstraint(fields=["city", "kind", "name_uk"], name="gazetteer_place_once")]
        indexes = [models.Index(fields=["city", "lat", "lng"], name="gazetteer_by_place")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Ukrainian where there is no other."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_uk

    @property
    def names(self) -> list[str]:
        """All its names, the present ones first."""
        others = [name.strip() for name in self.other_names.split(",")]
        return [name for name in (self.name_uk, self.name_en, *others) if name]

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            index_places([self])


class GazetteerKey(models.Model):
    """One of the keys that a place is found by, see `place_words`. Houses have none: they are found by their street."""

    place = models.ForeignKey(GazetteerPlace, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=3 * BEGINNING + 1)

    class Meta:
        indexes = [models.Index(fields=["key", "place"], name="gazetteer_by_key")]

    def __str__(self) -> str:
        return self.key


class GazetteerSpot(models.Model):
    """A point of a street's line, so that one can say which street a place is at."""

    place = models.ForeignKey(GazetteerPlace, on_delete=models.CASCADE, related_name="spots")
    lng = models.FloatField()
    lat = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["lat", "lng"], name="gazetteer_by_spot")]

    def __str__(self) -> str:
        return f"{self.lng:.5f},{self.lat:.5f}"


def index_places(places: Sequence[GazetteerPlace]) -> None:
    """Write anew the keys of these places."""
    GazetteerKey.objects.filter(place__in=[place.pk for place in places]).delete()
    GazetteerKey.objects.bulk_create(
        (
            GazetteerKey(place=place, key=key)
            for place in places
            if place.kind != PlaceKind.HOUSE
            for key in sorted(keys_of(place.names))
        ),
        batch_size=2000,
    )
