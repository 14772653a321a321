"""Whom an issue of the demonstration concerns too, and what its neighbour follows. A second run adds nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

from django.db import transaction

from opencity_issues.actions.follow import Place, follow
from opencity_issues.demo.town import Town
from opencity_issues.enums import LetterChoice
from opencity_issues.models import Category, Follow, IssuePage, Membership, Support, Untold
from opencity_issues.queries.circle import Circle

ISSUES = 80
"""So many of the latest issues that somebody may have supported."""

HOW_MANY = (0, 0, 0, 1, 1, 2, 3, 5, 8, 13)


def play_following(town: Town, now: datetime, *, seed: int) -> None:
    """Supports of the residents, whose letters of the past are not written, and the neighbour's followings."""
    if Support.objects.filter(issue__city=town.city).exists():
        return
    with transaction.atomic():
        # What was played happened long ago: nobody is told of it now.
        Untold.objects.all().delete()
        _support(town, now, Random(seed))  # noqa: S311 - a story, not a secret
        _follow(town, now)


def _support(town: Town, now: datetime, chance: Random) -> None:
    members = set(Membership.objects.live().values_list("user_id", flat=True))
    residents = [one for one in town.people.values() if one.pk not in members and not one.is_staff]
    supports: list[Support] = []
    for issue in IssuePage.objects.in_city(town.city).published().order_by("-number")[:ISSUES]:
        others = [one for one in residents if one.pk != issue.author_id]
        for one in chance.sample(others, min(chance.choice(HOW_MANY), len(others))):
            at = issue.submitted_at + chance.random() * (now - issue.submitted_at)
            supports.append(Support(issue=issue, user=one, created_at=at))
    Support.objects.bulk_create(supports)
    Follow.objects.bulk_create(
        Follow(city=town.city, issue=one.issue, user=one.user, how=LetterChoice.WEEKLY, created_at=one.created_at)
        for one in supports
    )
    for key, count in Counter(one.issue_id for one in supports).items():
        IssuePage.objects.filter(pk=key).update(support_count=count)


def _follow(town: Town, now: datetime) -> None:
    neighbour = town.people["neighbour"]
    roads = Category.objects.filter(code="3").first()
    if roads is not None:
        follow(town.city, roads, LetterChoice.WEEKLY, actor=neighbour, now=now)
    lng, lat = town.city.config.centre_point
    home = Place("Дім", Circle(lng, lat, 1000))
    follow(town.city, home, LetterChoice.DAILY, actor=neighbour, now=now)
    if "lighting" in town.organisations:
        follow(town.city, town.organisations["lighting"], LetterChoice.AT_ONCE, actor=neighbour, now=now)
