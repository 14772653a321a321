"""The ready-written texts of the control body's warning and the moderator's repeated message (4.3, 4.4).

A city can write its own in its settings; what stands in braces is filled in for each issue.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WARNING: Promise = _(
    "Urgent warning of the control body. {organisation}: by {day} the following was due on issue No. {number} “{title}”: "
    "{what} (clause {clause}). The deadline has passed. Please do this without delay, or tell the author the justified "
    "reasons why it cannot be done now."
)
REPEATED: Promise = _(
    "Repeated message of the moderator. {organisation}: issue No. {number} “{title}” was sent to you, and by {day} the "
    "following was due: {what} (clause {clause}). It has not been done. Please deal with the issue without delay. An issue "
    "that nobody accepts the control body may take into work itself (clause 3.2)."
)

PLACEHOLDERS: Mapping[str, Promise] = {
    "number": _("number of the issue"),
    "title": _("its title"),
    "organisation": _("name of the organisation"),
    "clause": _("clause of the missed deadline"),
    "day": _("its last day"),
    "what": _("what the clause asks for"),
}
"""What may stand in braces in a text, and what takes its place."""

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; one that is not known stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def wrong_placeholders(text: str) -> list[str]:
    """What stands in braces and is no placeholder, and braces that have no partner."""
    unknown = [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in PLACEHOLDERS]
    return unknown + re.findall(r"[{}]", _PLACEHOLDER.sub("", text))
