"""The distribution holds all that a host site needs, and nothing of the reference site."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.project import PACKAGES, ROOT

BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", *PACKAGES)


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory) -> set[str]:
    """The names of the files in the built wheel."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    # A copy, since setuptools leaves its work beside what it builds.
    for name in BUILT_FROM:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source)
    command = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "-w", target, source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("wagtail_opencity-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def shipped(path: Path) -> bool:
    """Whether a file of a package belongs into the wheel."""
    return path.is_file() and "__pycache__" not in path.parts


@pytest.mark.parametrize("package", PACKAGES)
def test_each_file_of_the_packages_is_in_the_wheel(wheel_names, package):
    expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*") if shipped(path)}
    assert not expected - wheel_names


@pytest.mark.parametrize("suffix", [".html", ".css", ".js", ".mo"])
def test_templates_static_files_and_translations_are_in_the_wheel(wheel_names, suffix):
    assert [name for name in wheel_names if name.endswith(suffix)]


def test_packages_are_typed(wheel_names):
    assert {f"{package}/py.typed" for package in PACKAGES} <= wheel_names


def test_nothing_of_site_and_tests_is_in_the_wheel(wheel_names):
    assert {name.split("/")[0].split("-")[0] for name in wheel_names} == {*PACKAGES, "wagtail_opencity"}
