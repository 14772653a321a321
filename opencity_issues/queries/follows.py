"""What a person follows, in words: for the own page, for letters, and for the buttons beside what can be followed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from opencity_issues.enums import LetterChoice
from opencity_issues.models import Category, Follow, IssueIndexPage, IssuePage, Organisation
from opencity_issues.queries.following import Bond


def metres_in_words(metres: int) -> str:
    if metres % 1000:
        return _("%(count)d m") % {"count": metres}
    return _("%(count)d km") % {"count": metres // 1000}


@dataclass(frozen=True)
class Followed:
    """One line of the own page: what it is, where it leads, and the icon of its kind."""

    follow: Follow
    name: str
    kind: str
    icon: str
    url: str


def follow_name(follow: Follow) -> str:
    """What is followed, in the reader's language."""
    if follow.issue_id is not None:
        return f"№ {follow.issue.number} {follow.issue.title}"  # type: ignore[union-attr]
    if follow.category is not None:
        return follow.category.name
    if follow.organisation is not None:
        return follow.organisation.name
    return follow.name or _("Place on the map")


def follows_of(user: Any, city: IssueIndexPage) -> list[Followed]:
    """Everything that a person follows, issues last, each kind newest first. One query."""
    found = Follow.objects.filter(user_id=user.pk, city=city).select_related("issue", "category", "organisation")
    described = [_describe(one) for one in found.order_by("-created_at", "-pk")]
    return sorted(described, key=lambda one: one.follow.issue_id is not None)


def _describe(follow: Follow) -> Followed:
    name = follow_name(follow)
    listed = reverse("opencity_issues:issue_list")
    if follow.issue is not None:
        return Followed(follow, name, _("Issue"), "flag", follow.issue.get_absolute_url())
    if follow.category is not None:
        query = urlencode({"category": follow.category.code})
        return Followed(follow, name, _("Category"), follow.category.icon or "tag", f"{listed}?{query}")
    if follow.organisation is not None:
        url = reverse("opencity_issues:organisation", args=[follow.organisation.slug])
        return Followed(follow, name, _("Organisation"), "building-2", url)
    query = urlencode({"near": f"{follow.lng},{follow.lat},{follow.radius}"})
    around = _("%(metres)s around a place") % {"metres": metres_in_words(follow.radius or 0)}
    return Followed(follow, name, around, "map-pin", f"{listed}?{query}")


def follows_by_link(user_id: int, ids: Sequence[int]) -> list[Followed]:
    """Those of a letter's followings that there still are, of an account that there still is. One query."""
    found = Follow.objects.filter(user_id=user_id, user__is_active=True, pk__in=ids)
    return [_describe(one) for one in found.select_related("issue", "category", "organisation").order_by("pk")]


def find_thing(city: IssueIndexPage, kind: str, key: str) -> IssuePage | Category | Organisation | None:
    """What a button named: an issue by its number, a category by its code, an organisation by its short name."""
    if kind == "issue" and key.isascii() and key.isdigit() and len(key) < 10:
        return IssuePage.objects.in_city(city).published().filter(number=int(key)).first()  # type: ignore[no-any-return]
    if kind == "category":
        return Category.objects.active().filter(code=key).first()
    if kind == "organisation":
        return Organisation.objects.active().filter(city=city, slug=key).first()
    return None


@dataclass(frozen=True)
class FollowButton:
    """What the component `follow` shows: `how` is the timing in words where the visitor follows it already."""

    kind: str
    key: str
    name: str
    follow_id: int | None = None
    how: str = ""


def follow_buttons(
    city: IssueIndexPage,
    user_id: int | None,
    categories: Iterable[Category] = (),
    organisations: Iterable[Organisation] = (),
) -> list[FollowButton]:
    """A button for each; one query for a signed-in visitor."""
    categories, organisations = list(categories), list(organisations)
    own: dict[tuple[str, int], Follow] = {}
    if user_id is not None and (categories or organisations):
        wanted = Q(category__in=categories) | Q(organisation__in=organisations)
        for one in Follow.objects.filter(wanted, city=city, user_id=user_id):
            key = ("category", one.category_id) if one.category_id else ("organisation", one.organisation_id)
            own[key] = one  # type: ignore[index]
    named: list[tuple[str, str, Category | Organisation]] = [("category", one.code, one) for one in categories]
    named += [("organisation", one.slug, one) for one in organisations]
    return [_button(kind, key, thing.name, own.get((kind, thing.pk))) for kind, key, thing in named]


def issue_button(issue: IssuePage, bond: Bond) -> FollowButton:
    """The same for an issue's card."""
    how = str(LetterChoice(bond.how).label) if bond.how else ""
    return FollowButton("issue", str(issue.number), "", bond.follow_id, how)


def _button(kind: str, key: str, name: str, own: Follow | None) -> FollowButton:
    return FollowButton(kind, key, name, own.pk if own else None, own.get_how_display() if own else "")
