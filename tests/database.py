"""Puts the database back as the migrations left it, quickly and past the append-only triggers.

Django's own flush after a transaction test has three faults here: SQLite's triggers refuse its DELETE of events,
it takes away what migrations made (Wagtail's root page, locale, groups), and it remakes all permissions each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

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
