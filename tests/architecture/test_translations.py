"""The Ukrainian is complete, and compiled from what is written."""

import shutil
import subprocess

import pytest

from tests.architecture.project import files, shown

CATALOGUES = files("opencity_*/locale/*/LC_MESSAGES/*.po", "site/opencity_site/locale/*/LC_MESSAGES/*.po")


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
