from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opencity_issues.actions.city.import_gazetteer import import_gazetteer
from opencity_issues.models import IssueIndexPage


class Command(BaseCommand):
    """All places or none; every fault by its line."""

    help = "Add or renew the places of a city's gazetteer from a CSV table or a GeoJSON file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="CSV with kind, name_uk, lng, lat, perhaps name_en, other_names; or GeoJSON with the same properties",
        )
        parser.add_argument("--city", type=int, help="number of the city's page, where there are several")
        parser.add_argument("--replace", action="store_true", help="take out the places that the file leaves out")
        parser.add_argument("--dry-run", action="store_true", help="only look for faults and count")

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
        result = import_gazetteer(cities[0], content, instead=options["replace"], dry_run=options["dry_run"])
        if result.faults:
            raise CommandError("\n".join([*result.faults, "Nothing was written."]))
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{result.added} places {would}added, {result.changed} {would}changed, {result.removed} {would}taken out; "
            f"{result.known} were so already, {result.outside} lie outside the city and were passed over."
        )
