"""A city of any size out of a small one: its issues with all that hangs on them, copied by the database itself.

A million lives written one by one take half an hour; so they take minutes. The copies are scattered around the places of
what they are copied from, with its moments: a city that is so many times as busy.
"""

from typing import Any

from django.db import connection, models, transaction
from wagtail.models import Page

from opencity_issues.actions.keep_statistics import count_all
from opencity_issues.models import (
    Assignment,
    Contribution,
    Deadline,
    Event,
    IssueCategory,
    IssueIndexPage,
    IssueNumber,
    IssuePage,
)
from opencity_issues.models.map_cell import recount
from opencity_issues.models.place import GRID_ZOOM

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SPREAD = 40
"""Cells of the grid, of 6 m, that a copy lies away at most."""

NARROWING = 0.6247
"""Cosine of the town's latitude: how much lower a cell is than it is wide, in degrees."""


def grow(city: IssueIndexPage, number: int) -> None:
    """Copy the city's issues until there are `number` of them, and count them for the map and the statistics."""
    pages = list(IssuePage.objects.in_city(city).order_by("pk").values_list("pk", flat=True))
    while (have := IssuePage.objects.in_city(city).count()) < number:
        with transaction.atomic():
            _copy(city, pages[: number - have])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    recount(city)
    count_all(city)


def _copy(city: IssueIndexPage, pages: list[int]) -> None:
    """One more of each of these issues. Keys are shifted beyond the greatest that there is."""
    among = f"BETWEEN {pages[0]} AND {pages[-1]}"
    page, number, words, part = (_shift(one) for one in (Page, IssueNumber, Contribution, Assignment))
    fresh = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    last = Page.objects.filter(path__startswith=city.path, depth=city.depth + 1).order_by("-path")[0].path
    step = Page._str2int(last[-Page.steplen :])
    step_sql = f"(row_number() OVER (ORDER BY one.id) + {step})"
    path = " || ".join(
        f"substr('{LETTERS}', CAST({step_sql} / {36**power} AS integer) % 36 + 1, 1)" for power in (3, 2, 1, 0)
    )
    own = f"JOIN {IssuePage._meta.db_table} issue ON issue.page_ptr_id = one.id WHERE one.id {among}"
    slug = f"CAST(issue.number + {number} AS varchar)"
    _insert(
        Page, own, id=f"one.id + {page}", path=f"'{city.path}' || {path}", slug=slug, draft_title="one.title",
        url_path=f"'{city.url_path}' || {slug} || '/'", translation_key=fresh,
    )  # fmt: skip
    _insert(IssueNumber, f"JOIN {IssuePage._meta.db_table} i ON i.number = one.id WHERE i.page_ptr_id {among}",
            id=f"one.id + {number}")  # fmt: skip
    _insert_issues(among, page, number)
    _insert(IssueCategory, f"WHERE one.issue_id {among}", id=f"one.id + {_shift(IssueCategory)}",
            issue_id=f"one.issue_id + {page}")  # fmt: skip
    for model, more in (
        (Assignment, {}),
        (Contribution, {}),
        (Deadline, {"assignment_id": f"one.assignment_id + {part}"}),
        (Event, {"contribution_id": f"one.contribution_id + {words}"}),
    ):
        keys = {"id": f"one.id + {_shift(model)}", "issue_id": f"one.issue_id + {page}"}
        _insert(model, f"WHERE one.issue_id {among}", **keys, **more)
    Page.objects.filter(pk=city.pk).update(numchild=models.F("numchild") + len(pages))


def _insert_issues(among: str, page: int, number: int) -> None:
    some = f"(abs(random()) % {2 * SPREAD + 1} - {SPREAD})"
    if connection.vendor == "postgresql":
        some = f"(floor(random() * {2 * SPREAD + 1})::integer - {SPREAD})"
    degrees = 360 / (1 << GRID_ZOOM)
    moved = f"(SELECT issue.*, {some} AS east, {some} AS south FROM {IssuePage._meta.db_table} issue)"
    _insert(
        IssuePage,
        f"WHERE one.page_ptr_id {among}",
        table=moved,
        page_ptr_id=f"one.page_ptr_id + {page}",
        number=f"one.number + {number}",
        duplicate_of_id=f"one.duplicate_of_id + {page}",
        mx="one.mx + one.east",
        my="one.my + one.south",
        lng=f"one.lng + one.east * {degrees:.12f}",
        lat=f"one.lat - one.south * {degrees * NARROWING:.12f}",
    )


def _shift(model: type[models.Model]) -> int:
    return int(model._base_manager.aggregate(most=models.Max("pk"))["most"] or 0)


def _insert(model: type[models.Model], where: str, table: str = "", **changed: str) -> None:
    """Copy rows of a table, named `one`, with some columns changed."""
    columns: list[Any] = [field.column for field in model._meta.local_concrete_fields]
    quoted = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'one."{name}"') for name in columns)
    name = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {name} ({quoted}) SELECT {values} FROM {table or name} one {where}")
