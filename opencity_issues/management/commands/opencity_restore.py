import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.backup.archive import BadArchive
from opencity_issues.backup.database import DatabaseFailed
from opencity_issues.backup.restore_backup import NotEmpty, Restored, restore_backup


class Command(BaseCommand):
    """An archive of `opencity_backup` back into an installation, with web server and worker stopped."""

    help = (
        "Put a backup in the place of database and files, with web server and worker stopped. "
        "No letter leaves afterwards until the operator says so in the admin, under Open City → Operation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the archive, or - for standard input")
        parser.add_argument("--replace", action="store_true", help="though this installation has issues already")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["file"] == "-":
                done = restore_backup(sys.stdin.buffer, replace=options["replace"])
            else:
                with Path(options["file"]).open("rb") as stream:
                    done = restore_backup(stream, replace=options["replace"])
        except (BadArchive, DatabaseFailed, NotEmpty, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell(done)

    def _tell(self, done: Restored) -> None:
        counts = ", ".join(f"{name} {count}" for name, count in done.counts.items())
        self.stdout.write(f"Restored the state of {done.manifest.made_at}: {counts}")
        if done.differs:
            raise CommandError(f"These are not as many as in the backup: {', '.join(done.differs)}")
        self.stdout.write("No letter leaves until you say so: /admin/, Open City → Operation.")
