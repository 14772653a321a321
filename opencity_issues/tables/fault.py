"""What is wrong in a file that somebody brought, where, and in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1 as editors and spreadsheets do, 0 is the file as a whole; `column` is "" for a whole line."""

    line: int
    column: str
    words: str
    is_feature: bool = False
    """Whether `line` counts the features of a GeoJSON file, whose lines say nothing."""

    def __str__(self) -> str:
        """In the reader's language, with its place before it."""
        said = {"line": self.line, "column": self.column, "words": self.words}
        if not self.line:
            return _("The file: %(words)s.") % said
        if self.is_feature:
            return _("Feature %(line)d: %(words)s.") % said
        if self.column:
            return _("Line %(line)d, column “%(column)s”: %(words)s.") % said
        return _("Line %(line)d: %(words)s.") % said
