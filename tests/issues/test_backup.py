"""A backup holds a whole installation, and a restored one tells nobody anything twice."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from opencity_issues.actions.letters.resume_outbox import resume_outbox
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.backup import archive
from opencity_issues.models import Notice, OutboxPause
from opencity_issues.procedure.refusals import NotPossible
from tests.architecture.project import ROOT
from tests.database import migrated_copy

FILL = """
call_command("migrate", verbosity=0)
call_command("opencity_demo", issues=12, seed=1, verbosity=0)
call_command("opencity_backup", sys.argv[1], stderr=sys.stdout)
show()
"""
LOOK = """
show()
call_command("opencity_verify")
print("sent", send_waiting(), "next", IssueNumber.objects.create().pk)
try:
    call_command("opencity_restore", sys.argv[1])
except CommandError as refusal:
    print(refusal)
"""
BEFORE = """
import sys, django
django.setup()
from django.core.management import CommandError, call_command
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.models import IssueNumber, IssuePage, Media, Notice
def show():
    print(sorted(IssuePage.objects.values_list("number", "status", "title")))
    print(sorted(Media.objects.values_list("token", flat=True)))
    print("waiting", Notice.objects.waiting().count())
"""


class Installation:
    """A site with data of its own, in processes of its own."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        self.environment = kept | {
            "OPENCITY_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "opencity_site.settings.demo",
            "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
            **({"DATABASE_URL": database} if database else {}),
        }

    def run(self, *arguments: str | Path) -> list[str]:
        """The lines that a Python process with these arguments prints."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout.splitlines()


@pytest.fixture
def databases(tmp_path, db):
    """Two empty databases of the kind that the tests run on: their addresses."""
    if connection.vendor == "sqlite":
        yield "", ""
        return
    import psycopg  # only where PostgreSQL is tried

    settings = connection.settings_dict
    server = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}"
    names = [f"backup_{os.getpid()}_{letter}" for letter in "ab"]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        for name in names:
            administrator.execute(f"CREATE DATABASE {name}")
        yield tuple(f"{server}/{name}" for name in names)
        for name in names:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_empty_machine_becomes_the_same_installation_and_sends_no_letter_again(tmp_path, databases):
    old, new = Installation(tmp_path / "old", databases[0]), Installation(tmp_path / "new", databases[1])
    kept = tmp_path / "city.tar"
    if not databases[0]:
        old.folder.mkdir()
        shutil.copyfile(migrated_copy(), old.folder / "opencity.sqlite3")  # spares twenty seconds of migrations
    _demonstration, told, *was = old.run("-c", BEFORE + FILL, kept)
    assert "issues 12" in told
    assert kept.stat().st_mode & 0o077 == 0

    restored = new.run(ROOT / "site" / "manage.py", "opencity_restore", kept)
    assert "No letter leaves" in restored[-1]
    *now, verified, sent, again = new.run("-c", BEFORE + LOOK, kept)
    assert now == was
    assert now[2] != "waiting 0"
    assert verified == "Everything agrees."
    assert sent.startswith("sent 0 ")
    # A number that went out in letters between the backup and the loss is not given to another issue.
    assert int(sent.rpartition("next ")[2]) > 12 + 500
    assert "--replace" in again
    files = {path.relative_to(old.folder) for path in (old.folder / "media-private").rglob("*.jpg")}
    assert files
    assert files == {path.relative_to(new.folder) for path in (new.folder / "media-private").rglob("*.jpg")}


def packed(**changed: bytes) -> io.BytesIO:
    """A small archive of two files, with what the test has changed in it afterwards."""
    stream = io.BytesIO()
    writer = archive.Writer(stream)
    writer.add_manifest(archive.Manifest("2026-11-27T10:00:00+00:00", "0.1.0", "sqlite", {}, []))
    writer.finish()
    if not changed:
        return io.BytesIO(stream.getvalue())
    rewritten = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(stream.getvalue())) as source,
        tarfile.open(fileobj=rewritten, mode="w") as out,
    ):
        for member in source:
            data = changed.get(member.name.split(".")[0], source.extractfile(member).read())
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return io.BytesIO(rewritten.getvalue())


def test_a_whole_archive_is_taken(tmp_path):
    assert archive.unpack(packed(), tmp_path).database == "sqlite"


@pytest.mark.parametrize(
    ("stream", "why"),
    [
        (lambda: packed(manifest=b"{}"), "damaged"),
        (lambda: packed(SHA256SUMS=b""), "damaged"),
        (lambda: io.BytesIO(packed().getvalue()[:1024]), "not complete|cannot be read"),
        (lambda: io.BytesIO(b"not an archive at all" * 100), "cannot be read"),
    ],
    ids=["changed", "without checksums", "cut short", "something else"],
)
def test_a_damaged_archive_is_refused_before_anything_is_touched(stream, why, tmp_path):
    with pytest.raises(archive.BadArchive, match=why):
        archive.unpack(stream(), tmp_path)


def test_an_archive_cannot_write_outside_its_folder(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as out:
        member = tarfile.TarInfo("../escaped")
        member.size = 1
        out.addfile(member, io.BytesIO(b"x"))
    stream.seek(0)
    with pytest.raises(archive.BadArchive, match="does not belong"):
        archive.unpack(stream, tmp_path / "inside")
    assert not (tmp_path / "escaped").exists()


@pytest.fixture
def paused(town):
    """An outbox with letters of before a restore, and one of after it."""
    town.issue()
    OutboxPause.objects.create(backup_of=timezone.now() + timedelta(minutes=1))
    Notice.objects.filter(pk=Notice.objects.waiting().last().pk).update(
        created_at=timezone.now() + timedelta(minutes=2), send_after=timezone.now()
    )
    return Notice.objects.waiting().count()


def test_no_letter_leaves_while_the_outbox_is_paused(paused, mailoutbox):
    assert paused > 1
    assert send_waiting() == 0
    assert not mailoutbox


def test_old_letters_are_put_aside_and_new_ones_go(paused, mailoutbox):
    assert resume_outbox(send_old=False) == paused - 1
    assert send_waiting() == 1
    assert len(mailoutbox) == 1


def test_all_letters_go_where_the_operator_says_so(paused, mailoutbox):
    assert resume_outbox(send_old=True) == 0
    assert send_waiting() == paused


def test_the_pause_ends_once(paused):
    resume_outbox(send_old=True)
    with pytest.raises(NotPossible):
        resume_outbox(send_old=False)
