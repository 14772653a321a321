"""The database as one file, by the means of its own server: SQLite's backup, PostgreSQL's pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction

FILE_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
SET_ASIDE = "opencity_before_restore"


class DatabaseFailed(Exception):
    """The server or its program refused; the message is for the operator."""


def file_name() -> str:
    """What the copy is called in an archive, by the kind of database. Raises DatabaseFailed for another kind."""
    try:
        return FILE_NAMES[connection.vendor]
    except KeyError:
        raise DatabaseFailed(f"There is no backup for a database of the kind {connection.vendor}.") from None


def copy_to(target: Path, tables: Mapping[str, str]) -> dict[str, int]:
    """Write the database as it is at one moment, while people go on working; returns the rows of `tables` in the copy.

    Raises:
        DatabaseFailed: with the server's own words.

    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            return {name: copy.execute(_count(table)).fetchone()[0] for name, table in tables.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = {}
        for name, table in tables.items():
            cursor.execute(_count(table))
            counts[name] = cursor.fetchone()[0]
        kept = ["--format=custom", "--no-owner", "--no-privileges"]
        _run("pg_dump", *kept, f"--snapshot={snapshot}", f"--file={target}")
    return counts


def _count(table: str) -> str:
    return f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}"  # noqa: S608 - the name of one of our own tables


def replace_by(source: Path) -> None:
    """Put the copy in the place of the present database: all of it or, where anything fails, nothing.

    Raises:
        DatabaseFailed: with the server's own words.

    """
    if connection.vendor == "sqlite":
        _check_sqlite(source)
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
        connection.close()
        return
    connection.close()
    with _old_schema_set_aside():
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(source))


def _check_sqlite(source: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DatabaseFailed(f"The copy of the database cannot be read: {error}") from error
    if said != "ok":
        raise DatabaseFailed(f"The copy of the database is damaged: {said}")


@contextmanager
def _old_schema_set_aside() -> Iterator[None]:
    """The tables that are there wait under another name, and come back when the restoring fails."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SET_ASIDE} CASCADE")
        cursor.execute(f"ALTER SCHEMA public RENAME TO {SET_ASIDE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f"ALTER SCHEMA {SET_ASIDE} RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {SET_ASIDE} CASCADE")
    connection.close()


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on our database; the password goes by the environment, which no list of processes shows."""
    settings = connection.settings_dict
    places = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {name: str(settings[key]) for name, key in places.items() if settings.get(key)}
    target = [f"--dbname={settings['NAME']}"] if program == "pg_restore" else []
    done = subprocess.run(  # noqa: S603 - the program's path comes from the system, the arguments from here
        [_program(program), *target, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseFailed(f"{program}: {done.stderr.strip()[-1000:]}")


def _program(name: str) -> str:
    """The newest one of Debian's folders, where the server's own version lies, or the one on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise DatabaseFailed(f"{name} is missing. On Debian: apt-get install postgresql-client")
    return program
