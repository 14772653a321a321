import time
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from wagtail.models import Site

from opencity_issues.demo.load import load_demo
from opencity_issues.demo.material import DEFAULT_FOLDER, Material
from opencity_issues.demo.town import CITY_NAME
from opencity_issues.models import IssueIndexPage

TELL_EVERY = 10_000


class Command(BaseCommand):
    """The demonstration town with its people, organisations, matrix and any number of issues. Safe to repeat."""

    help = "Load the demonstration town into the default site: people, organisations, matrix, and N issues with their past."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--issues", type=int, default=200, help="how many issues there shall be (default: 200)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same town (default: 1)")
        parser.add_argument(
            "--from", dest="folder", type=Path, default=DEFAULT_FOLDER, help="folder of the town's data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["issues"] < 0:
            raise CommandError("The number of issues cannot be negative.")
        try:
            material = Material.read(options["folder"])
        except FileNotFoundError as error:
            raise CommandError(
                f"{error.filename} is missing: the town's data come with the repository, in fixtures/. Say where with --from."
            ) from error
        call_command("opencity_setup", name=CITY_NAME, stdout=StringIO())
        city = IssueIndexPage.of_site(Site.objects.get(is_default_site=True))
        started = time.monotonic()
        loaded = load_demo(city, material, options["issues"], seed=options["seed"], now=timezone.now(), told=self._tell)
        if not loaded.played and not loaded.written:
            self.stdout.write(f"The demonstration is here already, with {loaded.before} issues.")
            return
        there = loaded.before + loaded.played + loaded.written
        self.stdout.write(
            f"{city.config.city_name}: {there} issues, {loaded.played} of them played and {loaded.written} written in bulk "
            f"just now, in {time.monotonic() - started:.0f} s."
        )
        if loaded.written:
            self.stdout.write("Search finds those written in bulk after: manage.py update_index")

    def _tell(self, done: int) -> None:
        if done % TELL_EVERY == 0:
            self.stdout.write(f"{done} issues")
