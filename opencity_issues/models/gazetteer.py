from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.issue import IssueIndexPage


class PlaceKind(models.TextChoices):
    STREET = "street", _("street")
    HOUSE = "house", _("house")
    DISTRICT = "district", _("district")
    LANDMARK = "landmark", _("landmark")


class GazetteerPlace(models.Model):
    """A named place of the city's own gazetteer: it answers the search for an address and says what a point is near."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="gazetteer")
    kind = models.CharField(_("kind"), max_length=8, choices=PlaceKind)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    other_names = models.CharField(
        _("other names"), max_length=300, blank=True, help_text=_("Former and colloquial names, with commas between.")
    )
    lng = models.FloatField(_("longitude, degrees"))
    lat = models.FloatField(_("latitude, degrees"))
    sought = models.CharField(max_length=800, editable=False)
    """All its names as they are compared in a search."""

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
