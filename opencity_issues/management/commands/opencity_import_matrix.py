from typing import Any

from django.core.management.base import CommandParser

from opencity_issues.management.commands.opencity_import import Command as ImportCommand


class Command(ImportCommand):
    """`opencity_import matrix`, by the name that installations know it by."""

    help = "The same as opencity_import matrix FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **{**options, "kind": "matrix"})
