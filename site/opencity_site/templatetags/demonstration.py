"""The accounts of the demonstration, for its sign-in page: whoever tries it comes in by one touch. None elsewhere."""

from typing import NamedTuple

from django import template
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_site.checks import DEMONSTRATION_DOMAIN

register = template.Library()


class Account(NamedTuple):
    """An account's address and who it is; all have the password "demo"."""

    email: str
    who: Promise


WHO = (
    ("citizen", _("Resident")),
    ("neighbour", _("Another resident")),
    ("roads", _("Responsible worker, road service")),
    ("lighting", _("Responsible worker, street lighting")),
    ("housing", _("Responsible worker, housing")),
    ("control", _("Control body")),
    ("moderator", _("Moderator")),
    ("editor", _("Editor of the news")),
    ("operator", _("Operator of the installation")),
)


@register.simple_tag
def demonstration_accounts() -> list[Account]:
    """Every one that `opencity_demo` makes, citizens first; empty outside the demonstration."""
    if not settings.DEMONSTRATION:
        return []
    return [Account(f"{name}@{DEMONSTRATION_DOMAIN}", who) for name, who in WHO]
