"""Loads the demonstration: the town, then as many issues as are asked for and not there yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import NamedTuple

from django.apps import apps
from django.utils.module_loading import import_string, module_has_submodule

from opencity_issues.demo.bulk import make_many
from opencity_issues.demo.clock import let_the_clock_run
from opencity_issues.demo.community import play_community
from opencity_issues.demo.consultation import play_call, play_consultation
from opencity_issues.demo.desk import play_desk
from opencity_issues.demo.following import play_following
from opencity_issues.demo.guidance import load_guidance
from opencity_issues.demo.material import Material
from opencity_issues.demo.reports import play_reports
from opencity_issues.demo.stage import play
from opencity_issues.demo.town import load_town
from opencity_issues.demo.work import play_work
from opencity_issues.models import IssueIndexPage, IssuePage

STAGED = 200
"""So many issues are played through the real actions; the rest is written in bulk."""

CALLED_FROM = 60
"""From so many issues on, one of them is telephoned in."""


class Loaded(NamedTuple):
    """How many issues there were, and how many came by which way."""

    before: int
    played: int
    written: int


def load_demo(
    city: IssueIndexPage,
    material: Material,
    issues: int,
    *,
    seed: int,
    now: datetime,
    told: Callable[[int], object] | None = None,
) -> Loaded:
    """Bring a city to `issues` issues. What is there stays: a second run with the same number adds nothing."""
    now = now.replace(microsecond=0)
    town = load_town(city, material, now)
    before = IssuePage.objects.in_city(city).count()
    called = not before and issues >= CALLED_FROM
    played = 0 if before else play(town, min(issues, STAGED) - called, seed=seed, now=now, told=told)
    if called:
        play_call(town, now)
        played += 1
    play_consultation(town, now)
    play_work(town, now)
    missing = issues - before - played
    written = make_many(town, missing, seed=seed, now=now, told=told) if missing > 0 else 0
    if played or written:
        let_the_clock_run(city, now)
    play_community(town, now)
    play_reports(town, now)
    play_desk(town, now)
    play_following(town, now, seed=seed)
    if before or played:
        load_guidance(city)  # the stories were told before the city had any
    _load_content()
    return Loaded(before, played, written)


def _load_content() -> None:
    """Home, news and the like, where the site has them. Nothing here may import that package: it builds upon this one."""
    if apps.is_installed("opencity_cms") and module_has_submodule(import_module("opencity_cms"), "demo"):
        import_string("opencity_cms.demo.load")()
