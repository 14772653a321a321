"""Puts the database back as the migrations left it, quickly and past the append-only triggers.

Django's own flush after a transaction test has three faults here: SQLite's triggers refuse its DELETE of events,
it takes away what migrations made (Wagtail's root page, locale, groups), and it remakes all permissions each time.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

import opencity_cms
import opencity_issues
from opencity_issues.models.event import create_triggers, drop_triggers

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def tables() -> list[str]:
    """The tables of all installed models that are in the database."""
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def snapshot() -> Rows:
    """The rows of each table that has any, as the database gives them."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found = cursor.fetchall()
            if found:
                rows[table] = ([column[0] for column in cursor.description], found)
    return rows


def restore(rows: Rows) -> None:
    """Empty all tables and write the rows back, in one transaction, with the triggers out of the way."""
    quote = connection.ops.quote_name
    statements = connection.ops.sql_flush(no_style(), tables(), reset_sequences=False, allow_cascade=False)
    with transaction.atomic(), connection.constraint_checks_disabled():
        drop_triggers(connection)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            for table, (columns, found) in rows.items():
                places = ", ".join(["%s"] * len(columns))
                names = ", ".join(quote(column) for column in columns)
                cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", found)
        create_triggers(connection)
    ContentType.objects.clear_cache()


@contextmanager
def restore_after_transaction_tests() -> Iterator[None]:
    """While open, every transaction test ends with the database as it is now."""
    rows = snapshot()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", partial(restore, rows)):
        yield


def migrated_copy() -> Path:
    """Where the migrated SQLite database is kept between runs: another file for each content of the migrations.

    Migrations take twenty seconds, more than most runs of a single file of tests. Ours import from models (triggers).
    """
    key = hashlib.sha256(version("django").encode())
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    folders += [Path(app.__path__[0]) / "models" for app in (opencity_issues, opencity_cms)]
    for file in sorted(file for folder in folders for file in folder.glob("*.py")):
        key.update(file.name.encode() + file.read_bytes())
    return Path(tempfile.gettempdir()) / f"opencity-migrated-{os.getuid()}" / f"{key.hexdigest()[:20]}.sqlite3"


def lay_migrated_copy() -> bool:
    """Put the kept database where the tests expect theirs; False where there is none, or another server."""
    if connection.vendor != "sqlite" or not migrated_copy().exists():
        return False
    shutil.copyfile(migrated_copy(), connection.settings_dict["TEST"]["NAME"])
    return True


def keep_migrated_copy() -> None:
    """Keep the database as it is now for the next run, and throw away what earlier migrations left."""
    copy = migrated_copy()
    if connection.vendor != "sqlite" or copy.exists():
        return
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    part = copy.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(part)) as into:
        connection.connection.backup(into)
    part.replace(copy)  # at once: another run never sees half a file
    for old in sorted(copy.parent.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-12]:
        old.unlink(missing_ok=True)
