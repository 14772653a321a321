"""Which solved issues the moderator has still to look at, in the order of a walk (T10, 4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import formats

from opencity_issues.enums import CheckOutcome, ContributionKind, MediaKind
from opencity_issues.models import Contribution, District, IssuePage, Media, Organisation
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.desk.moderation_sets import to_check
from opencity_issues.queries.near_duplicates import distance

AT_ONCE = 15
"""Stops of one walk: more than a volunteer looks at in an afternoon."""
_OF_UNITS = (ContributionKind.ANSWER, ContributionKind.DONE)


@dataclass
class Stop:
    """One issue of the walk. `metres` is the way from the stop before it; None for the first and where there is no place.

    `answer` is the organisation's last word; `before` and `after` the author's photo and the organisation's.
    """

    issue: IssuePage
    number: int
    metres: int | None
    answer: Contribution | None = None
    before: ShownMedia | None = None
    after: ShownMedia | None = None

    @property
    def kilometres(self) -> str:
        """The way from the stop before it where that is a kilometre or more; otherwise empty, and metres say it better."""
        return _kilometres(self.metres) if self.metres and self.metres >= 1000 else ""

    @property
    def flagged(self) -> bool:
        """Residents say that it is still not solved."""
        return bool(getattr(self.issue, "is_flagged", False))

    @property
    def unclear(self) -> bool:
        """Looked at since it was closed, without a result."""
        return bool(getattr(self.issue, "was_unclear", False))


@dataclass(frozen=True)
class Walk:
    """`stops` in the order of the walk, `placeless` those without a place on the map, `left` how many wait beyond these."""

    start: tuple[float, float]
    stops: list[Stop]
    placeless: list[Stop]
    left: int

    @property
    def metres(self) -> int:
        """The whole way as the crow flies."""
        return sum(stop.metres or 0 for stop in self.stops)

    @property
    def kilometres(self) -> str:
        """The whole way in kilometres, in the reader's way of writing numbers."""
        return _kilometres(self.metres)


def _kilometres(metres: int) -> str:
    return formats.number_format(round(metres / 1000, 1), decimal_pos=1)


def walk(
    organisation: Organisation, now: datetime, *, start: tuple[float, float], district: District | None = None
) -> Walk:
    """The next walk from `start`, (lng, lat) in WGS 84 degrees: the flagged first, each time to the nearest that is left.

    A constant number of queries; the stops are the nearest to the start where there are too many.
    """
    found = to_check(organisation, now)
    if district is not None:
        found = found.filter(district=district)
    flags = Contribution.objects.filter(issue=OuterRef("pk"), kind=ContributionKind.FLAG, handled_at=None)
    unclear = Contribution.objects.filter(
        issue=OuterRef("pk"),
        kind=ContributionKind.CHECK,
        outcome=CheckOutcome.UNCLEAR,
        created_at__gte=OuterRef("closed_at"),
    )
    lng, lat = start
    narrow = cos(radians(lat)) ** 2
    square = (F("lng") - lng) * (F("lng") - lng) * narrow + (F("lat") - lat) * (F("lat") - lat)
    total = found.count()
    nearest = found.annotate(is_flagged=Exists(flags), was_unclear=Exists(unclear), square=square).order_by(
        "-is_flagged", F("square").asc(nulls_last=True), "number"
    )
    issues = list(nearest.prefetch_related("categories", "assignments__organisation")[:AT_ONCE])
    stops, placeless = _in_order(issues, start)
    _describe([*stops, *placeless])
    return Walk(start, stops, placeless, total - len(issues))


def one_stop(issue: IssuePage) -> Stop:
    """A single issue as a visit shows it: its last answer, before and after. Two queries."""
    stop = Stop(issue, 1, None)
    _describe([stop])
    return stop


def _in_order(issues: Sequence[IssuePage], start: tuple[float, float]) -> tuple[list[Stop], list[Stop]]:
    """From one to the nearest that is left; those that residents flagged are walked before the others."""
    here, stops = start, []
    for flagged in (True, False):
        left = [one for one in issues if one.location and bool(one.is_flagged) == flagged]
        while left:
            nearest = min(left, key=lambda one: (distance(here, one.location), one.number))
            stops.append(Stop(nearest, len(stops) + 1, round(distance(here, nearest.location))))
            left.remove(nearest)
            here = nearest.location
    without = [one for one in issues if one.location is None]
    return stops, [Stop(one, len(stops) + place, None) for place, one in enumerate(without, start=1)]


def _describe(stops: Sequence[Stop]) -> None:
    ids = [stop.issue.pk for stop in stops]
    answers: dict[int, Contribution] = {}
    said = Contribution.objects.filter(issue__in=ids, kind__in=_OF_UNITS, hidden_at=None).select_related("organisation")
    for words in said.order_by("created_at", "pk"):
        answers[words.issue_id] = words
    before: dict[int, Media] = {}
    after: dict[int, Media] = {}
    photos = Media.objects.filter(issue__in=ids, kind=MediaKind.PHOTO, hidden_at=None)
    for photo in photos.filter(Q(contribution=None) | Q(contribution__kind__in=_OF_UNITS)).order_by("pk"):
        if photo.contribution_id is None:
            before.setdefault(photo.issue_id or 0, photo)
        else:
            after[photo.issue_id or 0] = photo
    for stop in stops:
        stop.answer = answers.get(stop.issue.pk)
        stop.before = _shown(before.get(stop.issue.pk))
        stop.after = _shown(after.get(stop.issue.pk))


def _shown(photo: Media | None) -> ShownMedia | None:
    return ShownMedia.of(photo) if photo else None


def centre_of(district: District) -> tuple[float, float]:
    """The middle of a district's frame, where its walk begins."""
    return (district.west + district.east) / 2, (district.south + district.north) / 2


def start_of(config: Any, district: District | None, here: tuple[float, float] | None) -> tuple[float, float]:
    """Where the walk begins: where the visitor stands, else the district's middle, else the city's."""
    if here is not None and config.contains(*here):
        return here
    if district is not None:
        return centre_of(district)
    return config.centre_point  # type: ignore[no-any-return] # settings come untyped
