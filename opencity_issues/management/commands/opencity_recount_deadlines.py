from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.actions.clock.recount_deadlines import recount_deadlines
from opencity_issues.models import IssueIndexPage


class Command(BaseCommand):
    """The step that a change of the calendar needs; see the action of the same name."""

    help = (
        "Count the running deadlines anew after a change of the calendar, time zone, country or martial law. "
        "What was met or cancelled stays as it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", type=int, help="number of the city's page; all cities where it is not given")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        cities = IssueIndexPage.objects.all()
        if options["city"] is not None:
            cities = cities.filter(pk=options["city"])
        if not cities:
            raise CommandError("There is no such city.")
        for city in cities:
            result = recount_deadlines(city, actor=None, dry_run=options["dry_run"])
            verb = "would move" if options["dry_run"] else "moved"
            clauses = ", ".join(f"{clause}: {count}" for clause, count in sorted(result.by_clause.items()))
            self.stdout.write(
                f"{city.title}: {result.deadlines} of {result.running} running deadlines of {result.issues} issues {verb}"
                f"{f' ({clauses})' if clauses else ''}; {result.later} later, {result.earlier} earlier, "
                f"{result.missed_at_once} are past at once, {result.taken_back} are no longer missed."
            )
