"""Questions at a terminal that a city answers about itself: each until it is right, empty to leave it as it is."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from opencity_issues.actions.city.city_file import KEYS, CitySaid, Wrong, take
from opencity_issues.actions.city.imports.run import KINDS


def ask_for_city(say: Callable[[str], object], ask: Callable[[str], str]) -> CitySaid:
    """Ask for the settings that a city cannot do without, and for its files."""
    said = CitySaid()
    say(_("Press Enter to leave something as it is. All of this can be changed in the admin later."))
    for key in KEYS:
        if key.question:
            _ask(said, key.name, f"{key.question}: ", say, ask)
    for kind, row in KINDS.items():
        _ask(said, f"files.{kind}", _("File – %(what)s: ") % {"what": row.label}, say, ask)
    return said


def _ask(said: CitySaid, name: str, question: str, say: Callable[[str], object], ask: Callable[[str], str]) -> None:
    while answer := ask(question).strip():
        try:
            take(said, name, answer)
        except Wrong as error:
            say(f"  {error}.")
        else:
            return
