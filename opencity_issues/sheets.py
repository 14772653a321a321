"""The style sheets of every page, and a storage that serves them as one file where static files are collected.

Fifteen sheets are fifteen questions before a telephone can show anything. A host site gets the one by naming a storage
of this kind; with any other the pages link the sheets one by one.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

FOLDER = "opencity_issues/css/"
SHEETS = tuple(
    f"{FOLDER}{name}.css"
    for name in (
        "tokens",
        "base",
        "layout",
        "shell",
        "device",
        "switches",
        "controls",
        "components",
        "forms",
        "files",
        "lists",
        "card",
        "map",
        "map-page",
        "desk",
    )
)
"""In this order; a theme's own come after them."""

# Beside the sheets, so that their relative addresses of fonts and pictures stay right.
TOGETHER = f"{FOLDER}together.css"


class SheetsTogether:
    """Mixed into a storage with hashed names: `collectstatic` writes all SHEETS into TOGETHER as well."""

    sheets_together = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the common sheet before the names get their hashes."""
        if not dry_run and all(sheet in paths for sheet in SHEETS):
            text = "".join(_read(*paths[sheet]) for sheet in SHEETS)
            storage: Any = self
            storage.delete(TOGETHER)
            storage.save(TOGETHER, ContentFile(text.encode()))
            paths[TOGETHER] = (self, TOGETHER)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[misc] # the storage mixed into


def reduced(sheet: str) -> str:
    """A sheet without comments, indentation and blanks round its signs."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", sheet)).strip() + "\n"


def _read(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        return reduced(file.read().decode())
