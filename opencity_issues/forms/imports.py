"""The form by which the operator brings in a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.city.imports.run import KINDS
from opencity_issues.models import IssueIndexPage

BYTES_AT_MOST = 10 * 1024 * 1024


class ImportForm(forms.Form):
    """A city, what the file holds, and the file."""

    city = forms.ModelChoiceField(queryset=IssueIndexPage.objects.all(), label=_("City"), empty_label=None)
    kind = forms.ChoiceField(label=_("What the file holds"), choices=[(name, one.label) for name, one in KINDS.items()])
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with semicolons, commas or tabs, in UTF-8, UTF-16 or Windows-1251; an XLSX workbook, of which the first "
            "sheet is read; GeoJSON for districts and places. At most 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.json,.geojson"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("This file is empty."),
        },
    )
    replace = forms.BooleanField(
        label=_("Take out what the file leaves out"),
        required=False,
        help_text=_("Possible for categories, matrix, districts and places. Organisations and people always stay."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = list(IssueIndexPage.objects.all()[:2])
        if len(cities) == 1:
            self.fields["city"].widget = forms.HiddenInput()
            self.fields["city"].initial = cities[0]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_AT_MOST:
            raise forms.ValidationError(_("This file is larger than 10 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("replace") and "kind" in given and not KINDS[given["kind"]].replaces:
            self.add_error("replace", _("This kind of file never takes anything out."))
        return given
