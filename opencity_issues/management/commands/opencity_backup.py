import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.backup.database import DatabaseFailed
from opencity_issues.backup.make_backup import Made, make_backup


class Command(BaseCommand):
    """Database, public and private files into one archive, while the site goes on working."""

    help = "Write database and files into one archive. The secrets of the environment are not in it: keep them apart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to, or - for standard output, to encrypt it on the way")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(sys.stdout.buffer) if options["file"] == "-" else _to_file(Path(options["file"]))
        except (DatabaseFailed, OSError) as error:
            raise CommandError(str(error)) from error
        counts = ", ".join(f"{name} {count}" for name, count in made.manifest.counts.items())
        # Standard output may be the archive itself.
        self.stderr.write(f"{counts}; {made.files} in the media folders; {made.size:,} bytes")


def _to_file(path: Path) -> Made:
    """Under another name until it is whole, readable by its owner alone: it holds people's addresses."""
    part = path.with_name(f"{path.name}.part")
    try:
        stream = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise CommandError(f"{part} is there: another backup runs, or one was broken off. Remove it first.") from None
    try:
        with stream:
            made = make_backup(stream)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
    return made
