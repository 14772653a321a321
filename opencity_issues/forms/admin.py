"""Forms of the admin: what Django's model forms cannot check by themselves."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from opencity_issues.models import CalendarDay, Category, CitySettings, Organisation, Responsibility
from opencity_issues.models.place import parse_point
from opencity_issues.models.settings import CityScheme
from opencity_issues.procedure.letters.messages import PLACEHOLDERS, REPEATED, WARNING

SCHEME_BYTES = 5 * 1024 * 1024


def checked_place(text: str) -> str:
    """The place as it was written, or an error where it is none. An empty one stays empty."""
    if text and parse_point(text) is None:
        raise forms.ValidationError(_("Choose the place on the map."))
    return text


class OrganisationForm(WagtailAdminModelForm):
    def clean_location(self) -> str:
        return checked_place(self.cleaned_data["location"])


class CitySettingsForm(WagtailAdminModelForm):
    """A city's settings, with its scheme as a file instead of a field of a million characters."""

    scheme_file = forms.FileField(
        label=_("New scheme of the city"),
        required=False,
        help_text=_("A GeoJSON file of at most 5 MB. It takes the place of the scheme that the map is drawn from."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blanks = "; ".join(f"{{{name}}} — {words}" for name, words in PLACEHOLDERS.items())
        for name, text in (("warning_text", WARNING), ("repeated_text", REPEATED)):
            if name in self.fields:
                self.fields[name].help_text = _("What is in braces is filled in: %(blanks)s. Empty: “%(text)s”") % {
                    "blanks": blanks,
                    "text": text,
                }

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        return country.upper()

    def clean_centre(self) -> str:
        return checked_place(self.cleaned_data["centre"])

    def clean_scheme_file(self) -> Any:
        file = self.cleaned_data["scheme_file"]
        if not file:
            return None
        if file.size > SCHEME_BYTES:
            raise forms.ValidationError(_("This file is larger than 5 MB."))
        try:
            scheme = json.loads(file.read())
        except ValueError:
            scheme = None
        if (
            not isinstance(scheme, dict)
            or scheme.get("type") != "FeatureCollection"
            or not isinstance(scheme.get("features"), list)
        ):
            raise forms.ValidationError(_("This is no GeoJSON file with a collection of features."))
        return scheme

    def save(self, commit: bool = True) -> CitySettings:
        settings: CitySettings = super().save(commit)
        scheme = self.cleaned_data.get("scheme_file")
        if scheme and commit:
            CityScheme.objects.update_or_create(city_id=settings.city_id, defaults={"features": scheme})
        return settings


class CalendarDayForm(forms.ModelForm):
    class Meta:
        model = CalendarDay
        fields = ("date", "is_working", "name")
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


CalendarDays = forms.inlineformset_factory(CitySettings, CalendarDay, form=CalendarDayForm, extra=3)


class CategoryChoices(forms.ModelMultipleChoiceField):
    """Categories as check boxes, set in by their level of the tree."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, category: Category) -> str:
        return f"{'— ' * (category.depth - 1)}{category}"


class ResponsibilitiesForm(forms.Form):
    """Several rows of the matrix at once: one organisation answers for these categories."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.active())
    categories = CategoryChoices(
        label=_("Categories"),
        queryset=Category.objects.all(),
        help_text=_("A category without a row of its own goes where its parent goes (3.6)."),
    )

    def save(self) -> int:
        """Add the rows that are missing; returns how many."""
        organisation = self.cleaned_data["organisation"]
        chosen = self.cleaned_data["categories"].exclude(responsibilities__organisation=organisation)
        rows = [Responsibility(category=category, organisation=organisation) for category in chosen]
        Responsibility.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
