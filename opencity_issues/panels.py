"""Panels of the admin's forms."""

from typing import Any

from wagtailgeowidget.panels import LeafletPanel

from opencity_issues.forms.place_field import PlaceField


class PlacePanel(LeafletPanel):
    """wagtailgeowidget's panel with the map of the city, from this site alone."""

    def widget_overrides(self) -> dict[str, Any]:
        """The widget by the field's name."""
        return {
            self.field_name: PlaceField(
                address_field=self.address_field,
                zoom_field=self.zoom_field,
                hide_latlng=self.hide_latlng,
                zoom=self.zoom,
            )
        }
