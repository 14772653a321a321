from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.actions.account.erase_account import read_ledger, replay_erasures


class Command(BaseCommand):
    """Erase again the accounts that a restored backup has brought back; doing so twice changes nothing."""

    help = (
        "Erase again the accounts that their owners had erased and that a restored backup has brought back, "
        "by the ledger in the database and, if named, in a file (setting OPENCITY_ERASURE_LEDGER)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ledger", help="a file of lines with account and moment")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            named = read_ledger(Path(options["ledger"])) if options["ledger"] else []
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Accounts erased again: {len(replay_erasures(named))}")
