"""Times what must not grow with the city, and what an action may cost over the row it writes. Started by `run`."""
# ruff: noqa: E402 -- the models can be imported only after django.setup()

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import django
from django.conf import settings

# Addresses of style sheets without the hashes of the files, which would all have to be collected first.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from opencity_issues.actions.submit_issue import Report, submit_issue
from opencity_issues.models import Category, Citizen, IssueIndexPage, IssuePage, Membership
from opencity_site.users.models import User
from tests.benchmarks.copies import grow

REPEATS = 25
OUT_OF_THE_WAY = 9_000_000
"""Numbers of the rows that are written for comparison and taken away again."""

MONTH = (timezone.now() - timedelta(days=30)).date().isoformat()
TOWN = "25.8071,51.3205,25.8989,51.3675"
DISTRICT = "25.83,51.335,25.885,51.3535"
PAGES = [
    ("map data: far away, zoom 10", "/map/data/?bbox=25.4,51.1,26.3,51.6&zoom=10", 2.0),
    ("map data: the whole city, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13", 2.0),
    ("map data: a district, zoom 15", f"/map/data/?bbox={DISTRICT}&zoom=15", 2.0),
    ("map data: some streets, zoom 17", "/map/data/?bbox=25.846,51.342,25.860,51.3465&zoom=17", 2.0),
    ("map data: of two statuses, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&status=open&status=accepted", 2.0),
    ("map data: of a category, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&category=3", 2.0),
    ("map data: some houses, zoom 19", "/map/data/?bbox=25.8515,51.3435,25.8550,51.3446&zoom=19", None),
    ("map data: of an organisation, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&organisation=roads", 2.0),
    ("map data: of an organisation, zoom 15", f"/map/data/?bbox={DISTRICT}&zoom=15&organisation=roads", 2.0),
    ("map data: of a district, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&district=1", 2.0),
    ("map data: overdue, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&overdue=1", 2.0),
    ("map data: overdue, zoom 15", f"/map/data/?bbox={DISTRICT}&zoom=15&overdue=1", 2.0),
    (
        "map data: overdue of an organisation, open",
        f"/map/data/?bbox={TOWN}&zoom=13&overdue=1&organisation=roads&status=open",
        2.0,
    ),
    ("map data: of a month, zoom 13", f"/map/data/?bbox={TOWN}&zoom=13&from={MONTH}", None),
    (
        "map data: category and organisation",
        f"/map/data/?bbox={TOWN}&zoom=13&category=3.8&organisation=roads",
        None,
    ),
    ("map data: near a place", f"/map/data/?bbox={DISTRICT}&zoom=15&near=25.853,51.344,500", None),
    ("map data: with a word", f"/map/data/?bbox={TOWN}&zoom=13&q=%D1%8F%D0%BC%D0%B0", None),
    ("list beside the map, whole city", f"/map/rows/?bbox={TOWN}&zoom=13", None),
    ("list beside the map, district", f"/map/rows/?bbox={DISTRICT}&zoom=15", None),
    ("list beside the map, overdue", f"/map/rows/?bbox={TOWN}&zoom=13&overdue=1", None),
    ("list", "/issues/", 2.0),
    ("statistics, all time", "/statistics/", 2.0),
    ("statistics of a category and a period", "/statistics/?from=2026-01-15&category=3", 2.0),
    ("list of a status and a category", "/issues/?status=accepted&category=3.8", None),
    ("list of an organisation", "/issues/?organisation=roads", None),
    ("list of a district", "/issues/?district=1", None),
    ("list: overdue", "/issues/?overdue=1", None),
    ("search of places", "/places/?format=json&q=%D1%88%D0%B5%D0%B2", 2.0),
]
"""Name, address, and how many times the time in the small city it may take in the large one, where that is promised."""
DESKS = [
    ("desk of the control body", "control", "", 2.0),
    ("desk of the moderator", "moderator", "", 2.0),
    ("desk of an organisation", "roads", "", 2.0),
    ("desk: overdue everywhere", "control", "?queue=overdue-anywhere", 2.0),
    ("desk: to warn, of one organisation", "control", "?queue=to-warn&organisation=roads", None),
    ("overview of the control body", "control", "overview/", None),
    ("calendar of the control body", "control", "calendar/", None),
]
"""Cabinets, each as a member of its organisation opens it."""

WITHIN_BYTES = 40_960
WITHIN_MILLISECONDS = 10.0
"""Of a map's data, where it is promised not to grow with the city."""

BY_DEMO = 10_000
"""So many issues are written by the demonstration; a larger city is made of copies."""

serial = count(int(time.time()) % 100_000 * 1000)


@dataclass
class Line:
    """A row of the table: milliseconds at each number of issues; `most` bounds the last over the first, if anything does."""

    name: str
    most: float | None
    times: dict[int, float] = field(default_factory=dict)
    size: int = 0

    @property
    def ratio(self) -> float:
        first, *_, last = self.times.values()
        return last / first


