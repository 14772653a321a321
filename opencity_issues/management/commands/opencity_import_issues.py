from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from opencity_issues.actions.past_issues.ask_open311 import NoAnswer, ask_open311
from opencity_issues.actions.past_issues.import_past import import_past
from opencity_issues.actions.past_issues.read_past import read_past_table, records_as_table
from opencity_issues.actions.past_issues.vocabulary import Vocabulary
from opencity_issues.management.cities import content_of, the_city, told
from opencity_issues.tables.read_table import Table

SINCE = timedelta(days=365)


class Command(BaseCommand):
    """Issues of a former system with their past; may be repeated, and then brings what is new or has changed there."""

    help = (
        "Import issues of a former system with the history of their statuses, from CSV, XLSX, GeoJSON or an Open311 server. "
        "All or nothing; a second time changes nothing. No letters are sent, no terms of the past run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a file, or the address of an Open311 server: https://…/open311/v2")
        parser.add_argument(
            "--name", default="", help="what the numbers belong to (default: the file's or host's name)"
        )
        parser.add_argument(
            "--words", type=Path, help="a table kind;foreign;ours for categories, statuses, organisations"
        )
        parser.add_argument("--photos", type=Path, help="folder of the photos that the column photos names")
        parser.add_argument(
            "--since", default="", help="of an Open311 server: the first day, 2025-01-31 (default: a year)"
        )
        parser.add_argument("--jurisdiction", default="", help="of an Open311 server with several cities")
        parser.add_argument("--city", type=int, help="number of the city's page, where there are several")
        parser.add_argument("--dry-run", action="store_true", help="only look for faults and count")

    def handle(self, *args: Any, **options: Any) -> None:
        city, source = the_city(options["city"]), options["source"]
        words = Vocabulary(city)
        if options["words"]:
            faults = words.learn(content_of(options["words"])).faults
            self._stop(options["words"].name, [str(fault) for fault in faults])
        is_server = source.startswith(("http://", "https://"))
        table = self._ask(source, options) if is_server else read_past_table(content_of(Path(source)))
        name = options["name"] or (urlsplit(source).netloc if is_server else Path(source).stem)
        plan = import_past(
            city, table, source=name[:100], words=words, photos=options["photos"], dry_run=options["dry_run"]
        )
        self._stop(name, [str(fault) for fault in plan.faults])
        self.stdout.write("\n".join(told(plan, dry_run=options["dry_run"])))

    def _ask(self, address: str, options: dict[str, Any]) -> Table:
        now = timezone.now()
        since = now - SINCE
        if options["since"]:
            try:
                since = datetime.strptime(options["since"], "%Y-%m-%d").replace(tzinfo=UTC)
            except ValueError as error:
                raise CommandError(_("Write the first day as 2025-01-31.")) from error
        try:
            return records_as_table(ask_open311(address, since, now, jurisdiction=options["jurisdiction"]))
        except NoAnswer as error:
            raise CommandError(f"{address}: {error}") from error

    def _stop(self, name: str, faults: list[str]) -> None:
        if faults:
            raise CommandError("\n".join([*(f"{name}: {fault}" for fault in faults), _("Nothing was written.")]))
