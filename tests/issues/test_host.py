"""README's steps in Wagtail sites that are not ours, on the oldest and the newest Wagtail that this interpreter allows.

`tests/run --matrix` does so on every supported combination; see tests/host/matrix.py.
"""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.architecture.project import ROOT
from tests.host import make_host, matrix

OLDEST = matrix.COMBINATIONS[0]


def found_fine(done: subprocess.CompletedProcess) -> None:
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    assert "No changes detected" in done.stdout
    assert "Everything agrees." in done.stdout
    assert done.stdout.strip().endswith("fine")


def test_readmes_steps_give_a_bare_project_map_form_cards_and_cabinets_in_its_own_base_template():
    found_fine(matrix.visit(Path(sys.executable), "readme", ROOT))


def test_a_host_with_models_prefix_languages_and_two_cities_of_its_own_works_on_the_oldest_wagtail():
    """Laid over this environment, so that little is installed; the rest of it is the newest that it may stand on."""
    assert version("django").startswith(f"{OLDEST.django}."), (
        "the lock has left the Django that the oldest Wagtail needs"
    )
    assert (matrix.overlay() / "wagtail").exists(), "tests/host/matrix.py --lay-over fetches it, as tests/run does"
    found_fine(matrix.visit(Path(sys.executable), "own", matrix.overlay(), ROOT))


def test_readme_has_a_block_for_each_step():
    blocks = make_host.steps()
    assert [len(blocks[language]) for language in ("python", "django")] == [3, 1]
    assert [line.split()[:2] for line in blocks["sh"][0].splitlines()] == [["python", "manage.py"]] * 2


def test_the_matrix_spans_what_is_supported():
    told = (ROOT / "README.md").read_text()
    assert all(one.wagtail in told and one.django in told and one.python in told for one in matrix.COMBINATIONS)
    pyproject = (ROOT / "pyproject.toml").read_text()
    for python in {one.python for one in matrix.COMBINATIONS}:
        assert f'"Programming Language :: Python :: {python}"' in pyproject
    assert f"wagtail>={OLDEST.wagtail}," in pyproject
    assert f"Django>={OLDEST.django}," in pyproject
