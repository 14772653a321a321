"""Search in the city's gazetteer, and what a point of the map is near. A few indexed reads, however large the city."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from opencity_issues.models import GazetteerKey, GazetteerPlace, GazetteerSpot, IssueIndexPage, PlaceKind
from opencity_issues.models.place_words import (
    FILLERS,
    is_house,
    is_kind,
    key_of,
    slip_distance,
    slips_of,
    stem,
    words_of,
)

SHOWN = 8
LOOKED_AT = 240
"""Of more places that begin alike, so many are compared."""

WORDS_AT_MOST = 6
NEAR_METRES = 90.0
HOUSE_METRES = 35.0
LANDMARK_METRES = 120.0
METRES_PER_DEGREE = 111_320

_ORDER = {PlaceKind.STREET: 0, PlaceKind.DISTRICT: 1, PlaceKind.LANDMARK: 2, PlaceKind.HOUSE: 3}

Rank = tuple[int, ...]


@dataclass(frozen=True)
class FoundPlace:
    """A place that answers a search. `address`: how one writes it, with the number of the house that was asked for.

    `was`: the former or other name that it was found by, or empty. `is_exact`: the point is the house's, not its street's.
    """

    kind: PlaceKind
    name: str
    address: str
    lng: float
    lat: float
    was: str = ""
    is_exact: bool = True


def find_places(city: IssueIndexPage, text: str, *, at_most: int = SHOWN) -> list[FoundPlace]:
    """The places that words may mean, the likeliest first; at most five queries. Nothing for fewer than two letters."""
    words = words_of(text)
    passed_over = FILLERS | set(words_of(city.config.city_name))
    names = [word for word in words if not is_kind(word) and word not in passed_over] or words
    names, number = _apart(names[:WORDS_AT_MOST])
    if sum(map(len, names)) < 2:
        return []
    kinds = {word for word in words if is_kind(word)}
    best = _look_up(city, names, number, kinds)[:at_most]
    houses = _houses(city, [one for one in best if one.kind == PlaceKind.STREET], number)
    return [_answer(place, names, number, houses) for place in best]


def _look_up(city: IssueIndexPage, words: list[str], number: str, kinds: set[str]) -> list[GazetteerPlace]:
    """Places of all these words, the likeliest first: as they are, else with slips, else of those that any place has."""
    if found := _ranked(_candidates(city, words, _plainly), words, number, kinds, is_slip=False):
        return found
    if found := _ranked(_candidates(city, words, _with_slips), words, number, kinds, is_slip=True):
        return found
    wanted = {word: set(_with_slips(word)) for word in words}
    rows = GazetteerKey.objects.filter(place__city=city, key__in=set().union(*wanted.values()))
    known = set(rows.values_list("key", flat=True).distinct())
    rest = [word for word, keys in wanted.items() if keys & known and len(word) > 2]
    if not rest or rest == words:
        return []
    return _ranked(_candidates(city, rest, _with_slips), rest, number, kinds, is_slip=True)


def _ranked(
    places: Sequence[GazetteerPlace], words: Sequence[str], number: str, kinds: set[str], *, is_slip: bool
) -> list[GazetteerPlace]:
    ranks = [(_rank(place, words, number, kinds, is_slip), index) for index, place in enumerate(places)]
    return [places[index] for _rank, index in sorted((rank, index) for rank, index in ranks if rank is not None)]


def _plainly(word: str) -> list[str]:
    return [key_of(word)]


def _with_slips(word: str) -> list[str]:
    return [key_of(word), *slips_of(stem(word))]


def _apart(words: Sequence[str]) -> tuple[list[str], str]:
    """The words of the name and the number of the house, where the last word is one."""
    if len(words) > 1 and is_house(words[-1]):
        return list(words[:-1]), words[-1]
    return list(words), ""


def _candidates(
    city: IssueIndexPage, words: Sequence[str], keys_of_word: Callable[[str], list[str]]
) -> list[GazetteerPlace]:
    """Places that have a key of every word."""
    places = GazetteerPlace.objects.filter(city=city)
    for word in words:
        places = places.filter(pk__in=GazetteerKey.objects.filter(key__in=keys_of_word(word)).values("place_id"))
    return list(places.order_by("pk")[:LOOKED_AT])


def _rank(place: GazetteerPlace, words: Sequence[str], number: str, kinds: set[str], is_slip: bool) -> Rank | None:
    """Smaller is likelier; None for what only the keys take for the same."""
    best: Rank | None = None
    for position, name in enumerate(place.names):
        own = words_of(name)
        worth = _worth(own, words, is_slip)
        if worth is None:
            continue
        other_kind = bool(kinds) and not kinds & set(own)
        numbered = int(bool(number) and number not in own and place.kind != PlaceKind.STREET)
        rank = (numbered, worth, other_kind, _ORDER[PlaceKind(place.kind)], min(position, 1), len(own), len(name))
        best = min(best, rank) if best else rank
    return best


def _worth(own: Sequence[str], words: Sequence[str], is_slip: bool) -> int | None:
    """How well the words fit those of a name: 0 as they are, 1 beginning alike, 2 in another form, more for each slip."""
    total = 0
    for word in words:
        one = min((_fit(its, word, is_slip) for its in own), default=9)
        if one >= 9:
            return None
        total = max(total, one)
    return total


def _fit(its: str, word: str, is_slip: bool) -> int:
    if its == word:
        return 0
    if its.startswith(word):
        return 1
    bare = stem(word)
    if stem(its) == bare:
        return 1
    if its.startswith(bare):
        return 2
    if is_slip and len(bare) >= 4:
        allowed = 1 if len(bare) < 8 else 2
        wrong = min(slip_distance(bare, its[: len(bare) + more]) for more in (-1, 0, 1))
        if wrong <= allowed:
            return 2 + wrong
    return 9


def _houses(city: IssueIndexPage, streets: Sequence[GazetteerPlace], number: str) -> dict[int, GazetteerPlace]:
    """The house of this number in each of these streets that has it."""
    if not number or not streets:
        return {}
    wanted = {f"{street.name_uk}, {one}": street.pk for street in streets for one in {number, number.upper()}}
    found = GazetteerPlace.objects.filter(city=city, kind=PlaceKind.HOUSE, name_uk__in=wanted)
    return {wanted[house.name_uk]: house for house in found}


def _answer(place: GazetteerPlace, words: Sequence[str], number: str, houses: dict[int, GazetteerPlace]) -> FoundPlace:
    kind = PlaceKind(place.kind)
    was = _said_otherwise(place, words)
    if house := houses.get(place.pk):
        return FoundPlace(PlaceKind.HOUSE, house.name, house.name_uk, house.lng, house.lat, was)
    if number and kind == PlaceKind.STREET:
        name = f"{place.name}, {number}"
        return FoundPlace(kind, name, f"{place.name_uk}, {number}", place.lng, place.lat, was, is_exact=False)
    return FoundPlace(kind, place.name, place.name_uk, place.lng, place.lat, was)


def _said_otherwise(place: GazetteerPlace, words: Sequence[str]) -> str:
    """The other name that fits the words, where the present names do not."""
    present = [name for name in (place.name_uk, place.name_en) if name]
    fits = [name for name in place.names if _worth(words_of(name), words[:1], is_slip=True) is not None]
    return "" if not fits or fits[0] in present else fits[0]


def near_what(city: IssueIndexPage, lng: float, lat: float) -> str:
    """What a place (WGS 84 degrees) is near, in words: its house, else its street, else a landmark; empty where nothing is near.

    At most two queries.
    """
    places = [
        (_metres(lng, lat, place.lng, place.lat), place)
        for place in GazetteerPlace.objects.filter(city=city, **_box(lng, lat, LANDMARK_METRES)).exclude(
            kind=PlaceKind.DISTRICT
        )
    ]
    house = _nearest(places, PlaceKind.HOUSE, HOUSE_METRES)
    if house:
        return house.name
    spots = GazetteerSpot.objects.filter(place__city=city, **_box(lng, lat, NEAR_METRES)).select_related("place")
    places += [(_metres(lng, lat, spot.lng, spot.lat), spot.place) for spot in spots]
    street = _nearest(places, PlaceKind.STREET, NEAR_METRES)
    landmark = _nearest(places, PlaceKind.LANDMARK, LANDMARK_METRES)
    if street and landmark:
        return _("%(street)s, near: %(landmark)s") % {"street": street.name, "landmark": landmark.name}
    if landmark:
        return _("near: %(landmark)s") % {"landmark": landmark.name}
    return street.name if street else ""


def address_of(city: IssueIndexPage, location: tuple[float, float] | None, said: str) -> str:
    """The address that an issue is kept with: what was said, else what its place (WGS 84 degrees) is near.

    In the site's own language, as the other words of an issue: those who work on it find it in every list and letter.
    """
    said = said.strip()
    if said or location is None:
        return said
    with translation.override(settings.LANGUAGE_CODE):
        return near_what(city, *location)


def _nearest(places: Sequence[tuple[float, GazetteerPlace]], kind: str, within: float) -> GazetteerPlace | None:
    near = [(metres, place.pk, place) for metres, place in places if place.kind == kind and metres <= within]
    return min(near)[2] if near else None


def _box(lng: float, lat: float, metres: float) -> dict[str, tuple[float, float]]:
    high = metres / METRES_PER_DEGREE
    wide = high / max(0.05, math.cos(math.radians(lat)))
    return {"lat__range": (lat - high, lat + high), "lng__range": (lng - wide, lng + wide)}


def _metres(lng: float, lat: float, other_lng: float, other_lat: float) -> float:
    east = (lng - other_lng) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(east, (lat - other_lat) * METRES_PER_DEGREE)
