from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.actions.city.import_matrix import import_matrix
from opencity_issues.models import IssueIndexPage


class Command(BaseCommand):
    """All lines or none; every fault by its line."""

    help = "Add rows to a city's responsibility matrix from a CSV table with the columns category and organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="UTF-8 or Windows-1251; codes of categories, short names of organisations"
        )
        parser.add_argument("--city", type=int, help="number of the city's page, where there are several")
        parser.add_argument("--dry-run", action="store_true", help="only look for faults")

    def handle(self, *args: Any, **options: Any) -> None:
        cities = (
            IssueIndexPage.objects.all()
            if options["city"] is None
            else IssueIndexPage.objects.filter(pk=options["city"])
        )
        if len(cities) != 1:
            known = ", ".join(f"{city.pk} ({city.title})" for city in IssueIndexPage.objects.all())
            raise CommandError(f"Say which city by --city: {known or 'there is none, run opencity_setup first'}.")
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        result = import_matrix(cities[0], content, dry_run=options["dry_run"])
        if result.faults:
            raise CommandError("\n".join([*result.faults, "Nothing was added."]))
        verb = "would be added" if options["dry_run"] else "added"
        self.stdout.write(f"{result.added} rows {verb}, {result.known} were there already.")
