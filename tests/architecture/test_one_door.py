"""What the procedure decides about an issue is written in one place only: actions/change_status.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import ROOT, files, shown

DOOR = ROOT / "opencity_issues" / "actions" / "change_status.py"
GUARDED = {"status", "again", "reopening"}
WRITING_CALLS = {"update", "aupdate", "setattr", "bulk_update", "abulk_update"}


def assigned(node: ast.AST) -> Iterator[ast.expr]:
    """The single targets of an assignment, unpacked from tuples."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in targets:
        yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def guarded_words(call: ast.Call) -> set[str]:
    """The guarded fields that a call names, as keywords or as strings."""
    strings = {part.value for part in ast.walk(call) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return GUARDED & ({keyword.arg for keyword in call.keywords if keyword.arg} | strings)


def writes(source: str) -> list[int]:
    """The lines on which a guarded field is written."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = (target for target in assigned(node) if isinstance(target, ast.Attribute))
            if any(target.attr in GUARDED and not is_own(target) for target in targets):
                lines.append(node.lineno)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in WRITING_CALLS and guarded_words(node):
                lines.append(node.lineno)
    return lines


def is_own(target: ast.Attribute) -> bool:
    """Whether an object writes its own attribute, as an exception or a form does in its __init__."""
    return isinstance(target.value, ast.Name) and target.value.id == "self"


def sources() -> list[Path]:
    """Every file of the packages and the site but the door itself."""
    return [path for path in files("opencity_*/**/*.py", "site/**/*.py") if path != DOOR]


def test_no_other_file_writes_a_status():
    assert not [f"{shown(path)}:{line}" for path in sources() for line in writes(path.read_text())]


@pytest.mark.parametrize(
    "line",
    [
        "issue.status = 'closed'",
        "issue.again, issue.number = True, 1",
        "issue.status: str = 'closed'",
        "IssuePage.objects.filter(pk=1).update(status='closed')",
        "queryset.update(**{'reopening': 'archive'})",
        "setattr(issue, 'status', 'closed')",
        "IssuePage.objects.bulk_update(issues, ['status'])",
    ],
)
def test_the_search_finds_each_way_of_writing(line):
    assert writes(line)


@pytest.mark.parametrize("line", ["status = issue.status", "issue.status == 'open'", "issues.filter(status='open')"])
def test_the_search_leaves_reading_alone(line):
    assert not writes(line)
