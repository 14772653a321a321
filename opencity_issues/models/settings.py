from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.base_map import BaseMap, MapSource, check_base_map, osm_source, source_of
from opencity_issues.models.place import parse_point
from opencity_issues.procedure.letters.messages import wrong_placeholders
from opencity_issues.procedure.working_days import WorkingCalendar, is_known_country


def validate_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("There is no time zone of this name.")) from error


class CitySettings(models.Model):
    """What a city sets for its issues: place, calendar, moderation, mailboxes. One row for each index page."""

    city = models.OneToOneField(
        "opencity_issues.IssueIndexPage", on_delete=models.CASCADE, related_name="city_settings"
    )
    city_name = models.CharField(_("name of the city"), max_length=120, default="Відкрите Місто")

    centre = models.CharField(_("centre of the map"), max_length=100, default="SRID=4326;POINT(25.853 51.344)")
    zoom = models.PositiveSmallIntegerField(_("zoom of the map"), default=13)
    west = models.FloatField(_("western bound, degrees"), default=25.80)
    south = models.FloatField(_("southern bound, degrees"), default=51.31)
    east = models.FloatField(_("eastern bound, degrees"), default=25.90)
    north = models.FloatField(_("northern bound, degrees"), default=51.375)
    base_map = models.CharField(_("base map"), max_length=10, choices=BaseMap, default=BaseMap.SCHEME)
    tiles_url = models.CharField(
        _("address of the base map"),
        max_length=300,
        blank=True,
        help_text=_(
            "Tiles: https://…/{z}/{x}/{y}.png, empty for OpenStreetMap. PMTiles: https://….pmtiles, or /… for a file of "
            "this site. WMS: https://…/wms. The visitors' browsers ask this host, and no other."
        ),
    )
    wms_layers = models.CharField(
        _("layers of the map service"), max_length=200, blank=True, help_text=_("Of WMS alone, with commas between.")
    )
    tiles_attribution = models.CharField(
        _("attribution of the base map"),
        max_length=300,
        blank=True,
        help_text=_("Whose map it is, shown in its corner: © …"),
    )
    offers_osm = models.BooleanField(
        _("offer OpenStreetMap"),
        default=True,
        help_text=_("Visitors may choose it on the map; nothing is asked of its server before they do."),
    )

    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Kyiv", validators=[validate_time_zone])
    country = models.CharField(_("country of the public holidays"), max_length=2, default="UA")
    martial_law = models.BooleanField(
        _("martial law"), default=True, help_text=_("While it lasts, public holidays are working days.")
    )

    hold_everything = models.BooleanField(_("hold every issue for moderation"), default=False)
    stop_words = models.TextField(
        _("stop-list of words"),
        blank=True,
        help_text=_(
            "One a line; an asterisk at the end stands for any ending. An issue with such a word is held (5.2)."
        ),
    )
    automatic_messages = models.BooleanField(
        _("send warnings and repeated messages by themselves"),
        default=True,
        help_text=_(
            "When a deadline of 4.3 or 4.4 is missed. Otherwise they wait, ready-written, on the desks of the control "
            "body and the moderator."
        ),
    )
    warning_text = models.TextField(
        _("text of the control body's warning"), blank=True, help_text=_("Empty: the text that comes with the System.")
    )
    repeated_text = models.TextField(
        _("text of the moderator's repeated message"),
        blank=True,
        help_text=_("Empty: the text that comes with the System."),
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily letter to cabinets"), default=8, validators=[MaxValueValidator(23)]
    )
    control_mailbox = models.EmailField(
        _("mailbox of the control department"), blank=True, help_text=_("Gets a copy of every new issue (3.4).")
    )
    support_email = models.EmailField(_("support address"), blank=True)
    terms_url = models.CharField(_("page with the terms of use"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("city settings")
        verbose_name_plural = _("city settings")

    def __str__(self) -> str:
        return self.city_name

    def clean(self) -> None:
        if not self.south < self.north:
            raise ValidationError({"north": _("The northern bound lies north of the southern one.")})
        if not self.west < self.east:
            raise ValidationError({"east": _("The eastern bound lies east of the western one.")})
        check_base_map(self.base_map, self.tiles_url, self.wms_layers, self.tiles_attribution)
        if not is_known_country(self.country):
            raise ValidationError({"country": _("Public holidays of a country with this code are not known.")})
        for name in ("warning_text", "repeated_text"):
            if wrong := wrong_placeholders(getattr(self, name)):
                message = _("This cannot be filled in: %(wrong)s.") % {"wrong": " ".join(wrong)}
                raise ValidationError({name: message})

    @property
    def centre_point(self) -> tuple[float, float]:
        """(lng, lat) of the map's centre in WGS 84 degrees; the middle of the bounds where none is set."""
        return parse_point(self.centre) or ((self.west + self.east) / 2, (self.south + self.north) / 2)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in WGS 84 degrees."""
        return self.west, self.south, self.east, self.north

    @property
    def map_source(self) -> MapSource | None:
        """The base map beside the scheme that is shown first; None where the scheme is."""
        return source_of(self.base_map, self.tiles_url, self.wms_layers, self.tiles_attribution)

    @property
    def offered_source(self) -> MapSource | None:
        """OpenStreetMap, where visitors may choose it and it is not the base map already."""
        first = self.map_source
        return osm_source() if self.offers_osm and not (first and first.url == osm_source().url) else None

    def contains(self, lng: float, lat: float) -> bool:
        return self.west <= lng <= self.east and self.south <= lat <= self.north

    @property
    def stop_list(self) -> list[str]:
        return [word.strip() for word in self.stop_words.splitlines() if word.strip()]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def calendar(self) -> WorkingCalendar:
        """The city's working days and time zone, for the deadlines of section 4."""
        return WorkingCalendar(
            tz=self.zone,
            country=self.country,
            martial_law=self.martial_law,
            days={day.date: day.is_working for day in self.calendar_days.all()},
        )


class CityScheme(models.Model):
    """The city's own base map as GeoJSON, apart from the settings since it is large and only the map reads it."""

    city = models.OneToOneField("opencity_issues.IssueIndexPage", on_delete=models.CASCADE, related_name="scheme")
    features = models.JSONField(_("scheme of the city, GeoJSON"))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("scheme of the city")
        verbose_name_plural = _("schemes of the cities")

    def __str__(self) -> str:
        return str(self.city)


class CalendarDay(models.Model):
    """A day that the city's calendar treats otherwise than the country's: a day off, or a transferred working day."""

    settings = models.ForeignKey(CitySettings, on_delete=models.CASCADE, related_name="calendar_days")
    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        constraints = [models.UniqueConstraint(fields=["settings", "date"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"
