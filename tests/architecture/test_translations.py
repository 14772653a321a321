"""The Ukrainian is complete, and compiled from what is written."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.project import files, shown

CATALOGUES = files("opencity_*/locale/*/LC_MESSAGES/*.po", "site/opencity_site/locale/*/LC_MESSAGES/*.po")
LEFT_OUT = {"vendor", "fonts", "icons", "migrations", "fixtures", "__pycache__"}
"""Folders without texts of ours."""


@pytest.fixture(scope="module")
def msgfmt() -> str:
    """gettext's compiler."""
    program = shutil.which("msgfmt")
    assert program, "The tests of translations need gettext: apt-get install gettext"
    return program


def test_there_are_catalogues():
    assert CATALOGUES


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=shown)
def test_catalogue_is_complete(catalogue, msgfmt):
    command = [msgfmt, "--check", "--statistics", "--output-file=/dev/null", catalogue]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    assert "untranslated" not in done.stderr, done.stderr
    assert "fuzzy" not in done.stderr, done.stderr


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=shown)
def test_compiled_catalogue_is_up_to_date(catalogue, msgfmt, tmp_path):
    fresh = tmp_path / "fresh.mo"
    subprocess.run([msgfmt, f"--output-file={fresh}", catalogue], check=True)
    assert fresh.read_bytes() == catalogue.with_suffix(".mo").read_bytes()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=shown)
def test_every_text_of_the_sources_is_in_the_catalogue(catalogue, msgfmt, tmp_path):
    app, copy = catalogue.parents[3], tmp_path / "app"
    shutil.copytree(app, copy, ignore=lambda _folder, names: [name for name in names if name in LEFT_OUT])
    language = catalogue.parents[1].name
    collect = [sys.executable, "-m", "django", "makemessages", "-l", language, "--no-location", "-v0"]
    subprocess.run(collect, cwd=copy, check=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    collected = copy / catalogue.relative_to(app)
    # A text that the catalogue lacks comes in empty, or with a guess by another one's words.
    listed = ["msgattrib", "--no-obsolete"]
    lacking = [
        line
        for what in ("--untranslated", "--only-fuzzy")
        for line in subprocess.run([*listed, what, collected], capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
        if line.startswith("msgid ") and line != 'msgid ""'
    ]
    assert not lacking
