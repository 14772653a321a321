"""The signs that a category can have, chosen in the admin by looking at them."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TABLES = ("data/categories.csv", "data/category_icons.csv")
"""The categories of 3.5 with theirs, and what other cities' own categories may need besides."""


@cache
def offered_icons() -> dict[str, dict[str, str]]:
    """The set to choose from: icon → its name in each language."""
    offered = {}
    for table in TABLES:
        with files("opencity_issues").joinpath(table).open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                offered[row["icon"]] = {"uk": row["name_uk"], "en": row["name_en"]}
    return offered


class IconChoice(forms.RadioSelect):
    """One of the offered icons, one that the category has from elsewhere, or none."""

    template_name = "opencity_issues/admin/icon_choice.html"
    option_template_name = "opencity_issues/admin/icon_option.html"

    class Media:
        css = {"all": ("opencity_issues/css/icon-choice.css",)}

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        """The choices in the reader's language, with whatever the category has now among them."""
        language = "en" if get_language() == "en" else "uk"
        icons = {icon: names[language] for icon, names in offered_icons().items()}
        own = {icon: icon for icon in value if icon and icon not in icons}
        self.choices = [("", _("None, a plain tag")), *own.items(), *icons.items()]
        return super().optgroups(name, value, attrs)
