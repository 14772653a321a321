"""The law is data: procedure/ knows no database, no web and no files."""

import ast

from tests.architecture.project import files, shown

ALLOWED = {
    "django.utils.translation",
    "django.utils.functional",
    "holidays",
    "opencity_issues.enums",
    "opencity_issues.procedure",
}
STANDARD = {
    "__future__",
    "bisect",
    "calendar",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
}


def imported(source: str) -> set[str]:
    """The names of the modules that a source imports, inline ones included."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_procedure_imports_neither_database_nor_web_nor_files():
    found = {
        shown(path): sorted(foreign)
        for path in files("opencity_issues/procedure/*.py")
        if (
            foreign := {
                name
                for name in imported(path.read_text()) - STANDARD
                if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)
            }
        )
    }
    assert not found, found
