from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from opencity_issues.actions.keep_statistics import count_all
from opencity_issues.models import IssueIndexPage
from opencity_issues.queries.verification import Difference, issue_differences, map_differences, statistics_differences


class Command(BaseCommand):
    """Exit status 0 where everything agrees, 1 where something differs."""

    help = "Compute each issue anew from its events, and the counts of map and statistics from the issues; print what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair-map-cells", action="store_true", help="put the map's kept counts right")

        parser.add_argument("--repair-statistics", action="store_true", help="count the statistics anew")

    def handle(self, *args: Any, **options: Any) -> None:
        repair, count = options["repair_map_cells"], options["repair_statistics"]
        parts: list[tuple[Iterable[Difference], bool]] = [
            (issue_differences(), False),
            (map_differences(repair=repair), repair),
            (statistics_differences(), count),
        ]
        found = left = 0
        for differences, repaired in parts:
            for difference in differences:
                found += 1
                left += not repaired
                self.stdout.write(f"{difference}{' (repaired)' if repaired else ''}")
        for city in IssueIndexPage.objects.select_related("city_settings") if count else ():
            count_all(city)
        self.stdout.write(f"{found} differences" if found else "Everything agrees.")
        if left:
            raise SystemExit(1)
