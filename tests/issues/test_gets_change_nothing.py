"""No page that is only opened changes anything, whoever opens it: mail scanners, crawlers and prefetching browsers do so."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.database import snapshot
from tests.factories import NOON, Town, person
from tests.issues import deeds
from tests.issues.scene import POST_ONLY, Scene, addresses, make_scene

# What a page writes, it writes on either database.
pytestmark = pytest.mark.once


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


ADMIN = (
    "responsibilities:grid", "responsibilities:import", "responsibilities:export", "responsibilities:where",
    "responsibilities:index", "districts:index", "districts:draw", "issues:index", "notices:index", "city:index",
)  # fmt: skip


def kept() -> dict[str, Any]:
    """All rows but those of sessions, which remember a visitor's language and notices."""
    return {table: rows for table, rows in snapshot().items() if table != "django_session"}


@pytest.mark.parametrize("who", ["anonymous", "author", "roads_worker", "controller", "moderator", "operator"])
def test_opening_changes_nothing(town: Town, scene: Scene, who: str) -> None:
    client = Client()
    if who == "operator":
        client.force_login(person("operator@city.example", is_superuser=True, is_staff=True))
    elif who != "anonymous":
        client.force_login(getattr(town, who))
    opened = 0
    with time_machine.travel(NOON + deeds.HOUR, tick=False):
        before = kept()
        for name, url in addresses(scene):
            status = client.get(url).status_code
            assert status in (200, 302, 400, 401, 403, 404, 405, 409, 410), (name, url, status)
            assert name not in POST_ONLY or status != 200, (name, url)
            opened += status == 200
        for name in ADMIN:
            client.get(reverse(f"opencity_admin_{name}"))
        after = kept()
    changed = {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}
    assert changed == set()
    # Not vacuous: everybody sees the public pages, and each role its rooms.
    assert opened >= {"anonymous": 14, "author": 16, "operator": 14}.get(who, 35), opened
