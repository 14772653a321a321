from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from opencity_issues.actions.city.set_up_city import set_up_city


class Command(BaseCommand):
    """Into a host site: index page, settings, categories, schedules. Safe to repeat."""

    help = "Make a city of a Wagtail site: index page, settings, the 68 categories, schedules. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="", help="host name of the Wagtail site (default: the default site)")
        parser.add_argument("--name", default="", help="name of the city, as people read it")

    def handle(self, *args: Any, **options: Any) -> None:
        sites = Site.objects.select_related("root_page")
        site = (
            sites.filter(hostname=options["site"]).first()
            if options["site"]
            else sites.filter(is_default_site=True).first()
        )
        if site is None:
            raise CommandError("There is no such Wagtail site: make one in the admin, under Settings → Sites.")
        city = set_up_city(site, name=options["name"])
        self.stdout.write(f"{city.config.city_name}: {city.full_url or city.title}, {site.hostname}")
