"""Forms about the responsibility matrix: a table to read in, and an issue that is only imagined."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.submit_issue import CATEGORIES_AT_MOST
from opencity_issues.models import Category
from opencity_issues.models.place import parse_point


class MatrixFileForm(forms.Form):
    """A table, and whether it completes the matrix or takes its place."""

    file = forms.FileField(
        label=_("Table (CSV or XLSX)"),
        help_text=_(
            "With the columns category and organisation: codes and short names, separated by semicolons or commas."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
    )
    way = forms.ChoiceField(
        label=_("What the table says"),
        choices=[
            ("add", _("adds to the matrix; rows that are there stay")),
            ("replace", _("is the whole matrix; rows that it leaves out go")),
        ],
        initial="add",
        widget=forms.RadioSelect,
    )


class WhereToForm(forms.Form):
    """Categories, and a place if it matters; read from the address, since nothing is changed by asking."""

    use_required_attribute = False

    categories = forms.ModelMultipleChoiceField(
        queryset=Category.objects.all(),
        to_field_name="code",
        label=_("Categories"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one category."),
            "invalid_choice": _("There is no such category. Please choose another."),
            "invalid_pk_value": _("There is no such category. Please choose another."),
        },
    )
    place = forms.CharField(
        label=pgettext_lazy("of an issue", "Place"),
        required=False,
        max_length=100,
        help_text=_("Latitude and longitude in degrees, as in 51.344, 25.853. It tells the district."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
    )

    def clean_categories(self) -> list[Category]:
        chosen = list(self.cleaned_data["categories"])
        if len(chosen) > CATEGORIES_AT_MOST:
            raise forms.ValidationError(
                _("Choose at most %(count)d categories."), params={"count": CATEGORIES_AT_MOST}, code="too_many"
            )
        return chosen

    def clean_place(self) -> Any:
        """(lng, lat) in WGS 84 degrees, or None."""
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        found = parse_point(text) or parse_point(_as_point(text))
        if found is None:
            raise forms.ValidationError(_("Write latitude and longitude in degrees, as in 51.344, 25.853."))
        return found


def _as_point(text: str) -> str:
    """What people write, latitude first, in the form that `parse_point` reads."""
    parts = text.replace(";", " ").replace(", ", " ").split() if " " in text or ";" in text else text.split(",")
    return f"POINT({parts[1].replace(',', '.')} {parts[0].replace(',', '.')})" if len(parts) == 2 else ""
