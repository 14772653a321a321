import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from wagtail.models import Site

from opencity_issues.actions.city.city_file import CitySaid, read_city_file
from opencity_issues.actions.city.set_up_whole_city import set_up_whole_city
from opencity_issues.management.cities import content_of, told
from opencity_issues.management.questions import ask_for_city


class Command(BaseCommand):
    """Into a host site: index page, settings, categories, schedules, and what the city's files hold. Safe to repeat."""

    help = (
        "Make a city of a Wagtail site: index page, settings, the 68 categories, schedules; with --file also its settings "
        "and files. On a terminal and without arguments it asks. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="", help="host name of the Wagtail site (default: the default site)")
        parser.add_argument("--name", default="", help="name of the city, as people read it")
        parser.add_argument("--file", type=Path, help="the city in TOML, as fixtures/new_city/city.toml")
        parser.add_argument("--dry-run", action="store_true", help="only look for faults and tell what would change")
        parser.add_argument(
            "--no-input", "--noinput", action="store_false", dest="interactive", help="never ask anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        said, folder = CitySaid(), Path()
        if options["file"]:
            said, folder = read_city_file(content_of(options["file"])), options["file"].parent
        elif options["interactive"] and not options["name"] and sys.stdin.isatty():
            said = ask_for_city(self.stdout.write, input)
        if options["name"]:
            said.fields["city_name"] = options["name"]
        site = self._site(options["site"] or said.site)
        contents = {kind: content_of(folder / name) for kind, name in said.files.items()}
        made = set_up_whole_city(site, said, contents, dry_run=options["dry_run"])
        if made.city is None:
            raise CommandError("\n".join([*made.faults, _("Nothing was written.")]))
        for kind, plan in made.plans.items():
            self.stdout.write("\n".join([f"{said.files[kind]}:", *told(plan, dry_run=options["dry_run"])]))
        if not options["dry_run"]:
            city = made.city
            self.stdout.write(f"{city.config.city_name}: {city.full_url or city.title}, {site.hostname}")

    def _site(self, hostname: str) -> Site:
        sites = Site.objects.select_related("root_page")
        site = sites.filter(hostname=hostname).first() if hostname else sites.filter(is_default_site=True).first()
        if site is None:
            raise CommandError(_("There is no such Wagtail site: make one in the admin, under Settings → Sites."))
        return site
