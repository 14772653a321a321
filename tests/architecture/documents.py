"""The pages of the documentation, for the tests that read them."""

import re
import shlex
from pathlib import Path

from tests.architecture.project import ROOT, files

DOCS = files("docs/**/*.md")
PAGES = [*DOCS, ROOT / "README.md", ROOT / "themes" / "README.md"]
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    """The text of a page without its fenced blocks."""
    return FENCED.sub("", path.read_text())


def commands(page: Path) -> list[list[str]]:
    """The words of each command in the shell blocks of a page."""
    found = []
    for _indent, language, block in FENCED.findall(page.read_text()):
        if language != "sh":
            continue
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.strip(), comments=True)
            parts = [[]]
            for word in words:
                if word in {"|", "&&"}:
                    parts.append([])
                elif re.fullmatch(r"[A-Z_]+=\S*", word) and not parts[-1]:
                    continue  # a variable for this one command
                else:
                    parts[-1].append(word)
            found += [part for part in parts if part]
    return found
