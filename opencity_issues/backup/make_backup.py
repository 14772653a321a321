"""Everything that an installation is, into one archive: database, public and private files, and what it was made by."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import django
import wagtail
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import connection
from django.utils import timezone

from opencity_issues.backup import archive, database
from opencity_issues.models import BackupRecord, Event, IssuePage, Media, Notice
from opencity_issues.models.media import private_storage
from opencity_issues.queries.operation import own_version

COUNTED = {"issues": IssuePage, "events": Event, "files": Media, "letters": Notice}


@dataclass(frozen=True)
class Made:
    """What a backup holds: its manifest, how many files, and the bytes written."""

    manifest: archive.Manifest
    files: int
    size: int


def make_backup(stream: IO[bytes]) -> Made:
    """Write the archive. The database is copied first: a file that came later belongs to no row of the copy.

    Raises:
        database.DatabaseFailed: the database could not be copied; nothing usable was written.

    """
    counting = _Counting(stream)
    with tempfile.TemporaryDirectory(prefix="opencity-backup-") as folder:
        copy = Path(folder) / database.file_name()
        counted = database.copy_to(copy, {name: model._meta.db_table for name, model in COUNTED.items()})
        manifest = archive.Manifest(
            made_at=timezone.now().isoformat(),
            version=own_version(),
            database=connection.vendor,
            counts=counted,
            folders=[name for name, _root in media_folders()],
            settings=_settings(),
        )
        writer = archive.Writer(counting)
        writer.add_manifest(manifest)
        writer.add_file(copy.name, copy)
        files = sum(writer.add_file(f"{name}/{inner}", path) for name, inner, path in _media_files())
        writer.finish()
    BackupRecord.objects.create(size=counting.size, issues=manifest.counts["issues"], files=files)
    return Made(manifest, files, counting.size)


def counts() -> dict[str, int]:
    """Rows of the tables that an operator thinks in."""
    return {name: model._base_manager.count() for name, model in COUNTED.items()}


def media_folders() -> Iterator[tuple[str, Path]]:
    """The folders with files; what lies in a storage service is kept by that service."""
    storages: tuple[tuple[str, Storage], ...] = (("media", default_storage), ("media-private", private_storage()))
    for name, storage in storages:
        if isinstance(storage, FileSystemStorage):
            yield name, Path(storage.path(""))


def _media_files() -> Iterator[tuple[str, str, Path]]:
    for name, root in media_folders():
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield name, path.relative_to(root).as_posix(), path


def _settings() -> dict[str, str]:
    """What must agree where the archive is restored; no secret leaves with it."""
    return {
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "language": settings.LANGUAGE_CODE,
        "user_model": settings.AUTH_USER_MODEL,
    }


class _Counting:
    """A stream that knows how much went through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return self._stream.write(data)
