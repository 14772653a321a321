"""The linters, the type checker and the import contracts hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

PROGRAMS = Path(sys.executable).parent
COMMANDS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "imports": ["lint-imports", "--no-cache"],
    "types": ["mypy", "--no-error-summary"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_tool_is_content(name, tmp_path):
    command, *arguments = COMMANDS[name]
    # mypy's plugin loads the settings, and they make the data folder.
    environment = {**os.environ, "OPENCITY_DATA": str(tmp_path), "MYPY_CACHE_DIR": str(tmp_path / "mypy")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [PROGRAMS / command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
