"""What an executor without an account fills in on the page of the private link (4.4, 4.5)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opencity_issues.forms.cabinet import ManyFilesField, long_text
from opencity_issues.forms.work import planned_day
from opencity_issues.models import Media


class ExecutorForm(forms.Form):
    """Base: `kept` are the files already let in, which an error does not lose."""

    do = ""
    kept: list[Media]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.do}-%s", **kwargs)
        self.kept = []


class DoneForm(ExecutorForm):
    do = "done"
    text = long_text(_("What was done"))
    files = ManyFilesField(
        label=_("Photos or video of the result"),
        required=False,
        help_text=_("JPEG, PNG, WebP or HEIC, up to 10 MB each; MP4 or WebM, up to 50 MB."),
    )


class AskForm(ExecutorForm):
    do = "ask"
    text = long_text(
        _("Question to the author"), _("Public: everyone sees it on the card. The author gets it by e-mail.")
    )


class ExplainForm(ExecutorForm):
    do = "explain"
    text = long_text(_("Explanation"), _("Public: everyone sees it on the card. The author gets it by e-mail."))
    planned_date = planned_day()
    explains = forms.BooleanField(label=_("These are justified reasons why it cannot be solved now"), required=False)
