from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.run import KINDS, run_import
from opencity_issues.management.cities import content_of, faults_of, the_city, told


class Command(BaseCommand):
    """All of a file or nothing of it; every fault by its line."""

    help = (
        "Import categories, organisations, people, matrix or gazetteer from CSV or XLSX, districts from GeoJSON. "
        "All of the file or nothing of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        self.add_file_arguments(parser)

    def add_file_arguments(self, parser: CommandParser) -> None:
        """What every import is asked, whatever it brings."""
        parser.add_argument("file", type=Path, help="CSV (UTF-8, UTF-16, Windows-1251), XLSX, or GeoJSON")
        parser.add_argument("--city", type=int, help="number of the city's page, where there are several")
        parser.add_argument("--replace", action="store_true", help="take out what the file leaves out")
        parser.add_argument("--dry-run", action="store_true", help="only look for faults and tell what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        city = the_city(options["city"])
        replace, dry_run = options["replace"], options["dry_run"]
        if replace and not KINDS[options["kind"]].replaces:
            raise CommandError(_("This kind of import never takes anything out: leave out --replace."))
        plan = run_import(options["kind"], city, content_of(options["file"]), replace=replace, dry_run=dry_run)
        if plan.faults:
            raise CommandError("\n".join([*faults_of(options["file"].name, plan), _("Nothing was written.")]))
        self.stdout.write("\n".join(told(plan, dry_run=dry_run)))
