"""What a city says of itself, from a TOML file or from answers at a terminal: key by key, each checked by the same rules."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencity_issues.actions.city.imports.plan import yes_or_no
from opencity_issues.actions.city.imports.run import KINDS
from opencity_issues.models.place import format_point


class Wrong(ValueError):
    """What is wrong with a key's value, in words."""


@dataclass(frozen=True)
class CityFault:
    """A fault of a city's file, by the key that it stands under: "map.bounds"."""

    key: str
    words: str

    def __str__(self) -> str:
        return f"{self.key}: {self.words}." if self.key else f"{self.words}."


@dataclass
class CitySaid:
    """What was said: fields of the settings, days of the calendar, languages, and the files to import, by kind."""

    fields: dict[str, Any] = field(default_factory=dict)
    days: dict[date, bool] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    site: str = ""
    files: dict[str, str] = field(default_factory=dict)
    faults: list[CityFault] = field(default_factory=list)


@dataclass(frozen=True)
class Key:
    """One key: how its value becomes fields of the settings (raises Wrong), and how a person is asked for it."""

    name: str
    read: Callable[[Any], dict[str, Any]]
    question: Any = ""


def _text(field_name: str) -> Callable[[Any], dict[str, Any]]:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, str):
            raise Wrong(_("write words in quotation marks"))
        return {field_name: value.strip()}

    return read


def _flag(field_name: str) -> Callable[[Any], dict[str, Any]]:
    def read(value: Any) -> dict[str, Any]:
        said = yes_or_no(value) if isinstance(value, str) else value
        if not isinstance(said, bool):
            raise Wrong(_("write yes or no"))
        return {field_name: said}

    return read


def _numbers(value: Any, count: int) -> list[float]:
    """Numbers of a list, or of words with commas between as they are typed."""
    parts = value.replace(";", ",").split(",") if isinstance(value, str) else value
    try:
        found = [float(part) for part in parts]
    except (TypeError, ValueError):
        found = []
    if len(found) != count:
        raise Wrong(_("write %(count)d numbers in degrees") % {"count": count})
    return found


def _centre(value: Any) -> dict[str, Any]:
    lng, lat = _numbers(value, 2)
    if not (-180 <= lng <= 180 and -85 <= lat <= 85):
        raise Wrong(_("first the longitude, then the latitude, in degrees"))
    return {"centre": format_point(lng, lat)}


def _bounds(value: Any) -> dict[str, Any]:
    west, south, east, north = _numbers(value, 4)
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise Wrong(_("west, south, east, north in degrees: west less than east, south less than north"))
    return {"west": west, "south": south, "east": east, "north": north}


def _zoom(value: Any) -> dict[str, Any]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 20:
        raise Wrong(_("write a whole number from 1 to 20"))
    return {"zoom": value}


KEYS = (
    Key("name", _text("city_name"), gettext_lazy("Name of the city")),
    Key("map.centre", _centre, gettext_lazy("Centre of the map: longitude, latitude")),
    Key("map.bounds", _bounds, gettext_lazy("Bounds: west, south, east, north")),
    Key("map.zoom", _zoom),
    Key("calendar.time_zone", _text("time_zone"), gettext_lazy("Time zone")),
    Key("calendar.country", _text("country"), gettext_lazy("Country of the public holidays, two letters")),
    Key("calendar.martial_law", _flag("martial_law"), gettext_lazy("Martial law (yes or no)")),
    Key("mailboxes.control", _text("control_mailbox"), gettext_lazy("Mailbox of the control department")),
    Key("mailboxes.support", _text("support_email"), gettext_lazy("Support address")),
    Key("pages.terms", _text("terms_url")),
    Key("moderation.hold_everything", _flag("hold_everything")),
)
KEY_OF_FIELD = {
    "city_name": "name",
    "centre": "map.centre",
    **dict.fromkeys(("west", "south", "east", "north"), "map.bounds"),
    "zoom": "map.zoom",
    "time_zone": "calendar.time_zone",
    "country": "calendar.country",
    "martial_law": "calendar.martial_law",
    "control_mailbox": "mailboxes.control",
    "support_email": "mailboxes.support",
    "terms_url": "pages.terms",
    "hold_everything": "moderation.hold_everything",
}
DAYS = {"calendar.days_off": False, "calendar.working_days": True}


def read_city_file(content: bytes) -> CitySaid:
    """Read a city's TOML file whole; never raises. Unknown keys are faults: a slip would go unseen otherwise."""
    said = CitySaid()
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        said.faults.append(CityFault("", _("The file is not in UTF-8: save it so")))
        return said
    except tomllib.TOMLDecodeError as error:
        said.faults.append(CityFault("", _("This is no TOML: %(error)s") % {"error": error}))
        return said
    for name, value in _flat(table).items():
        try:
            take(said, name, value)
        except Wrong as error:
            said.faults.append(CityFault(name, str(error)))
    return said


def take(said: CitySaid, name: str, value: Any) -> None:
    """Take one key. Raises Wrong where its value is none, or there is no such key."""
    key = next((one for one in KEYS if one.name == name), None)
    if key is not None:
        said.fields |= key.read(value)
    elif name in DAYS:
        said.days |= dict.fromkeys(_dates(value), DAYS[name])
    elif name == "languages":
        said.languages = _languages(value)
    elif name == "site":
        said.site = _text("site")(value)["site"]
    elif name.startswith("files."):
        said.files |= _file(name.removeprefix("files."), value)
    else:
        raise Wrong(_("there is no such key"))


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def _dates(value: Any) -> list[date]:
    if not isinstance(value, list) or not all(type(one) is date for one in value):
        raise Wrong(_("write dates as 2026-08-24, in square brackets"))
    return value


def _languages(value: Any) -> list[str]:
    offered = [code for code, _name in settings.LANGUAGES]
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise Wrong(_('write codes as "uk", in square brackets'))
    if unknown := [one for one in value if one not in offered]:
        said = {"unknown": ", ".join(unknown), "offered": ", ".join(offered)}
        raise Wrong(_("%(unknown)s is not among the installation's LANGUAGES: %(offered)s") % said)
    return value


def _file(kind: str, value: Any) -> dict[str, str]:
    if kind not in KINDS:
        raise Wrong(_("there is no such import; there are: %(names)s") % {"names": ", ".join(KINDS)})
    if not isinstance(value, str) or not value.strip():
        raise Wrong(_("write the name of a file"))
    return {kind: value.strip()}