def least(work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> float:
    """Milliseconds of the quickest run: what the work takes where nothing else wants the processor. The first three warm up."""
    times = []
    for _ in range(REPEATS + 3):
        before()
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return min(times[3:])


class Submitting:
    """An issue by its action against the plain insert of the same row, each in a transaction of its own."""

    def __init__(self, city: IssueIndexPage) -> None:
        self.city = city
        self.categories = [Category.objects.get(code="3.8")]
        self.place = city.config.centre_point
        self.author: Any = None

    def new_author(self) -> None:
        """Outside the clock: many reports of one person are held."""
        self.author = User.objects.create(email=f"measure-{next(serial)}@people.example")
        citizen = Citizen(user=self.author)
        citizen.accept_terms()
        citizen.save()

    def submit(self) -> None:
        report = Report(
            "Яма біля переходу", "Глибока яма, небезпечно.", self.categories, self.place, "вул. Шевченка, 14"
        )
        submit_issue(self.city, report, author=self.author)

    def insert(self) -> None:
        number = OUT_OF_THE_WAY + next(serial)
        issue = IssuePage(
            title="Яма біля переходу",
            draft_title="Яма біля переходу",
            slug=str(number),
            number=number,
            city=self.city,
            description="Глибока яма, небезпечно.",
            address="вул. Шевченка, 14",
            author=self.author,
            live=False,
            submitted_at=timezone.now(),
            path=f"ZZZZ{number:012d}",
            depth=4,
            url_path=f"/{number}/",
            locale_id=self.city.locale_id,
            content_type_id=self.city.content_type_id,
        )
        issue.place_at(self.place)
        with transaction.atomic():
            # Past Wagtail's own save: the two rows of a page and nothing else.
            models.Model.save_base(issue, force_insert=True)

    def clear(self) -> None:
        rows = IssuePage.objects.filter(number__gte=OUT_OF_THE_WAY).order_by()
        pages = list(rows.values_list("pk", flat=True))
        rows._raw_delete(rows.db)
        Page.objects.filter(pk__in=pages).order_by()._raw_delete(rows.db)

    def measure(self) -> tuple[float, float]:
        """Milliseconds of the action and of the insert."""
        action = least(self.submit, self.new_author)
        plain = least(self.insert)
        self.clear()
        return action, plain


def fill(number: int) -> IssueIndexPage:
    """The demonstration town with so many issues."""
    started = time.monotonic()
    call_command("opencity_demo", issues=min(number, BY_DEMO), seed=1, verbosity=0, stdout=sys.stderr)
    if number > BY_DEMO:
        grow(IssueIndexPage.objects.get(), number)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the server does it by itself after a while
    sys.stderr.write(f"{number} issues after {time.monotonic() - started:.0f} s\n")
    return IssueIndexPage.objects.get()


def work(lines: dict[str, Line], number: int) -> None:
    """Time each desk as a member of its organisation opens it."""
    for name, slug, query, most in DESKS:
        line = lines.setdefault(name, Line(name, most))
        client = Client()
        client.force_login(Membership.objects.live().filter(organisation__slug=slug).first().user)
        address = f"/organisations/{slug}/cabinet/{query}"

        def ask(client: Client = client, address: str = address, line: Line = line) -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                sys.exit(f"{address}: {answer.status_code}")
            line.size = max(line.size, len(answer.content))

        line.times[number] = least(ask)


def read(lines: dict[str, Line], number: int) -> None:
    """Time each page as a visitor who is not signed in asks for it."""
    client = Client()
    shown = IssuePage.objects.published().order_by("-number").first()
    for name, address, most in [*PAGES, ("card", shown.get_absolute_url(), 2.0)]:
        line = lines.setdefault(name, Line(name, most))

        def ask(address: str = address, line: Line = line) -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                sys.exit(f"{address}: {answer.status_code}")
            line.size = max(line.size, len(answer.content))

        line.times[number] = least(ask, cache.clear)


def show(lines: list[Line], submits: dict[int, tuple[float, float]], small: int, large: int) -> None:
    say = sys.stdout.write
    say(f"\n{connection.vendor}; milliseconds, the least of {REPEATS} runs\n\n")
    say(f"{'submitting an issue':<40}{'action':>9}{'insert':>9}{'ratio':>8}  aim\n")
    for number, (action, plain) in submits.items():
        verdict = "holds" if action <= 10 * plain else "MISSED"
        say(f"{f'  at {number:,} issues':<40}{action:>9.1f}{plain:>9.1f}{action / plain:>8.1f}  ≤ 10: {verdict}\n")
    say(f"\n{'reading':<40}{f'{small:,}':>9}{f'{large:,}':>9}{'ratio':>8}{'bytes':>9}  aim\n")
    for line in lines:
        first, last = line.times[small], line.times[large]
        aims = [] if line.most is None else [f"≤ {line.most:g}×: {'holds' if line.ratio <= line.most else 'MISSED'}"]
        if line.name.startswith("map data"):
            aims.append(f"≤ 40 KB: {'holds' if line.size <= WITHIN_BYTES else 'MISSED'}")
            if line.most is not None:
                aims.append(f"≤ 10 ms: {'holds' if last <= WITHIN_MILLISECONDS else 'MISSED'}")
        say(f"{line.name:<40}{first:>9.1f}{last:>9.1f}{line.ratio:>8.1f}{line.size:>9}  {', '.join(aims)}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="issues of the small city (default: 1,000)")
    parser.add_argument("--large", type=int, default=100_000, help="issues of the large city (default: 100,000)")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    if IssuePage.objects.exists():
        sys.exit("This database has issues already: give an empty one.")
    lines: dict[str, Line] = {}
    submits = {0: Submitting(fill(0)).measure()}
    fill(options.small)
    read(lines, options.small)
    work(lines, options.small)
    city = fill(options.large)
    read(lines, options.large)
    work(lines, options.large)
    submits[options.large] = Submitting(city).measure()
    show(list(lines.values()), submits, options.small, options.large)


if __name__ == "__main__":
    main()
