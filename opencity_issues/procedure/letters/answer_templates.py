"""Templates of answers (4.4): blanks in curly braces that an issue fills in, and no other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDERS = ("number", "title", "executor", "planned_date")
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Filled:
    """`left` are the blanks that stayed in the text: unknown ones, and those that the issue has nothing for."""

    text: str
    left: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """The template with its blanks filled in once: what is filled in is never read as a blank itself."""
    left: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        said = values.get(name, "") if name in PLACEHOLDERS else ""
        if not said:
            left[found.group(0)] = None
        return said or found.group(0)

    return Filled(_BLANK.sub(value, text), tuple(left))


def unknown(text: str) -> list[str]:
    """The blanks of a template that no issue fills in, each once."""
    return list(dict.fromkeys(one.group(0) for one in _BLANK.finditer(text) if one.group(1) not in PLACEHOLDERS))
