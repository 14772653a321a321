"""A person follows an issue, a category with its branch, an organisation or a circle on the map, and ends or changes it.

Following the same thing again changes only when the letters come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.letters.address_letters import set_time
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.enums import LetterChoice
from opencity_issues.models import Category, Follow, IssueIndexPage, IssuePage, Notice, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.circle import Circle
from opencity_issues.rules import Roles

CLAUSE = "3.3"
FOLLOWS_AT_MOST = 300
CIRCLES_AT_MOST = 10
NAME_LENGTH = 120
RADIUS_AT_LEAST = 100
"""Metres."""

TIMES = (LetterChoice.AT_ONCE, LetterChoice.DAILY, LetterChoice.WEEKLY)


@dataclass(frozen=True)
class Place:
    """A circle on the map under a name that the person gives it."""

    name: str
    circle: Circle


Thing = IssuePage | Category | Organisation | Place


def follow(city: IssueIndexPage, thing: Thing, how: str = "", *, actor: Any, now: datetime | None = None) -> Follow:
    """Begin to follow, at once where nothing else is said; what is followed already gets the timing, if one is said.

    Raises NotPermitted (not signed in, blocked), NotPossible (not published, not of this city, too many), Missing.
    """
    now = now or timezone.now()
    if how and how not in TIMES:
        raise Missing(_("Choose when letters come."), fields={"how": _("Choose when letters come.")}, clause=CLAUSE)
    with transaction.atomic():
        roles = _as_resident(actor)
        target = _target(city, thing)
        known = Follow.objects.select_for_update().filter(user_id=roles.user_id, city=city, **target).first()
        if known is not None:
            return _set_how(known, how or known.how, now)
        own = Follow.objects.filter(user_id=roles.user_id)
        if isinstance(thing, Place) and own.filter(radius__isnull=False).count() >= CIRCLES_AT_MOST:
            raise NotPossible(_("You follow %(count)d places already: end one first.") % {"count": CIRCLES_AT_MOST})
        if own.count() >= FOLLOWS_AT_MOST:
            raise NotPossible(_("You follow very much already: end something first."), clause=CLAUSE)
        name = thing.name.strip() if isinstance(thing, Place) else ""
        # Pressed twice at once it is one: the database holds that.
        return Follow.objects.get_or_create(
            user_id=roles.user_id,
            city=city,
            **target,
            defaults={"how": how or TIMES[0], "name": name, "created_at": now},
        )[0]


def change_following(following: Follow, how: str, *, actor: Any, now: datetime | None = None) -> Follow:
    """Change when the letters come; those that wait already go by it. Raises NotPermitted for another's, Missing."""
    if how not in TIMES:
        raise Missing(_("Choose when letters come."), fields={"how": _("Choose when letters come.")}, clause=CLAUSE)
    with transaction.atomic():
        return _set_how(_own(following, actor), how, now or timezone.now())


def stop_following(following: Follow, *, actor: Any) -> None:
    """End it. What waits to be sent because of it is not sent any more. Raises NotPermitted for another's."""
    with transaction.atomic():
        _own(following, actor).delete()


def stop_by_link(user_id: int, follow_ids: Iterable[int]) -> int:
    """End followings by the link of a letter, which is the authority; returns how many there still were."""
    return Follow.objects.filter(user_id=user_id, pk__in=list(follow_ids)).delete()[1].get("opencity_issues.Follow", 0)


def change_by_link(user_id: int, choices: dict[int, str], *, now: datetime | None = None) -> None:
    """By the link of a letter: the timing of each following by its key, "none" ends it."""
    now = now or timezone.now()
    with transaction.atomic():
        for following in Follow.objects.select_for_update().filter(user_id=user_id, pk__in=list(choices)):
            if choices[following.pk] in TIMES:
                _set_how(following, choices[following.pk], now)
            elif choices[following.pk] == LetterChoice.NONE:
                following.delete()


def _target(city: IssueIndexPage, thing: Thing) -> dict[str, Any]:
    """The columns that say what is followed. Raises NotPossible for what is not there to be followed, Missing for a bad circle."""
    if isinstance(thing, Category):
        return {"category": thing}
    if isinstance(thing, Place):
        circle = thing.circle
        _check_place(city, thing)
        return {"lng": round(circle.lng, 6), "lat": round(circle.lat, 6), "radius": round(circle.metres)}
    if thing.city_id != city.pk:
        raise NotPossible(_("This belongs to another city."), clause=CLAUSE)
    if isinstance(thing, Organisation):
        return {"organisation": thing}
    if not thing.is_published:
        raise NotPossible(_("The issue is not published."), clause="5.1", state=thing.publication)
    return {"issue": thing}


def _check_place(city: IssueIndexPage, place: Place) -> None:
    faults: dict[str, Any] = {}
    if not place.name.strip():
        faults["name"] = _("Give the place a name: home, school, the way to work.")
    elif len(place.name) > NAME_LENGTH:
        faults["name"] = _("This is too long: at most %(count)d characters.") % {"count": NAME_LENGTH}
    if place.circle.metres < RADIUS_AT_LEAST:
        faults["radius"] = _("The circle is at least %(count)d m wide.") % {"count": RADIUS_AT_LEAST}
    if not city.config.contains(place.circle.lng, place.circle.lat):
        faults["place"] = _("This place lies outside the city.")
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, clause=CLAUSE)


def _set_how(following: Follow, how: str, now: datetime) -> Follow:
    if following.how == how:
        return following
    following.how = LetterChoice(how)
    following.save(update_fields=["how"])
    waiting = list(
        Notice.objects.waiting()
        .filter(follow=following, leased_until=None)
        .select_related("issue__city__city_settings")
        .select_for_update(of=("self",))
    )
    for notice in waiting:
        set_time(notice, how, now)
    Notice.objects.bulk_update(waiting, ["together", "send_after", "unwanted_at"])
    if waiting and how == LetterChoice.AT_ONCE:
        transaction.on_commit(ring_doorbell, robust=True)
    return following


def _own(following: Follow, actor: Any) -> Follow:
    roles = _as_resident(actor, blocked_too=True)
    found = Follow.objects.select_for_update().filter(pk=following.pk, user_id=roles.user_id).first()
    if found is None:
        raise NotPermitted(_("This is somebody else's."), clause=CLAUSE)
    return found


def _as_resident(actor: Any, *, blocked_too: bool = False) -> Roles:
    """Who is blocked begins to follow nothing more, but ends and changes what there is."""
    roles = Roles.of(actor)
    if not roles.is_registered:
        raise NotPermitted(_("Please sign in first."), clause=CLAUSE)
    if not blocked_too and not rules.allows("follow", roles):
        raise NotPermitted(_("Your account is blocked. Write to the moderator."), clause=CLAUSE)
    return roles
