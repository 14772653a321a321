"""What an organisation's history in the admin says about a change of its rows in the responsibility matrix."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter


class MatrixTrace(LogFormatter):
    """Names the categories by their codes: they may have gone since."""

    label = gettext_lazy("Change the responsibility matrix")

    def format_message(self, log_entry: Any) -> str:
        said = []
        if added := log_entry.data.get("added"):
            said.append(_("Answers for %(codes)s now") % {"codes": ", ".join(added)})
        if removed := log_entry.data.get("removed"):
            said.append(_("Answers no longer for %(codes)s") % {"codes": ", ".join(removed)})
        return "; ".join(said)
