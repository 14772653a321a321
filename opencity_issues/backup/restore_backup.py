"""An archive back into an installation: all of it or nothing, and then no letter leaves until the operator says so."""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django_q.models import OrmQ

from opencity_issues import conf
from opencity_issues.actions.account.erase_account import read_ledger, replay_erasures
from opencity_issues.backup import archive, database
from opencity_issues.backup.make_backup import counts, media_folders
from opencity_issues.models import Erasure, IssueNumber, IssuePage, OutboxPause

NUMBERS_SKIPPED = 1000
"""Numbers given between the backup and the loss stand in people's letters: they are not given to other issues."""


class NotEmpty(Exception):
    """There are issues already, and nobody said that they may go."""


@dataclass(frozen=True)
class Restored:
    """What was brought back; `differs` names counts that are not those of the backup."""

    manifest: archive.Manifest
    counts: dict[str, int]
    differs: list[str]
    erasures: list[int]


def restore_backup(stream: IO[bytes], *, replace: bool = False) -> Restored:
    """Check the whole archive first, then put its files and its database in the place of what is there.

    Raises:
        archive.BadArchive: the archive is damaged, cut short, or of another kind of database.
        NotEmpty: this installation has issues, and `replace` was not given.
        database.DatabaseFailed: the database refused; everything is as it was.

    """
    with ExitStack() as stack:
        near = next((root.parent for _name, root in media_folders()), None)
        if near is not None:
            near.mkdir(parents=True, exist_ok=True)
        # Beside the media folders, so that putting them in place is a rename and not a copy.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".opencity-restore-", dir=near)))
        manifest = archive.unpack(stream, folder)
        if manifest.database != connection.vendor:
            raise archive.BadArchive(
                f"The backup is of a database of the kind {manifest.database}; this one is {connection.vendor}."
            )
        erased = _present_erasures()
        if not replace and _has_issues():
            raise NotEmpty("This installation has issues already: --replace puts the backup in their place.")
        database.replace_by(folder / database.file_name())
        _put_files(folder)
    call_command("migrate", verbosity=0)
    found = counts()
    _begin_anew(datetime.fromisoformat(manifest.made_at), erased)
    replay_erasures(_ledger())
    differs = [name for name, count in manifest.counts.items() if found.get(name) != count]
    return Restored(manifest, found, differs, sorted(erased))


def _ledger() -> list[tuple[int, datetime]]:
    """What the file beside the database knows, if the installation keeps one."""
    path = Path(conf.get("OPENCITY_ERASURE_LEDGER") or "")
    return read_ledger(path) if path.is_file() else []


def _has_issues() -> bool:
    try:
        return IssuePage._base_manager.exists()
    except DatabaseError:  # an empty machine has no tables yet
        return False


def _present_erasures() -> set[int]:
    """Who had the account erased until now: an older backup knows nothing of it."""
    try:
        return set(Erasure.objects.values_list("account", flat=True))
    except DatabaseError:
        return set()


def _put_files(folder: Path) -> None:
    for name, root in media_folders():
        old, new = folder / f"old-{name}", folder / name
        # A rename where both lie on one disk, otherwise a copy.
        if root.exists():
            shutil.move(root, old)
        if new.exists():
            shutil.move(new, root)
        else:
            root.mkdir(parents=True)
        shutil.rmtree(old, ignore_errors=True)


def _begin_anew(backup_of: datetime, erased: set[int]) -> None:
    """Nobody is signed in, nothing waits in the queue, no number is given twice, and the outbox stands still."""
    cache.clear()
    with transaction.atomic():
        Session.objects.all().delete()
        OrmQ.objects.all().delete()
        OutboxPause.objects.all().delete()
        OutboxPause.objects.create(backup_of=backup_of)
        Erasure.objects.bulk_create([Erasure(account=account) for account in sorted(erased)], ignore_conflicts=True)
        last = IssueNumber.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        IssueNumber.objects.create(pk=last + NUMBERS_SKIPPED)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [IssueNumber]):
                cursor.execute(statement)
