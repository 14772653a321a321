"""Files and functions stay small enough to be read at once, and are named after what they are."""

import ast

from tests.architecture.project import ROOT, files, shown

FILE_LINES = 400
FUNCTION_LINES = 60
SOURCES = ("opencity_*/**/*.py", "site/**/*.py", "site/run")
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "services", "misc", "common"}


def test_no_file_is_longer_than_400_lines():
    long = [
        f"{shown(path)}: {lines}"
        for path in files(*SOURCES)
        if (lines := len(path.read_text().splitlines())) > FILE_LINES
    ]
    assert not long, long


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {lines}"
        for path in files(*SOURCES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long, long


def test_no_module_has_a_name_that_says_nothing():
    assert not [shown(path) for path in files(*SOURCES) if path.stem in NAMES_THAT_SAY_NOTHING]


def test_site_is_no_package():
    """Python's own module `site` has that name."""
    assert not (ROOT / "site" / "__init__.py").exists()


def test_nothing_is_left_to_do():
    marks = ("TO" + "DO", "FIX" + "ME", "raise Not" + "ImplementedError")
    left = [
        f"{shown(path)}:{number}"
        for path in files("opencity_*/**/*.py", "opencity_*/**/*.html", "site/**/*.py", "tests/**/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(mark in line for mark in marks)
    ]
    assert not left, left
