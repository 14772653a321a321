from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from opencity_issues.queries.verification import issue_differences, map_differences


class Command(BaseCommand):
    """Exit status 0 where everything agrees, 1 where something differs."""

    help = "Compute each issue anew from its events, and the map's counts from the issues; print what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair-map-cells", action="store_true", help="put the map's kept counts right")

    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair_map_cells"]
        found = left = 0
        for difference in chain(issue_differences(), map_differences(repair=repair)):
            repaired = repair and difference.number is None
            found += 1
            left += not repaired
            self.stdout.write(f"{difference}{' (repaired)' if repaired else ''}")
        self.stdout.write(f"{found} differences" if found else "Everything agrees.")
        if left:
            raise SystemExit(1)
