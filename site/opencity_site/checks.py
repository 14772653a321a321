"""System checks of the reference site: what production must not start with."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

DEMONSTRATION_DOMAIN = "demo.opencity.example"


@register
def theme_is_there(**_kwargs: Any) -> list[CheckMessage]:
    """Error E002 where OPENCITY_THEME names no folder of themes/: the site would come up in nobody's look."""
    themes = sorted(folder.name for folder in settings.THEMES_DIR.iterdir() if (folder / "templates").is_dir())
    if settings.OPENCITY_THEME in themes:
        return []
    return [
        Error(
            f"OPENCITY_THEME names no theme: {settings.OPENCITY_THEME!r}.",
            hint=f"Themes in {settings.THEMES_DIR}: {', '.join(themes)}.",
            id="opencity_site.E002",
        )
    ]


@register
def no_demonstration_accounts(**_kwargs: Any) -> list[CheckMessage]:
    """Error E001 for each demonstration account outside the demonstration: all the world knows its password.

    Not tagged as a database check, since those run with `migrate` alone: no command of production, the worker's
    included, shall start with such an account. `shell` and `dbshell` run no checks, so that it can be deleted.
    """
    if settings.DEMONSTRATION:
        return []
    try:
        emails = list(
            get_user_model()
            .objects.filter(email__iendswith=f"@{DEMONSTRATION_DOMAIN}")
            .values_list("email", flat=True)[:10]
        )
    except DatabaseError:
        return []  # not migrated yet: there are no accounts at all
    return [
        Error(
            f"The demonstration account {email} exists, and its password is public.",
            hint="Start production on a database of its own, or delete the demonstration accounts.",
            id="opencity_site.E001",
        )
        for email in emails
    ]
