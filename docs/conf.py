"""How Sphinx makes web pages of this folder: `docs/build`."""

import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

project = "Open City"
author = copyright = "Open City contributors"  # noqa: A001 - Sphinx asks for these names
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["administrators/files"]  # for the system, not for readers
nitpicky = True
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Open City"
html_copy_source = False
html_show_sphinx = False
# Furo brings all its files along and takes the reader's own fonts: the pages ask no other host for anything.
html_theme_options = {"top_of_page_buttons": []}

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?!https?:)[^)#\s]+)(#[^)]*)?\)")


def setup(app: Any) -> None:
    """Sphinx's own door for what a project adds."""
    app.connect("source-read", _unlink_what_is_outside)
    app.connect("html-page-context", _say_the_language)


def _unlink_what_is_outside(_app: Any, page: str, source: list[str]) -> None:
    """Keep only the words of a link to a file of the repository that is no page here: it is not among the pages built."""
    folder = (HERE / page).parent

    def link_or_words(found: re.Match[str]) -> str:
        return found[0] if (folder / found[2]).resolve().is_relative_to(HERE) else found[1]

    source[0] = LINK.sub(link_or_words, source[0])


def _say_the_language(_app: Any, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Say in the page which language it is written in, for screen readers and hyphenation."""
    if page.endswith(".uk"):
        context["language"] = "uk"
