"""What the demonstration shows of community projects (1.1): one under way, one carried out, declared by the real actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from opencity_issues.actions.community import declare_project
from opencity_issues.actions.community.declare_project import ProjectWords
from opencity_issues.demo import photos
from opencity_issues.demo.town import Town
from opencity_issues.enums import UNSOLVED
from opencity_issues.models import Category, IssuePage, Notice, Project
from opencity_issues.queries.community import needs
from opencity_issues.queries.community.needs import Need

ISSUES_OF_ONE = 4
DAYS_AGO = (9, 6, 4, 3, 2)
"""When a project may have been declared: the longest ago at which there are issues for it."""


def play_community(town: Town, now: datetime) -> None:
    """Projects of a charity fund and of a bakery for needs that there are. A second run adds nothing."""
    if Project.objects.filter(city=town.city).exists():
        return
    # One transaction: letters of the past are marked as sent before any worker can see them.
    with transaction.atomic():
        before = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        taken: set[int] = set()
        for row in sorted(town.material.talk["projects"], key=lambda one: "result" not in one):
            for days in DAYS_AGO:
                if _play(town, row, now - timedelta(days=days), now, taken):
                    break
        Notice.objects.filter(pk__gt=before, event__isnull=False).update(sent_at=F("created_at"))


def _play(town: Town, row: dict[str, str], declared: datetime, now: datetime, taken: set[int]) -> bool:
    found = _issues(town, declared, taken)
    if found is None:
        return False
    category, need, issues = found
    by: dict[str, Any] = {
        "actor": town.people[row["organisation"]],
        "organisation": town.organisations[row["organisation"]],
    }
    day = declared.astimezone(town.city.config.zone).date()
    words = ProjectWords(row["title"], row["text"], day, day + timedelta(days=45), [one.number for one in issues])
    project = declare_project.declare(town.city, words, category=category, district=need.district, now=declared, **by)
    taken.update(one.pk for one in issues)
    if row.get("result"):
        done = now - timedelta(days=1)
        scenes = {text.title: text.scene for text in town.material.issues}
        pictured = next((one for one in issues if scenes.get(one.title)), None)
        media = (
            [photos.taken_in(scenes[pictured.title], by["actor"], done, mended=True)] if pictured is not None else []
        )
        number = pictured.number if pictured is not None else None
        declare_project.report_result(project, row["result"], media=media, number=number, now=done, **by)
    return True


def _issues(town: Town, moment: datetime, taken: set[int]) -> tuple[Category, Need, list[IssuePage]] | None:
    """The weightiest need that has issues to which nothing has happened since, so that their past stays in order."""
    calm = IssuePage.objects.in_city(town.city).alias(last=Max("events__at")).filter(last__lt=moment)
    quiet = set(calm.filter(status__in=UNSOLVED).values_list("pk", flat=True)) - taken
    for need in needs.needs_of(town.city, moment):
        issues = [one for one in needs.issues_of(town.city, need.category, need.area) if one.pk in quiet]
        if len(issues) > 1:
            return need.category, need, issues[:ISSUES_OF_ONE]
    return None
