"""The demonstration town itself: its settings, organisations, matrix, and people with the password "demo"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from shapely import prepared
from shapely.geometry import Point, shape

from opencity_issues.actions.city.draw_districts import draw_districts
from opencity_issues.actions.route_issue import receivers
from opencity_issues.demo.gazetteer import load_gazetteer
from opencity_issues.demo.material import Material, Text
from opencity_issues.models import (
    Category,
    Citizen,
    CityScheme,
    IssueIndexPage,
    Membership,
    Organisation,
    Responsibility,
)
from opencity_issues.models.place import format_point

CITY_NAME = "Відкрите"
PASSWORD = "demo"  # noqa: S105 -- the demonstration tells it to everybody
DOMAIN = "demo.opencity.example"


@dataclass
class Town:
    """The loaded town, with its people and organisations by their short names."""

    city: IssueIndexPage
    material: Material
    people: dict[str, Any]
    organisations: dict[str, Organisation]
    categories: dict[str, Category]
    _outlines: list[tuple[int, Any]] | None = None

    @property
    def residents(self) -> list[Any]:
        """Everybody who only lives here, in a fixed order; citizen@ is not among them."""
        return [user for name, user in self.people.items() if name == "neighbour" or name.startswith("resident")]

    def receivers(self, text: Text) -> list[Organisation]:
        """To whom the matrix sends such an issue."""
        return receivers(self.city, [self.categories[code] for code in text.categories])

    def district_at(self, location: tuple[float, float] | None) -> int | None:
        """The key of the district that a place lies in; the outlines are read once."""
        if location is None:
            return None
        if self._outlines is None:
            self._outlines = [(one.pk, prepared.prep(shape(one.outline))) for one in self.city.districts.all()]
        return next((key for key, outline in self._outlines if outline.covers(Point(*location))), None)

    def codes_of(self, organisation: Organisation, text: Text) -> list[str]:
        """The categories of a text that are this organisation's, or all where it was assigned by hand."""
        own = [code for code in text.categories if organisation in receivers(self.city, [self.categories[code]])]
        return own or list(text.categories)


def load_town(city: IssueIndexPage, material: Material, now: datetime) -> Town:
    """Make the town's settings, organisations, matrix and people, or complete what is missing."""
    with transaction.atomic():
        _set_up(city, material)
        categories = {category.code: category for category in Category.objects.all()}
        organisations = {row["slug"]: _organisation(city, row) for row in material.table("organisations.csv")}
        for row in material.table("matrix.csv"):
            Responsibility.objects.get_or_create(
                category=categories[row["category"]], organisation=organisations[row["organisation"]]
            )
        people = _people(material.table("people.csv"), organisations, now)
    return Town(city, material, people, organisations, categories)


def _set_up(city: IssueIndexPage, material: Material) -> None:
    settings = city.config
    west, south, east, north = material.scheme["bbox"]
    settings.city_name = CITY_NAME
    settings.centre = format_point(25.853, 51.344)
    settings.west, settings.south, settings.east, settings.north = west, south, east, north
    CityScheme.objects.update_or_create(city=city, defaults={"features": material.scheme})
    settings.control_mailbox = f"control@{DOMAIN}"
    settings.support_email = f"support@{DOMAIN}"
    settings.save()
    draw_districts(city)
    load_gazetteer(city, material)


def _organisation(city: IssueIndexPage, row: dict[str, str]) -> Organisation:
    functions = row["functions"].split(";")
    organisation, _created = Organisation.objects.get_or_create(
        city=city,
        slug=row["slug"],
        defaults={
            "name_uk": row["name_uk"],
            "name_en": row["name_en"],
            "is_executor": "executor" in functions,
            "is_control_body": "control" in functions,
            "is_moderator": "moderator" in functions,
            "mailbox": row["mailbox"],
            "phone": row["phone"],
            "address": row["address"],
            "location": format_point(float(row["lng"]), float(row["lat"])),
            "head_position": row["head_position_uk"],
            "head_email": row["head_email"],
        },
    )
    return organisation


def _people(rows: Iterable[dict[str, str]], organisations: dict[str, Organisation], now: datetime) -> dict[str, Any]:
    # Hashed once: a slow hash for each of thirty accounts would take longer than the rest of the town.
    password = make_password(PASSWORD)
    people = {}
    for row in rows:
        user = _account(row, password)
        people[row["email"].partition("@")[0]] = user
        citizen, _created = Citizen.objects.get_or_create(user=user)
        if not citizen.has_accepted_terms:
            citizen.accept_terms()
            citizen.show_name = row["show_name"] == "yes"
            citizen.save()
        for slug in row["memberships"].split(";") if row["memberships"] else ():
            Membership.objects.get_or_create(
                organisation=organisations[slug],
                user=user,
                left_at=None,
                defaults={"position": row["position"], "joined_at": now - timedelta(days=400)},
            )
    return people


def _account(row: dict[str, str], password: str) -> Any:
    """The account of a row, verified so that it can sign in at once."""
    model = get_user_model()
    user = model.objects.filter(email=row["email"]).first()
    if user is None:
        first, _space, last = row["display_name"].partition(" ")
        user = model(email=row["email"], first_name=first, last_name=last, password=password)
        if model.USERNAME_FIELD != "email":
            setattr(user, model.USERNAME_FIELD, row["email"])
        user.is_staff = user.is_superuser = row["role"] == "operator"
        user.save()
    if row["role"] == "editor":
        # The content's own group, or in a host without it the one that Wagtail's migrations make.
        editors = Group.objects.filter(name__in=("Open City editors", "Editors")).order_by("-name").first()
        if editors is not None:
            user.groups.add(editors)
    if apps.is_installed("allauth.account"):
        apps.get_model("account", "EmailAddress").objects.get_or_create(
            user=user, email=row["email"], defaults={"verified": True, "primary": True}
        )
    return user
