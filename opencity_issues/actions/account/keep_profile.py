"""What a person says about him- or herself: the name, whether it is shown, the language of letters."""

from typing import Any

from opencity_issues.models import Citizen

NAME_LENGTH = 100
_COLUMNS = ("first_name", "last_name")


def has_name(user: Any) -> bool:
    """Whether the host's account keeps a name in Django's two columns; others change names in their own way."""
    known = {field.name for field in user._meta.get_fields()}
    return known.issuperset(_COLUMNS)


def keep_name(user: Any, name: str) -> None:
    """A name as people write it becomes the two columns that Django has for it."""
    first, _space, last = " ".join(name.split()).partition(" ")
    user.first_name, user.last_name = first[:150], last[:150]
    user.save(update_fields=list(_COLUMNS))


def keep_profile(user: Any, *, show_name: bool, language: str, name: str | None = None) -> Citizen:
    """Keep what was said; `name` of None leaves the name alone."""
    if name is not None and has_name(user):
        keep_name(user, name)
    citizen = Citizen.objects.get_or_create(user=user)[0]
    citizen.show_name, citizen.language = show_name, language
    citizen.save(update_fields=["show_name", "language"])
    return citizen
