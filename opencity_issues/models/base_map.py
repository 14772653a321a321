"""The map under the issues: the city's own scheme, tiles, one file of vector tiles, or a map service; checked once."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class BaseMap(models.TextChoices):
    SCHEME = "scheme", gettext_lazy("the city's own scheme")
    TILES = "tiles", gettext_lazy("map tiles (also WMTS)")
    PMTILES = "pmtiles", gettext_lazy("one file of vector tiles (PMTiles)")
    WMS = "wms", gettext_lazy("a map service (WMS)")


OSM_TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
OSM_CREDIT = "https://www.openstreetmap.org/copyright"

_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
_LOOPBACK = ("localhost", "127.0.0.1")
_PLAIN = re.compile(r"^[A-Za-z0-9._~:/?=&%+@!,{}-]+$")
"""Characters of an address: none that would end a directive of the Content-Security-Policy."""

_WMTS = {"{TileMatrix}": "{z}", "{TileRow}": "{y}", "{TileCol}": "{x}"}


@dataclass(frozen=True)
class MapSource:
    """A base map other than the scheme, as a page's script reads it. `credit`: an address that explains the attribution."""

    kind: BaseMap
    url: str
    attribution: str
    layers: str = ""
    credit: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port that the pages ask; empty for the site itself."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def osm_source() -> MapSource:
    """OpenStreetMap as a visitor may choose it."""
    return MapSource(BaseMap.TILES, OSM_TILES, _("© OpenStreetMap contributors"), credit=OSM_CREDIT)


def source_of(kind: str, url: str, layers: str, attribution: str) -> MapSource | None:
    """The base map of a city's settings; None for the scheme, and for settings that were never finished."""
    if kind == BaseMap.SCHEME:
        return None
    if kind == BaseMap.TILES and (not url or "openstreetmap.org" in url):
        return MapSource(BaseMap.TILES, url or OSM_TILES, attribution or osm_source().attribution, credit=OSM_CREDIT)
    if not url:
        return None
    for theirs, ours in _WMTS.items():
        url = url.replace(theirs, ours)
    return MapSource(BaseMap(kind), url, attribution, layers=layers if kind == BaseMap.WMS else "")


def check_base_map(kind: str, url: str, layers: str, attribution: str) -> None:
    """Raises ValidationError by field, in words that say what to write."""
    faults: dict[str, str] = {}
    if kind == BaseMap.SCHEME:
        return
    if not url:
        if kind != BaseMap.TILES:
            faults["tiles_url"] = _("This base map needs an address.")
    elif fault := _fault_of_address(kind, url):
        faults["tiles_url"] = fault
    if kind == BaseMap.WMS and not layers.strip():
        faults["wms_layers"] = _("Name the layers of the map service, with commas between.")
    if url and not attribution.strip() and "openstreetmap.org" not in url:
        faults["tiles_attribution"] = _("Say whose map this is: it is shown in the map's corner.")
    if faults:
        raise ValidationError(faults)


def _fault_of_address(kind: str, url: str) -> str:
    """What is wrong with the address of a base map; empty where nothing is."""
    if not _PLAIN.match(url):
        return _("An address has no blanks, quotes, semicolons or letters other than Latin.")
    own = url.startswith("/") and not url.startswith("//")
    if not own:
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if "{" in host:
            return _("Write one host without a placeholder: the pages ask exactly this one.")
        if not _HOST.match(host) or "@" in parts.netloc:
            return _(
                "Write the whole address, beginning with https:// and the host, or with / for a file of this site."
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
            return _("The address begins with https://: a page with a lock loads nothing without one.")
    path = urlsplit(url).path.lower()
    tiled = all(
        any(mark in url for mark in marks)
        for marks in (("{z}", "{TileMatrix}"), ("{x}", "{TileCol}"), ("{y}", "{TileRow}"))
    )
    if kind == BaseMap.TILES and not tiled:
        return _("The address of tiles has {z}, {x} and {y}; of WMTS {TileMatrix}, {TileCol} and {TileRow}.")
    if kind == BaseMap.PMTILES and not path.endswith(".pmtiles"):
        return _("This is the address of one file that ends in .pmtiles.")
    if kind != BaseMap.TILES and "{" in url:
        return _("This address has no placeholders in braces.")
    return ""
