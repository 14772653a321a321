"""What a new city needs before people use it, and what of it is still missing (2.1–2.9, and the decision itself)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opencity_issues import conf
from opencity_issues.models import (
    BackupRecord,
    CityScheme,
    CitySettings,
    FirstRunTick,
    IssueIndexPage,
    Membership,
    Notice,
    Organisation,
)
from opencity_issues.models.base_map import BaseMap
from opencity_issues.queries.matrix.checks import check_matrix
from opencity_issues.queries.matrix.matrix import read_matrix
from opencity_issues.queries.operation import BACKUP_LATE, runs
from opencity_issues.signals import first_run_items

NAMES_SHOWN = 5

TICKED = {
    "calendar": gettext_lazy("The calendar is looked through: days off of the year, martial law, time zone"),
    "terms_read": gettext_lazy("The terms of use and the privacy notice are read and fit this city"),
    "person": gettext_lazy("A worker responsible for the System is named and has been trained, as the decision asks"),
}
"""What only a person can say is done, by key."""

MAIL = "mail"
"""Key of the tick that a letter of trial leaves."""


@dataclass(frozen=True)
class Item:
    """One thing. `missing` says what to do where it is not done; `url` leads to where; `ticks` if a person says so."""

    key: str
    what: Any
    done: bool
    missing: Any = ""
    url: str = ""
    ticks: bool = False


@dataclass(frozen=True)
class FirstRun:
    """The list of one city."""

    city: IssueIndexPage
    items: Sequence[Item]

    @property
    def open(self) -> list[Item]:
        """What is still missing."""
        return [item for item in self.items if not item.done]


def first_run(city: IssueIndexPage, now: datetime | None = None) -> FirstRun:
    """Everything that a city needs, done or not, in the order in which it is best done. The same few queries always."""
    now = now or timezone.now()
    ticks = set(FirstRunTick.objects.filter(city=city).values_list("key", flat=True))
    more = [item for _receiver, items in first_run_items.send(sender=IssueIndexPage, city=city) for item in items]
    items = [*_settings(city), *_organisations(city), *_matrix(city), *_site(city, ticks, now), *more]
    calendar = reverse("opencity_admin_city:calendar", args=[city.config.pk])
    places = {"calendar": calendar, "terms_read": city.config.terms_url}
    items += [
        Item(key, what, key in ticks, _("Tick it when it is done."), places.get(key, ""), ticks=True)
        for key, what in TICKED.items()
    ]
    return FirstRun(city, items)


def open_first_runs(now: datetime | None = None) -> list[FirstRun]:
    """The lists of the cities in which something is missing."""
    lists = [first_run(city, now) for city in IssueIndexPage.objects.select_related("city_settings").order_by("pk")]
    return [one for one in lists if one.open]


def _settings(city: IssueIndexPage) -> Iterator[Item]:
    config = city.config
    at = reverse("opencity_admin_city:edit", args=[config.pk])
    default = CitySettings()
    has_scheme = CityScheme.objects.filter(city=city).exists()
    named = config.city_name not in ("", default.city_name)
    yield Item("name", _("The city has its name"), named, _("Write the name that people read."), at)
    placed = has_scheme or config.bounds != default.bounds
    words = _("Set the centre and the bounds: they still are those that the System comes with.")
    yield Item("place", _("The map shows the city"), placed, words, at)
    drawn = has_scheme or config.base_map != BaseMap.SCHEME
    words = _("Bring in the city's scheme as GeoJSON, or choose tiles.")
    yield Item("map", _("There is a map under the issues"), drawn, words, at)
    words = _("Write the mailbox that gets a copy of every new issue (3.4).")
    yield Item("mailbox", _("The control department has its mailbox"), bool(config.control_mailbox), words, at)
    words = _("Write the address to which people turn for help.")
    yield Item("support", _("There is a support address"), bool(config.support_email), words, at)
    words = _("Write the address of the page to which people agree.")
    yield Item("terms", _("There is a page with the terms of use"), bool(config.terms_url), words, at)


def _organisations(city: IssueIndexPage) -> Iterator[Item]:
    at = reverse("opencity_admin_organisations:list")
    everyone = list(Organisation.objects.active().filter(city=city))
    staffed = set(
        Membership.objects.live().filter(organisation__city=city).values_list("organisation_id", flat=True).distinct()
    )

    def ready(one: Organisation) -> bool:
        return bool(one.mailbox) and one.pk in staffed

    control = any(ready(one) for one in everyone if one.is_control_body)
    words = _("Enter it as an organisation with that function, a mailbox and a member (2.9).")
    yield Item("control", _("There is a control body with people and mailbox"), control, words, at)
    moderator = any(ready(one) for one in everyone if one.is_moderator)
    words = _("Enter the NGO as an organisation with that function, a mailbox and a member (2.5).")
    yield Item("moderator", _("There is a moderator with people and mailbox"), moderator, words, at)
    executors = [one for one in everyone if one.is_executor]
    words = _("Enter them one by one, or bring in a table.")
    yield Item("executors", _("There are organisations that solve issues"), bool(executors), words, at)
    for key, what, lacking in (
        (
            "workers",
            _("Each of them has a responsible worker (2.4)"),
            [one for one in executors if one.pk not in staffed],
        ),
        ("mailboxes", _("Each of them has a mailbox (3.4)"), [one for one in executors if not one.mailbox]),
    ):
        yield Item(key, what, bool(executors) and not lacking, _names(lacking), at)


def _names(lacking: Sequence[Organisation]) -> str:
    if not lacking:
        return ""
    names = ", ".join(one.name for one in lacking[:NAMES_SHOWN])
    more = len(lacking) - NAMES_SHOWN
    words = _("Missing at: %(names)s") % {"names": names}
    return words + (" " + _("and %(count)d more") % {"count": more} if more > 0 else "") + "."


def _matrix(city: IssueIndexPage) -> Iterator[Item]:
    nobody = sum(finding.kind == "nobody" for finding in check_matrix(read_matrix(city)))
    words = ngettext(
        "%(count)d category or branch has nobody: its issues would wait for the control body's hand.",
        "%(count)d categories or branches have nobody: their issues would wait for the control body's hand.",
        nobody,
    )
    at = reverse("opencity_admin_responsibilities:grid")
    yield Item("matrix", _("The matrix covers each category (3.6)"), not nobody, words % {"count": nobody}, at)


def _site(city: IssueIndexPage, ticks: set[str], now: datetime) -> Iterator[Item]:
    at = reverse("opencity_admin_operation:index")
    works = not any(run.is_late for run in runs(now))
    words = _("Start it beside the web server: python manage.py qcluster")
    yield Item("worker", _("The worker runs"), works, words, at)
    site = city.get_site()
    has_address = bool(conf.get("OPENCITY_BASE_URL")) or (site is not None and site.hostname != "localhost")
    words = _("Write the host's name in Wagtail, under Settings → Sites: letters lead there.")
    yield Item("address", _("Links in letters lead to this site"), has_address, words, reverse("wagtailsites:index"))
    tried = MAIL in ticks or Notice.objects.filter(sent_at__isnull=False).exists()
    words = _("Send a letter to yourself from the list's page.")
    yield Item(MAIL, _("A letter has left"), tried, words, reverse("opencity_admin_first_run:index"))
    backup = BackupRecord.objects.first()
    made = backup is not None and backup.made_at >= now - BACKUP_LATE
    words = _("Make one each night: python manage.py opencity_backup FILE")
    yield Item("backup", _("There is a backup of the last two days"), made, words, at)
