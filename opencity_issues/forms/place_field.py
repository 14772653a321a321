"""wagtailgeowidget's map in the admin, with the site's own Leaflet and the city's scheme: no page asks a foreign host."""

import json
from typing import Any

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtailgeowidget.widgets import LeafletField

from opencity_issues.models import CitySettings

NO_TILES = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
"""One transparent point: the geo widget always lays tiles, and its own ones come from another server."""


class PlaceField(LeafletField):
    """A place as `SRID=4326;POINT(lng lat)`, chosen on the map of the city or, read-only, shown there."""

    def __init__(self, *args: Any, read_only: bool = False, **kwargs: Any) -> None:
        self.read_only = read_only
        super().__init__(*args, **{"zoom": 15, "srid": 4326, **kwargs})

    @cached_property
    def media(self) -> forms.Media:
        """The geo widget's own scripts, on Leaflet and the scheme that this site serves itself."""
        return forms.Media(
            css={
                "all": (
                    "wagtailgeowidget/css/leaflet-field.css",
                    "js_lib_leaflet/leaflet.css",
                    "opencity_issues/css/tokens.css",
                    "opencity_issues/css/map.css",
                    "opencity_issues/css/place-field.css",
                )
            },
            js=(
                "js_lib_leaflet/leaflet.js",
                "opencity_issues/js/scheme.js",
                "opencity_issues/js/scheme-labels.js",
                "wagtailgeowidget/js/leaflet-field.js",
                "opencity_issues/js/place-field.js",
                "wagtailgeowidget/js/leaflet-field-controller.js",
            ),
        )

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Without a value the map opens at the city's centre, once the field below it is entered."""
        attrs = super().build_attrs(*args, **kwargs)
        options = json.loads(attrs["data-leaflet-field-options-value"])
        options.update(
            tileLayer=NO_TILES,
            tileLayerOptions={"attribution": ""},
            showEmptyLocation=not self.value_data,
            translations={
                "error_message_invalid_location": _("Write latitude and longitude in degrees, as in 51.344, 25.853."),
                "success_address_geocoded": "",
                "error_could_not_geocode_address": "",
                "enter_location": _("Address"),
                "initialize_map": _("Click here to choose the place on the map"),
            },
        )
        city = None if self.value_data else CitySettings.objects.order_by("pk").first()
        if city is not None:
            options["defaultLocation"] = dict(zip(("lng", "lat"), city.centre_point, strict=True))
        attrs["data-leaflet-field-options-value"] = json.dumps(options)
        attrs["data-opencity-scheme"] = reverse("opencity_issues:map_scheme")
        # Hashed file names break the icons that Leaflet looks for by itself.
        attrs["data-opencity-marker"] = static("js_lib_leaflet/images/marker-icon.png")
        attrs["data-opencity-marker2x"] = static("js_lib_leaflet/images/marker-icon-2x.png")
        attrs["data-opencity-shadow"] = static("js_lib_leaflet/images/marker-shadow.png")
        if self.read_only:
            attrs["data-opencity-read-only"] = "true"
        return attrs
