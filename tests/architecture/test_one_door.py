"""What the procedure decides about an issue is written in one place only: actions/change_status.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import ROOT, files, shown

DOOR = ROOT / "opencity_issues" / "actions" / "change_status.py"
GUARDED = {"status", "again", "reopening"}
MAY_BE_ISSUES = {"IssuePage", "IssueMixin", "Page", "Any", "object"}
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


def other_things(tree: ast.AST) -> dict[ast.AST, set[str]]:
    """For each function, the parameters whose annotation says that they are no issue, as a line of the timeline."""
    return {
        function: {
            argument.arg
            for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
            if isinstance(argument.annotation, ast.Name) and argument.annotation.id not in MAY_BE_ISSUES
        }
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def writes(source: str) -> list[int]:
    """The lines on which a guarded field of an issue is written."""
    tree = ast.parse(source)
    harmless = {
        id(node): names for function, names in other_things(tree).items() for node in ast.walk(function) if names
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if writes_attribute(node, harmless.get(id(node), set())) or writes_by_call(node)
    ]


def writes_attribute(node: ast.AST, harmless: set[str]) -> bool:
    """Whether an assignment goes to a guarded attribute; of its own an exception or a form may write what it likes."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return False
    return any(
        isinstance(target, ast.Attribute)
        and target.attr in GUARDED
        and not (isinstance(target.value, ast.Name) and target.value.id in {"self", *harmless})
        for target in assigned(node)
    )


def writes_by_call(node: ast.AST) -> bool:
    """Whether a call hands a guarded field to something that writes it."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name in WRITING_CALLS and bool(guarded_words(node))


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
        "def close(issue: IssuePage) -> None:\n    issue.status = 'closed'",
        "def close(issue) -> None:\n    issue.status = 'closed'",
    ],
)
def test_the_search_finds_each_way_of_writing(line):
    assert writes(line)


@pytest.mark.parametrize(
    "line",
    [
        "status = issue.status",
        "issue.status == 'open'",
        "issues.filter(status='open')",
        "def show(entry: Entry) -> None:\n    entry.status = 'closed'",
    ],
)
def test_the_search_leaves_reading_alone(line):
    assert not writes(line)
