"""The element of a map, and which foreign hosts a page with it may ask."""

import json
from typing import Any

from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opencity_issues.models.base_map import BaseMap, MapSource

FOREIGN = "opencity_map_origins"
"""Attribute of a request: the origins that its page's maps may ask, by directive of the Content-Security-Policy.

A host site opens its policy for exactly these (the reference site: `MapContentPolicyMiddleware`)."""

DIRECTIVES = {BaseMap.TILES: "img-src", BaseMap.WMS: "img-src", BaseMap.PMTILES: "connect-src"}


def base_map(
    context: Context,
    config: Any,
    scheme_url: str = "",
    name: str = "map",
    css: str = "",
    label: str = "",
    *,
    only_scheme: bool = False,
) -> SafeString:
    """The element that `OpenCity.createMap` (basemap.js) fills: the city's map by its settings (`CitySettings`).

    `config` gives `centre_point` (lng, lat), `zoom`, `bounds` (west, south, east, north), `map_source` and
    `offered_source`. Strings of the map's controls go along, so that scripts carry no language. `only_scheme`: no
    other server is named, for pages that are to work without a network.
    """
    lng, lat = config.centre_point
    first, offered = (None, None) if only_scheme else (config.map_source, config.offered_source)
    _open_policy(context.get("request"), first, offered)
    labels = {
        "scheme": _("Scheme of the city"),
        "base": _("OpenStreetMap") if first and "openstreetmap.org" in first.url else _("Map"),
        "osm": _("OpenStreetMap"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "schemeFailed": _("The map could not be drawn. The list works without it."),
        "baseFailed": _("The server of the map does not answer. The scheme of the city is shown instead."),
        "layers": _("Map layers"),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
    }
    data = {
        "scheme-url": scheme_url,
        "centre-lng": repr(float(lng)),
        "centre-lat": repr(float(lat)),
        "zoom": str(config.zoom),
        "bounds": ",".join(repr(float(side)) for side in config.bounds),
        "base": _source(first),
        "offered": _source(offered),
        "marker-icon": static("js_lib_leaflet/images/marker-icon.png"),
        "marker-icon-2x": static("js_lib_leaflet/images/marker-icon-2x.png"),
        "marker-shadow": static("js_lib_leaflet/images/marker-shadow.png"),
        "labels": json.dumps(labels, ensure_ascii=False),
    }
    return format_html(
        '<div class="{}" id="{}" role="region" aria-label="{}" data-map{}></div>',
        f"map {css}".strip(),
        name,
        label or _("Map"),
        format_html_join("", ' data-{}="{}"', ((key, value) for key, value in data.items() if value)),
    )


def _source(source: MapSource | None) -> str:
    """A base map as JSON for the script; empty for none."""
    if source is None:
        return ""
    said = {
        "kind": source.kind.value,
        "url": source.url,
        "layers": source.layers,
        "attribution": source.attribution,
        "credit": source.credit,
    }
    if source.kind == BaseMap.PMTILES:
        said["script"] = static("opencity_issues/vendor/protomaps-leaflet/protomaps-leaflet.js")
    return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)


def _open_policy(request: Any, *sources: MapSource | None) -> None:
    if request is None:
        return
    origins: dict[str, set[str]] = getattr(request, FOREIGN, {})
    for source in sources:
        if source and source.origin:
            origins.setdefault(DIRECTIVES[source.kind], set()).add(source.origin)
    setattr(request, FOREIGN, origins)
