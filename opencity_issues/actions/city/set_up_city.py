"""Bringing the package into a site: the city's index page, the taxonomy of 3.5, the schedules. Safe to repeat."""

import csv
from importlib.resources import files

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Site

from opencity_issues import schedules
from opencity_issues.models import Category, CitySettings, IssueIndexPage
from opencity_issues.models.category import code_order
from opencity_issues.procedure.moderation import DEFAULT_STOP_WORDS
from opencity_issues.signals import city_set_up

TAXONOMY = "data/categories.csv"
EVERYDAY_WORDS = "data/everyday_words.csv"


def set_up_city(site: Site, *, name: str = "") -> IssueIndexPage:
    """The index page of a site with its settings, made where it is missing; categories and schedules besides."""
    with transaction.atomic():
        load_categories()
        city = IssueIndexPage.of_site(site, published=False) or _add_index(site)
        settings, _created = CitySettings.objects.get_or_create(
            city=city, defaults={"stop_words": "\n".join(DEFAULT_STOP_WORDS)}
        )
        if name and settings.city_name != name:
            settings.city_name = name
            settings.save(update_fields=["city_name"])
        schedules.install()
        city_set_up.send(sender=IssueIndexPage, city=city, site=site)
    return city


def load_categories() -> int:
    """Add the categories of clause 3.5 that are missing; returns how many. What a city has changed stays changed."""
    known = dict(Category.objects.values_list("code", "pk"))
    with files("opencity_issues").joinpath(TAXONOMY).open(encoding="utf-8") as table:
        missing = [row for row in csv.DictReader(table) if row["code"] not in known]
    for level in range(Category.MAX_DEPTH):
        made = Category.objects.bulk_create(
            Category(
                code=row["code"],
                parent_id=known.get(row["parent"]),
                name_uk=row["name_uk"],
                name_en=row["name_en"],
                icon=row["icon"],
                order=code_order(row["code"]),
            )
            for row in missing
            if row["code"].count(".") == level
        )
        known |= {category.code: category.pk for category in made}
    fill_everyday_words()
    return len(missing)


def fill_everyday_words() -> int:
    """Give the categories without everyday words the shipped ones; returns how many. A city's own words stay."""
    bare = list(Category.objects.filter(words=""))
    shipped = shipped_words() if bare else {}
    for category in bare:
        category.words = shipped.get(category.code, "")
    Category.objects.bulk_update([one for one in bare if one.words], ["words"])
    return sum(bool(one.words) for one in bare)


def shipped_words() -> dict[str, str]:
    """By code, what people call the categories of 3.5: good for any Ukrainian city."""
    with files("opencity_issues").joinpath(EVERYDAY_WORDS).open(encoding="utf-8") as table:
        return {row["code"]: row["words"] for row in csv.DictReader(table)}


def _add_index(site: Site) -> IssueIndexPage:
    with override(site.root_page.locale.language_code):
        title = _("Issues")
    taken = site.root_page.get_children().filter(slug="issues").exists()
    page = IssueIndexPage(title=title, slug="city-issues" if taken else "issues", locale=site.root_page.locale)
    return site.root_page.add_child(instance=page)
