"""A city with its settings and all its files at once: everything of it, or nothing and the faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Site

from opencity_issues.actions.city.city_file import KEY_OF_FIELD, CityFault, CitySaid
from opencity_issues.actions.city.imports.plan import Plan
from opencity_issues.actions.city.imports.run import KINDS, run_import
from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.models import CalendarDay, CitySettings, IssueIndexPage

NAME_LENGTH = 120


@dataclass
class SetUp:
    """What came of it: the city, None where there are faults; what each file did; faults of keys and of files."""

    city: IssueIndexPage | None = None
    plans: dict[str, Plan] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def set_up_whole_city(site: Site, said: CitySaid, contents: Mapping[str, bytes], *, dry_run: bool = False) -> SetUp:
    """Set a site's city up as it says of itself, and import its files (`contents` by kind) in the order of KINDS.

    Safe to repeat. Each file is planned on what those before it have written, so at the first one with faults the rest
    are not looked at.
    """
    made = SetUp(faults=[str(fault) for fault in said.faults])
    with transaction.atomic():
        for code in said.languages:
            Locale.objects.get_or_create(language_code=code)
        name = said.fields.get("city_name", "")
        made_city = set_up_city(site, name=name if len(name) <= NAME_LENGTH else "")
        # Read afresh: what listens to the new city may have changed its page and its settings.
        city = IssueIndexPage.objects.get(pk=made_city.pk)
        made.faults += [str(fault) for fault in _keep_settings(city.config, said)]
        for kind in KINDS:
            if kind in contents and not made.faults:
                plan = made.plans[kind] = run_import(kind, city, contents[kind])
                made.faults += [f"{said.files.get(kind, kind)}: {fault}" for fault in plan.faults]
        transaction.set_rollback(bool(made.faults) or dry_run)
    made.city = None if made.faults else city
    return made


def _keep_settings(settings: CitySettings, said: CitySaid) -> list[CityFault]:
    """Write what was said into the city's settings; returns the faults that only the settings themselves know of."""
    for name, value in said.fields.items():
        setattr(settings, name, value.upper() if name == "country" else value)
    if "west" in said.fields and "centre" not in said.fields and not settings.contains(*settings.centre_point):
        # Another city's bounds around the old centre: its middle is the better guess.
        settings.centre = ""
    faults = []
    if settings.centre and not settings.contains(*settings.centre_point):
        faults.append(CityFault("map.centre", _("the centre lies outside the bounds")))
    try:
        settings.full_clean(exclude=["city", *(["centre"] if not settings.centre else [])])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            faults.append(CityFault(KEY_OF_FIELD.get(name, name), " ".join(messages).rstrip(".")))
    if not faults:
        settings.save()
        for day, is_working in said.days.items():
            CalendarDay.objects.update_or_create(settings=settings, date=day, defaults={"is_working": is_working})
    return faults
